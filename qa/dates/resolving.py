"""From a mention of a date to the days it names, counted from the day of the text; by dateparser."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.dates import Interval, interval
from corpus.errors import InputError
from qa.dates.expressions import Expression, expressions

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

_MONTH = 31  # days
_YET_TO_COME = 2  # what a day to come weighs against one gone by: news tells what has been
_ANY_DAY = date(2000, 1, 1)  # words that name a day whole need none to count from


@dataclass(frozen=True, slots=True)
class Mention:
    """A date mentioned at offsets of a text, as the days it names."""

    start: int
    end: int
    days: Interval


def mentions(text: str, told: Interval | None) -> Iterator[Mention]:
    """The dates that a text mentions, in order, as far as they can be told.

    `told` are the days on which it was published, or asked; without them, or where they are less
    exact than the mention, "last week" and "January 28" say nothing and are left out.
    """
    for expression in expressions(text):
        days = days_of(expression, told)
        if days is not None:
            yield Mention(expression.start, expression.end, days)


def days_of(expression: Expression, told: Interval | None) -> Interval | None:
    """The days an expression names; None where that can't be told. `told` is as `mentions` has it."""
    words = expression.words
    match expression.form:
        case "whole" if words[:4].isdigit() and (len(words) == 4 or words[4] == "-"):
            return _written(words)
        case "whole":
            return _parsed(words)
        case "month" if words[-1].isdigit():
            return _parsed(words)
        case "day" | "month":
            return None if told is None or _length(told) > _MONTH else _nearest(words, told.last)
    unit = "day" if expression.form in ("weekday", "today") else words.split()[-1 - words.endswith(" ago")]
    if told is None or _length(told) > {"year": 366, "month": _MONTH}.get(unit, 1):
        return None
    return _parsed(words, told.last)


def _written(words: str) -> Interval | None:
    try:
        return interval(words)
    except InputError:  # there is no such day
        return None


def _nearest(words: str, told: date) -> Interval | None:
    """The day or month of the year in which it is nearest to the day of telling."""
    found = [_parsed(f"{words} {told.year + step}") for step in (-1, 0, 1)]
    return min((days for days in found if days is not None), key=lambda days: _far(days, told), default=None)


def _far(days: Interval, told: date) -> int:
    if days.first > told:
        return _YET_TO_COME * (days.first - told).days
    return max(0, (told - days.last).days)


@lru_cache(maxsize=100_000)
def _parsed(words: str, told: date | None = None) -> Interval | None:
    """The days that dateparser takes the words for: a day, a week from Monday, a month or a year."""
    if told is not None and words == told.strftime("%A"):  # dateparser takes the one a week before
        return Interval(told, told)
    found = _parser(told or _ANY_DAY).get_date_data(words)
    if found.date_obj is None:
        return None
    day = found.date_obj.date()
    if found.period == "week":
        monday = day - timedelta(days=day.weekday())
        return Interval(monday, monday + timedelta(days=6))
    return interval(day.isoformat()[: {"month": 7, "year": 4}.get(found.period, 10)])


@lru_cache(maxsize=64)
def _parser(told: date) -> "DateDataParser":
    from dateparser.date import DateDataParser  # noqa: PLC0415  (most questions mention no date)

    base = datetime.combine(told, datetime.min.time())
    return DateDataParser(languages=["en"], settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"})


def _length(days: Interval) -> int:
    return (days.last - days.first).days + 1
