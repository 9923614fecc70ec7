"""Days, months and years that an English text names, as partial dates."""

import re
from dataclasses import dataclass
from datetime import timedelta

from corpus.article import Article, Span
from corpus.dates import Interval, interval
from corpus.errors import InputError

_MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(),  # noqa: SIM905
        1,
    )
}
_NAMES = "|".join(name.title() for name in _MONTHS)
_DATE = re.compile(
    rf"\b(?:(?P<month>{_NAMES})\s+(?P<day>\d{{1,2}})\b(?:,?\s+(?P<year>[12]\d{{3}})\b)?|"
    rf"(?P<day2>\d{{1,2}})\s+(?P<month2>{_NAMES})\b(?:,?\s+(?P<year2>[12]\d{{3}})\b)?|"
    rf"(?P<month3>{_NAMES})(?:\s+of)?\s+(?P<year3>[12]\d{{3}})\b|"
    rf"(?:[Ii]n|[Ss]ince|[Bb]y)\s+(?P<month4>{_NAMES})\b(?!\s+(?:of\s+)?\d)|"
    r"(?<![\w,.$€£-])(?P<year5>1[5-9]\d\d|20\d\d)\b(?![,.]?\d|\s+[a-z]+s\b))"
)


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date as a text names it: what it leaves out is None."""

    year: int | None
    month: int | None
    day: int | None
    span: Span

    def differs_from(self, other: "NamedDate") -> bool:
        """Whether the two can't be the same day, month or year, by what both name."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(one is not None and two is not None and one != two for one, two in pairs)

    @property
    def known(self) -> tuple[str, ...]:
        """Which of year, month and day it names."""
        return tuple(name for name in ("year", "month", "day") if getattr(self, name) is not None)


def date_in(text: str, within: Span) -> NamedDate | None:
    """The first date that begins within a span."""
    found = dates_in(text, max(0, within.start - 6), min(len(text), within.end + 20))
    return next((each for each in found if within.start <= each.span.start < within.end), None)


def dates_in(text: str, start: int = 0, end: int | None = None) -> list[NamedDate]:
    """The dates that a text names, in order."""
    return [_named(match) for match in _DATE.finditer(text, start, len(text) if end is None else end)]


def _named(match: re.Match[str]) -> NamedDate:
    found = {name: value for name, value in match.groupdict().items() if value}
    parts = {name.rstrip("2345"): value for name, value in found.items()}
    month = parts.get("month")
    return NamedDate(
        int(parts["year"]) if "year" in parts else None,
        _MONTHS[month.lower()] if month else None,
        int(parts["day"]) if "day" in parts else None,
        Span(min(match.start(name) for name in found), match.end()),
    )


def happened(article: Article, sentence: Span) -> Interval | None:
    """The days of which a sentence tells: those it names, else those of its article; None if unknown.

    A date without a year is the last of its kind before the article's end of publication.
    """
    named = date_in(article.text, sentence)
    published = _interval(article.published) if article.published else None
    if named is None:
        return published
    if named.year is not None:
        return _of(named.year, named.month, named.day)
    if published is None:
        return None
    this = _of(published.last.year, named.month, named.day)
    late = this is not None and this.first > published.last
    return _of(published.last.year - 1, named.month, named.day) if late else this


def days_apart(one: Interval, two: Interval) -> int:
    """The days between two intervals; 0 where they touch."""
    gap = max(one.first - two.last, two.first - one.last)
    return max(gap, timedelta(0)).days


def _of(year: int, month: int | None, day: int | None) -> Interval | None:
    written = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")
    return _interval(written)


def _interval(written: str) -> Interval | None:
    try:
        return interval(written)
    except InputError:  # "February 30"
        return None
