"""Filters: whole outlets and ranges of days, told as the user wrote them."""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from corpus.dates import interval
from corpus.errors import InputError

DatesOf = Literal["published", "event"]
DATES_OF: tuple[DatesOf, ...] = get_args(DatesOf)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a passage's article must be: of one of `sources` (case-folded), and within the days.

    A partial date is the interval it names: it is kept where that interval ends on or after
    `since` and begins on or before `until`. Articles without a date are outside any range of days.
    With `events`, the days are not those on which articles appeared but those that passages mention.
    """

    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    events: bool = False

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
    by: DatesOf = "published",
) -> Limits | None:
    """The limits a user's filters set; None where they set none.

    `by` says which dates `since` and `until` limit: those of articles, or those that passages mention.
    Raises InputError where a source is unknown, naming the nearest, or a date is not one.
    """
    named = (source,) if isinstance(source, str) else tuple(source or ())
    if not named and since is None and until is None:
        return None
    first = interval(since).first if since is not None else None
    last = interval(until).last if until is not None else None
    if first and last and first > last:
        raise InputError(f"since {since} is after until {until}; no day lies between them")
    if by not in DATES_OF:
        raise InputError(f"{by!r} is no kind of date; take one of {', '.join(DATES_OF)}")
    sources = tuple(dict.fromkeys(_known(name, known_sources) for name in named))
    return Limits(sources, first, last, events=by == "event" and bool(first or last))


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
