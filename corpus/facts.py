"""Facts of an article, read from a metadata line, front matter or a JSONL record."""

from collections.abc import Mapping
from dataclasses import replace

from corpus.article import Facts
from corpus.dates import date_part, interval
from corpus.errors import InputError

MAX_FACT = 2_000  # characters; a longer id, title or name is a mistake in the file


def read_facts(record: Mapping[str, object]) -> Facts:
    """The facts in a record; `_id`, `date` and `authors` are BEIR's names for id, published, author.

    Raises InputError, naming the field, where one is not text or `published` is not a date.
    """
    published = _text(record, "published")
    if published is None:
        published = _text(record, "date")
    if published is not None:
        published = date_part(published)
        interval(published)
    return Facts(
        id=_text(record, "_id") or _text(record, "id"),
        title=_text(record, "title"),
        source=_text(record, "source"),
        author=_text(record, "author") or _names(record, "authors"),
        published=published,
        url=_text(record, "url"),
        language=_text(record, "language"),
    )


def first_known(best: Facts, other: Facts) -> Facts:
    """`best`, with what it doesn't know taken from `other`."""
    unknown = {
        name: getattr(other, name) for name in Facts.__dataclass_fields__ if getattr(best, name) is None
    }
    return replace(best, **unknown)


def check_unicode(text: str, what: str) -> None:
    """Raises InputError where `text` holds a lone surrogate or a NUL, which no file can carry."""
    if "\0" in text:
        raise InputError(f"{what} holds a NUL character; remove it")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"{what} holds a lone surrogate at character {error.start}; write whole characters"
        ) from None


def _text(record: Mapping[str, object], field: str) -> str | None:
    value = record.get(field)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise InputError(f"{field!r} is {type(value).__name__}, expected text")
    value = value.strip()
    if len(value) > MAX_FACT:
        raise InputError(f"{field!r} has {len(value)} characters, at most {MAX_FACT} are taken")
    check_unicode(value, repr(field))
    return value or None


def _names(record: Mapping[str, object], field: str) -> str | None:
    value = record.get(field)
    if isinstance(value, list):
        names = [_text({field: name}, field) for name in value]
        return ", ".join(name for name in names if name) or None
    return _text(record, field)
