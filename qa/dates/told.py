"""The date that an article gives at some place, and the days that a sentence tells of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.article import Article, Span
from corpus.dates import Interval, interval
from qa.dates.calendar import MONTHS
from qa.dates.expressions import Expression, expressions
from qa.dates.resolving import days_of

_BEFORE, _AFTER = 12, 24  # characters around a span that may belong to a date which begins in it
_BOUNDS = re.compile(r"\b(?:since|until|till|before|after|by)\s(?:(?:early|late|mid)[\s-])?\Z", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:than|from|compared)\b")
_OWNS = re.compile(r"['’]s\b")
_WEEK = 7  # days; "Monday", told of abroad, may be the day after an article's


@dataclass(frozen=True, slots=True)
class ToldDate:
    """A date at a place of an article: what its words name, and the days it is, as far as can be told.

    `year`, `month` and `day` are None where the words leave them out: "last week" names none.
    `is_weekday` where they are "Monday", which may be any.
    """

    span: Span
    year: int | None
    month: int | None
    day: int | None
    days: Interval | None
    is_weekday: bool = False

    def is_same(self, other: "ToldDate") -> bool:
        """Whether both are the same day, month or year."""
        if self.days is not None and other.days is not None:
            return self.days == other.days
        return self.named == other.named and any(self.named)

    def differs_from(self, other: "ToldDate") -> bool:
        """Whether the two can't be the same day, month or year."""
        if self.days is not None and other.days is not None:
            is_certain = any(self.named) or any(other.named)
            least = 0 if is_certain else _WEEK
            readings = [(one, other.days) for one in self.readings()]
            readings += [(self.days, two) for two in other.readings()]
            return all(_lie_apart(one, two, least) for one, two in readings)
        pairs = zip(self.named, other.named, strict=True)
        return any(one is not None and two is not None and one != two for one, two in pairs)

    def readings(self) -> list[Interval]:
        """The days that its words may name: those of `days`, and those before and after."""
        if self.days is None:
            return []
        if self.is_weekday:
            return [_moved(self.days, days_on=days) for days in (-_WEEK, 0, _WEEK)]
        if self.month is not None and self.year is None:
            return [_moved(self.days, years=years) for years in (-1, 0, 1)]
        return [self.days]

    @property
    def named(self) -> tuple[int | None, int | None, int | None]:
        """Year, month and day."""
        return self.year, self.month, self.day


def date_at(article: Article, within: Span) -> ToldDate | None:
    """The first date that begins within a span of an article; None where none does or none can be told."""
    return next((each for each in _dates(article, within) if each.days or any(each.named)), None)


def happened(article: Article, sentence: Span, place: Span) -> Interval | None:
    """The days of which a place in a sentence tells: those mentioned nearest to it, else the article's.

    Days that only bound others ("since May"), those of another's ("last year's") and those that it is
    compared with ("more than in May") are not told of.
    """
    text = article.text
    mentioned = [
        (_gap(each.span, place), each.days)
        for each in _dates(article, sentence)
        if each.days
        and not is_bound(article, each.span)
        and not _OWNS.match(text, each.span.end)
        and not _COMPARED.search(text, place.end, each.span.start)
    ]
    return min(mentioned, key=lambda each: each[0])[1] if mentioned else _published(article)


def is_bound(article: Article, span: Span) -> bool:
    """Whether a date at a span only bounds what is told of: "since 2017", "until May"."""
    return _BOUNDS.search(article.text, max(0, span.start - 15), span.start) is not None


def _gap(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end)


def days_apart(one: Interval, two: Interval) -> int:
    """The days between two intervals; 0 where they touch."""
    gap = max(one.first - two.last, two.first - one.last)
    return max(gap, timedelta(0)).days


def _lie_apart(one: Interval, two: Interval, least: int) -> bool:
    """Whether the two have no day in common, and more than so many between them."""
    return (one.first > two.last or two.first > one.last) and days_apart(one, two) > least


def _dates(article: Article, within: Span) -> Iterator[ToldDate]:
    start = max(0, within.start - _BEFORE)
    for found in expressions(article.text[start : within.end + _AFTER]):
        span = Span(start + found.start, start + found.end)
        if within.start <= span.start < within.end:
            days = days_of(found, _published(article))
            yield ToldDate(span, *_named(found), days, found.form == "weekday")


def _moved(days: Interval, *, days_on: int = 0, years: int = 0) -> Interval:
    """The interval so much later; February 29 becomes the 28th."""
    first, last = (_in_year(each, each.year + years) for each in (days.first, days.last))
    return Interval(first + timedelta(days_on), last + timedelta(days_on))


def _in_year(day: date, year: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if is_leap_day else day.day)


def _named(found: Expression) -> tuple[int | None, int | None, int | None]:
    """Year, month and day in an expression's words, which are plain English or an ISO date."""
    if found.form not in ("whole", "month", "day"):
        return None, None, None
    words = found.words.split()
    if len(words) == 1 and words[0].count("-") == 2:
        year, month, day = map(int, words[0].split("-"))
        return year, month, day
    numbers = [int(word) for word in words if word.isdigit()]
    return (
        next((number for number in numbers if number > 31), None),
        next((MONTHS.index(word) + 1 for word in words if word in MONTHS), None),
        next((number for number in numbers if number <= 31), None),
    )


def _published(article: Article) -> Interval | None:
    return interval(article.published) if article.published else None
