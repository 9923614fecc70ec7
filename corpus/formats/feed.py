"""RSS and Atom feeds, by feedparser: an article an entry."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import feedparser

from corpus.article import Facts
from corpus.errors import InputError
from corpus.formats.markup import cleaned, text_of_fragment
from corpus.formats.said_dates import iso_day

_MOST = 10_000  # entries


def read(raw: bytes) -> Iterator[tuple[Facts, str] | InputError]:
    """Each entry that carries text: its content, else its summary; title, author and day as it says.

    Raises InputError where it is no feed.
    """
    try:
        feed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        raise InputError(f"it is no feed that can be read ({str(error)[:100]})") from None
    if not feed.get("version"):
        raise InputError(f"it is no RSS or Atom feed ({feed.get('bozo_exception', 'no such root')})")
    if not feed.entries:
        raise InputError("the feed has no entries")
    if len(feed.entries) > _MOST:
        raise InputError(f"the feed has {len(feed.entries):,} entries, at most {_MOST:,} are read")
    for entry in feed.entries:
        text = _text(entry)
        yield (_facts(entry, feed.feed), text) if text else InputError("the entry carries no text")


def _text(entry: Mapping[str, Any]) -> str:
    written = [part.get("value") or "" for part in entry.get("content", ())] or [entry.get("summary") or ""]
    return "\n\n".join(filter(None, map(text_of_fragment, written)))


def _facts(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> Facts:
    language = next((part.get("language") for part in entry.get("content", ()) if part.get("language")), None)
    authors = [_name(each.get("name")) for each in entry.get("authors", ())] or [_name(entry.get("author"))]
    return Facts(
        id=_plain(entry.get("id")) or _plain(entry.get("link")),
        title=_plain(entry.get("title")),
        source=_plain(feed.get("title")),
        author=", ".join(filter(None, authors)) or None,
        published=iso_day(entry.get("published")) or _day(entry.get("published_parsed")),
        url=_plain(entry.get("link")),
        language=_plain(language) or _plain(feed.get("language")),
    )


def _name(written: object) -> str | None:
    """The name in `address (name)`, RSS's form, of which feedparser leaves a piece where it misreads it."""
    name = _plain(written)
    return name.partition("(")[2].removesuffix(")") or name if name and "(" in name else name


def _day(parsed: Sequence[int] | None) -> str | None:
    try:
        return date(*parsed[:3]).isoformat() if parsed else None
    except ValueError:
        return None


def _plain(value: object) -> str | None:
    """A fact on one line, its character references and tags resolved."""
    return (" ".join(cleaned(text_of_fragment(value)).split()) or None) if isinstance(value, str) else None
