"""The filters that a visitor set before asking."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from qa.meaning import Liberties


@dataclass(frozen=True, slots=True)
class Chosen:
    """Sources to ask, none for all; and partial dates as the visitor wrote them, None for no bound.

    `without` are spellings of names that are not to be searched for.
    """

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    without: tuple[str, ...] = ()

    @classmethod
    def from_form(cls, sources: object, since: object, until: object) -> "Chosen":
        """What the page's form holds; anything in it that is not what a form gives counts as unset."""
        return cls(_words(sources), _written(since), _written(until))

    @property
    def limits(self) -> dict[str, Any]:
        """The filters as `ask` and `search` take them."""
        return {"source": self.sources or None, "since": self.since, "until": self.until}

    @property
    def liberties(self) -> Liberties:
        """What may be read into the question, as `ask` and `search` take it."""
        return Liberties(without=self.without)

    def toggled(self, spelling: str) -> "Chosen":
        """The same without a spelling, or with it again where it was left out."""
        kept = tuple(each for each in self.without if each != spelling)
        return replace(self, without=kept if spelling in self.without else (*kept, spelling))

    def to_dict(self) -> dict[str, Any]:
        """The filters as JSON keeps them; `read` is the way back."""
        return {
            "sources": list(self.sources),
            "since": self.since,
            "until": self.until,
            "without": list(self.without),
        }

    def query(self, question: str) -> str:
        """An address's query that puts the question within these filters; `from_query` is the way back."""
        named = [("q", question), *(("source", name) for name in self.sources)]
        return urlencode(named + [(name, day) for name in ("since", "until") if (day := getattr(self, name))])

    @classmethod
    def from_query(cls, query: QueryParams) -> "Chosen":
        """The filters that an address names."""
        return cls.from_form(query.getlist("source"), query.get("since"), query.get("until"))

    @classmethod
    def read(cls, kept: object) -> "Chosen":
        """What `to_dict` gave; unset where it is something else."""
        found = kept if isinstance(kept, Mapping) else {}
        form = cls.from_form(found.get("sources"), found.get("since"), found.get("until"))
        return replace(form, without=_words(found.get("without")))


def _words(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def _written(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
