"""Dates as other formats write them, to the day; what is no date is unknown, never guessed."""

import re
from email.utils import parsedate_to_datetime

from corpus.dates import interval
from corpus.errors import InputError

_ISO = re.compile(r"\s*(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?=\Z|[T\s])", re.ASCII)
_PDF = re.compile(r"\s*(?:D:)?(\d{4})(\d{2})?(\d{2})?", re.ASCII)


def iso_day(written: object) -> str | None:
    """The date part of an ISO 8601 or RFC 5322 time; None where it is neither."""
    if not isinstance(written, str):
        return None
    match = _ISO.match(written)
    if match:
        return _known("-".join(part for part in match.groups() if part))
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (ValueError, IndexError, TypeError):
        return None


def pdf_day(written: object) -> str | None:
    """The date part of a PDF's time, as in `D:20230409120000+06'00'`."""
    match = _PDF.match(str(written or ""))
    return _known("-".join(part for part in match.groups() if part)) if match else None


def _known(partial: str) -> str | None:
    try:
        interval(partial)
    except InputError:
        return None
    return partial
