"""Partial ISO dates (`2012`, `2012-02`, `2012-02-25`) as the intervals of days they name."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from corpus.errors import InputError

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DATE_PART = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


def interval(partial: str) -> Interval:
    """The days that a partial date names: `2012-02` is February 1 to 29, 2012.

    Raises InputError where `partial` is not a date of one of the three forms.
    """
    match = _PARTIAL.fullmatch(partial)
    if match is None:
        raise InputError(_not_a_date(partial))
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if month is None:
            return Interval(date(year or 0, 1, 1), date(year or 0, 12, 31))
        if day is None:
            last_day = calendar.monthrange(year or 0, month)[1]
            return Interval(date(year or 0, month, 1), date(year or 0, month, last_day))
        return Interval(date(year or 0, month, day), date(year or 0, month, day))
    except (ValueError, calendar.IllegalMonthError):
        raise InputError(_not_a_date(partial)) from None


def date_part(written: str) -> str:
    """The date of a timestamp such as `2023-09-26T17:01:22+00:00`; any other text as it is."""
    match = _DATE_PART.match(written)
    return match.group(1) if match else written


def _not_a_date(found: str) -> str:
    return f"{found[:60]!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"
