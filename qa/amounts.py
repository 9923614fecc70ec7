"""Numbers with their units in English text: "about 500 people", "three years", "54 percent"."""

import re
from dataclasses import dataclass
from typing import Literal

from corpus.article import Span
from qa.dates.calendar import MONTH, WEEKDAY
from qa.stopwords import ENGLISH

Bound = Literal["exact", "about", "least", "most"]
_BEFORE = 80  # characters that tell whether a number is an amount of the thing itself
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
_LETTERS = {"k": 1_000, "m": 1_000_000, "b": 10**9, "bn": 10**9}
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25, "decade": 3_652.5}
_NUMBER = re.compile(
    r"(?P<bound>\b(?:about|around|some|nearly|almost|roughly|approximately|more than|over|at least|"
    r"no fewer than|not fewer than|as (?:much|many) as|up to|at most|fewer than|less than|under)\s+)?"
    r"(?P<money>[$€£¥]\s?)?"
    r"(?P<number>(?<![\w.,-])(?!\d[\d,]*(?:st|nd|rd|th)\b)\d[\d,]*(?:\.\d+)?|"
    rf"\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    rf"(?:-(?:{'|'.join(_ONES.split()[:9])}))?\b)"
    rf"(?P<scale>[\s-](?:{'|'.join(_SCALES)})\b|(?<=\d)(?:bn|(?-i:[KMB])|(?(money)[kmb]))\b)?"
    r"(?P<beyond>\+|\sor (?:more|greater|higher|above|fewer|less)\b)?"
    r"(?P<unit>\s?%|[\s-][^\W\d_]+)?(?P<beyond_it>\sor (?:more|greater|higher|above|fewer|less)\b)?"
    r"(?P<further>(?:\s[^\W\d_]+){0,2})",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"(?:\s?%|\s[^\W\d_]+){0,2}?\s(?:per|an?|each|every)\s(?P<of>[^\W\d_]+)|"
    r"[^,;:.!?]*?\s(?:per (?P<by>[^\W\d_]+)|(?:an?|each|every) (?P<time>day|week|month|year|hour)"
    r"(?! (?:ago|earlier|later|before|after))|(?P<often>daily|weekly|monthly|yearly|annually))\b",
    re.IGNORECASE,
)
# "within 2 mph of the highest", "starts at $20", "up from 4 percent", "the third leader in three years":
# no amounts of the thing itself
_BESIDE_IT = re.compile(
    r"\b(?:within|(?:start|begin)(?:s|ning|ed)? (?:at|with|from)|began (?:at|with)|(?:up|down|rose|fell) "
    r"from|compared (?:to|with)|than|"
    r"(?:first|second|third|\w+th|last|only|most|least|\w+est)\b[^.!?]{1,60} in(?: the last)?)\s\Z",
    re.IGNORECASE,
)
# A name inside a sentence, where no preposition of place leads to it
_NAMED = re.compile(
    rf"(?<=[\w,;:] )(?<!\b[Ii]n )(?<!\bat )(?<!\bnear )(?<!\bof )(?<!\bfrom )(?!{WEEKDAY})[A-Z][\w’'-]*\s\Z"
)
_OFTEN_BEFORE = re.compile(
    r"\b(?P<often>daily|weekly|monthly|quarterly|yearly|annual|annually)\b[^,;:.!?]*\Z", re.IGNORECASE
)
_OFTEN = {
    "quarterly": "quarter",
    "annual": "year",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
}
_MONTH = re.compile(MONTH, re.IGNORECASE)
_BOUNDS: dict[str, Bound] = {
    "more than": "least", "over": "least", "at least": "least", "no fewer than": "least",
    "not fewer than": "least", "up to": "most", "as much as": "most", "as many as": "most", "at most": "most",
    "fewer than": "most", "less than": "most",
    "under": "most",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, what it counts, and where it stands. Units of time are in days.

    `units` are the words after the number, in the singular, of which one is the unit; empty where
    none follows. `rate` is what it is counted by, as in "$4 a gallon"; `step` what its last written
    digit counts, so that "1.3 million" has one of 100,000. `is_compound` is an amount like "12-mile".
    """

    number: float
    bound: Bound
    units: tuple[str, ...]
    span: Span
    rate: str | None
    step: float
    is_compound: bool

    def differs_from(self, other: "Amount") -> bool:
        """Whether the two numbers can't be of the same thing counted alike."""
        low, high = sorted((self, other), key=lambda each: each.number)
        if low.bound == "least" or high.bound == "most":
            return False
        if high.number - low.number <= max(low.step, high.step) / 2:  # one may be the other, rounded
            return False
        if "about" in (low.bound, high.bound):
            return high.number - low.number > ABOUT * high.number
        return True


def amount_in(text: str, within: Span) -> Amount | None:
    """The first number that begins within a span and is no part of a date; its unit may follow the span."""
    for match in _NUMBER.finditer(text, max(0, within.start - 15), within.end + 40):
        if not within.start <= match.start("number") < within.end:
            continue
        if _is_dated(text, match) or _is_in_name(text, match):
            continue
        if _BESIDE_IT.search(text, max(0, match.start() - _BEFORE), match.start()):
            return None
        written = match["number"].casefold().replace(",", "")
        number = sum(_WORDS[part] for part in written.split("-")) if written[0].isalpha() else float(written)
        step = 10.0 ** -len(written.partition(".")[2])
        units, factor = _units(match), _factor(match)
        if units and units[0] in _DAYS:
            factor, units = factor * _DAYS[units[0]], ("day",)
        if written[0].isalpha() and not units:
            return None  # "three of them": of what, the words don't say
        bound = " ".join((match["bound"] or "").casefold().split())
        how = _BOUNDS.get(bound, "about" if bound else "exact")
        if beyond := match["beyond"] or match["beyond_it"]:
            how = "most" if beyond.split()[-1].casefold() in ("fewer", "less") else "least"
        counted = match["unit"] and units and not match["money"]
        end = match.end("unit" if counted else "scale" if match["scale"] else "number")
        start = match.start("money" if match["money"] else "number")
        after = match.end("scale" if match["scale"] else "number")
        return Amount(
            number * factor,
            how,
            units,
            Span(start, end),
            _rate(text, start, after),
            step * factor,
            _is_compound(match),
        )
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
    words = [unit] if _is_compound(match) else [unit, *match["further"].split()]
    kept: list[str] = []
    for word in words:
        if not word or word.casefold() in ENGLISH:
            break
        kept.append(singular(word))
    return tuple(kept)


def _is_compound(match: re.Match[str]) -> bool:
    return (match["unit"] or "").startswith("-")


def _factor(match: re.Match[str]) -> float:
    """What the number is to be multiplied by: "5 million", "$5M"; a small "5m" of no money is 5 metres."""
    scale = (match["scale"] or "").strip(" -\n")
    if scale.casefold() in _SCALES:
        return _SCALES[scale.casefold()]
    return _LETTERS.get(scale.casefold(), 1)


def _rate(text: str, start: int, at: int) -> str | None:
    """What a number between two places is counted by: "monthly payments of $300", "$4 a gallon"."""
    before = _OFTEN_BEFORE.search(text, max(0, start - _BEFORE), start)
    if before is not None:
        return _OFTEN[before["often"].casefold()]
    found = _RATE.match(text, at)
    if found is None:
        return None
    of = found["of"] or found["by"] or found["time"]
    return singular(of) if of else _OFTEN[found["often"].casefold()]


def _is_in_name(text: str, match: re.Match[str]) -> bool:
    """Whether the number ends a name: "Model 3", "Apollo 11"; not "gave Vance 18 days"."""
    if match["bound"] or match["money"] or match["scale"] or not match["number"].isdigit():
        return False
    if set(_units(match)) & {*_DAYS, "percent"}:
        return False
    before = _NAMED.search(text, max(0, match.start() - 30), match.start())
    return before is not None and before[0].strip().casefold() not in ENGLISH and not _MONTH.match(before[0])


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
