"""Filters: whole outlets and ranges of days, told as the user wrote them."""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from corpus.dates import interval
from corpus.errors import InputError


@dataclass(frozen=True, slots=True)
class Limits:
    """What a passage's article must be: of one of `sources` (case-folded), and within the days.

    A partial date is the interval it names: it is kept where that interval ends on or after
    `since` and begins on or before `until`. Articles without a date are outside any range of days.
    """

    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def dated(self) -> bool:
        """Whether days are limited."""
        return self.since is not None or self.until is not None


def limits(
    source: str | Iterable[str] | None,
    since: str | None,
    until: str | None,
    *,
    known_sources: Collection[str],
) -> Limits | None:
    """The limits a user's filters set; None where they set none.

    Raises InputError where a source is unknown, naming the nearest, or a date is not one.
    """
    named = (source,) if isinstance(source, str) else tuple(source or ())
    if not named and since is None and until is None:
        return None
    first = interval(since).first if since is not None else None
    last = interval(until).last if until is not None else None
    if first and last and first > last:
        raise InputError(f"since {since} is after until {until}; no day lies between them")
    return Limits(tuple(dict.fromkeys(_known(name, known_sources) for name in named)), first, last)


def _known(name: str, known_sources: Collection[str]) -> str:
    by_key = {source.casefold(): source for source in sorted(known_sources)}
    key = name.strip().casefold()
    if key in by_key:
        return key
    nearest = difflib.get_close_matches(key, by_key, n=3, cutoff=0.3)
    nearest += [known for known in by_key if key and key in known and known not in nearest]
    listed = ", ".join(repr(by_key[known]) for known in (nearest or list(by_key))[:5])
    raise InputError(
        f"no article's source is {name!r}; "
        + (f"the nearest are {listed}" if listed else "no article in the archive has a source")
    )
