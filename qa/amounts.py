"""Numbers with their units in English text: "about 500 people", "three years", "54 percent"."""

import re
from dataclasses import dataclass
from typing import Literal

from corpus.article import Span
from qa.stopwords import ENGLISH

Bound = Literal["exact", "about", "least", "most"]
ABOUT = 0.1  # of a rounded number: others so near to it may mean the same

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_WORDS = {word: number for number, word in enumerate(_ONES.split(), 1)}
_WORDS |= {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)  # noqa: SIM905
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9, "trillion": 10**12}
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25, "decade": 3_652.5}
_NUMBER = re.compile(
    r"(?P<bound>\b(?:about|around|some|nearly|almost|roughly|approximately|more than|over|at least|"
    r"no fewer than|not fewer than|up to|at most|fewer than|less than|under)\s+)?"
    r"(?P<money>[$€£¥]\s?)?"
    rf"(?P<number>(?<![\w.,-])\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    rf"(?:-(?:{'|'.join(_ONES.split()[:9])}))?\b)"
    rf"(?P<scale>[\s-](?:{'|'.join(_SCALES)}))?"
    r"(?P<unit>\s?%|[\s-][^\W\d_]+)?(?P<further>\s[^\W\d_]+)?",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"(?i)january|february|march|april|may|june|july|august|september|october|november|december"
)
_BOUNDS: dict[str, Bound] = {
    "more than": "least", "over": "least", "at least": "least", "no fewer than": "least",
    "not fewer than": "least", "up to": "most", "at most": "most", "fewer than": "most", "less than": "most",
    "under": "most",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, what it counts, and where it stands. Units of time are in days.

    `units` are the words after the number, in the singular, of which one is the unit; empty where
    none follows.
    """

    number: float
    bound: Bound
    units: tuple[str, ...]
    span: Span

    def differs_from(self, other: "Amount") -> bool:
        """Whether the two numbers can't be of the same thing counted alike."""
        low, high = sorted((self, other), key=lambda each: each.number)
        if low.number == high.number or low.bound == "least" or high.bound == "most":
            return False
        if "about" in (low.bound, high.bound):
            return high.number - low.number > ABOUT * high.number
        return True


def amount_in(text: str, within: Span) -> Amount | None:
    """The first number that begins within a span and is no part of a date; its unit may follow the span."""
    for match in _NUMBER.finditer(text, max(0, within.start - 15), within.end + 40):
        if not within.start <= match.start("number") < within.end or _is_dated(text, match):
            continue
        written = match["number"].casefold().replace(",", "")
        number = sum(_WORDS[part] for part in written.split("-")) if written[0].isalpha() else float(written)
        if match["scale"]:
            number *= _SCALES[match["scale"].strip(" -").casefold()]
        units = _units(match)
        if units and units[0] in _DAYS:
            number, units = number * _DAYS[units[0]], ("day",)
        if written[0].isalpha() and not units:
            return None  # "three of them": of what, the words don't say
        bound = " ".join((match["bound"] or "").casefold().split())
        how = _BOUNDS.get(bound, "about" if bound else "exact")
        counted = match["unit"] and units and not match["money"]
        end = match.end("unit" if counted else "scale" if match["scale"] else "number")
        start = match.start("money" if match["money"] else "number")
        return Amount(float(number), how, units, Span(start, end))
    return None


def singular(word: str) -> str:
    """The word without the ending of a plural, as far as spelling tells."""
    word = word.casefold()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _units(match: re.Match[str]) -> tuple[str, ...]:
    if match["money"]:
        return (match["money"].strip(),)
    unit = (match["unit"] or "").strip(" -\n\u00a0")
    if unit in ("%", "percent", "per"):
        return ("percent",)
    words = [unit, (match["further"] or "").strip()]
    kept: list[str] = []
    for word in words:
        if not word or word.casefold() in ENGLISH:
            break
        kept.append(singular(word))
    return tuple(kept)


def _is_dated(text: str, match: re.Match[str]) -> bool:
    """Whether the number is the day or year of a date."""
    before = text[max(0, match.start("number") - 12) : match.start("number")].split()[-1:]
    unit = (match["unit"] or "").strip()
    year = re.fullmatch(r"1[5-9]\d\d|20\d\d", match["number"])
    return bool(
        (before and _MONTH.fullmatch(before[0]))
        or _MONTH.fullmatch(unit)
        or (year and (not unit or unit.casefold() in ENGLISH))
    )
