"""What a visitor set before asking: filters, whose words, and parts that are switched off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from qa.filters import DatesOf
from qa.parts import ALL, NAMES, Parts


@dataclass(frozen=True, slots=True)
class Chosen:
    """Sources to ask, none for all; and partial dates as the visitor wrote them, None for no bound.

    `by` says which dates they bound, `said_by` whose words are asked for. `without` are spellings of
    names that are not to be searched for, `off` those of NAMES that are switched off.
    """

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    without: tuple[str, ...] = ()
    by: DatesOf = "published"
    said_by: str | None = None
    off: tuple[str, ...] = ()

    @classmethod
    def from_form(
        cls,
        sources: object = (),
        since: object = None,
        until: object = None,
        by: object = None,
        said_by: object = None,
        on: object = NAMES,
    ) -> "Chosen":
        """What the page's form holds; anything in it that is not what a form gives counts as unset."""
        ticked = _words(on) if isinstance(on, list | tuple) else NAMES
        return cls(
            sources=_words(sources),
            since=_written(since),
            until=_written(until),
            by="event" if by == "event" else "published",
            said_by=_written(said_by),
            off=tuple(name for name in NAMES if name not in ticked),
        )

    @property
    def filters(self) -> tuple[object, ...]:
        """What is set of the filters; empty where nothing is."""
        found = (*self.sources, self.since, self.until, self.said_by)
        return (*found, self.by) if any(found) else ()

    def adds_none_to(self, earlier: "Chosen") -> bool:
        """Whether it sets no filters, or none but those of an earlier question."""
        return not self.filters or self.filters == earlier.filters

    @property
    def limits(self) -> dict[str, Any]:
        """The filters as `ask` and `search` take them."""
        return {"source": self.sources or None, "since": self.since, "until": self.until, "by": self.by}

    @property
    def parts(self) -> Parts:
        """The parts of an answer, as `ask` and `search` take them."""
        return replace(ALL.less(*self.off), without=self.without)

    def changed(self, what: str, value: str) -> "Chosen":
        """The same without a source, a bound or a speaker; a spelling or a switch is put off, or on again.

        It is the same where there is no such thing to change.
        """
        if what == "source":
            return replace(self, sources=tuple(each for each in self.sources if each != value))
        if what in ("since", "until"):
            bounds = {"since": self.since, "until": self.until, what: None}
            by = self.by if any(bounds.values()) else "published"
            return replace(self, since=bounds["since"], until=bounds["until"], by=by)
        if what == "said_by":
            return replace(self, said_by=None)
        if what == "spelling":
            return replace(self, without=_toggled(self.without, value))
        if what == "off" and value in NAMES:
            return replace(self, off=tuple(sorted(_toggled(self.off, value), key=NAMES.index)))
        return self

    def to_dict(self) -> dict[str, Any]:
        """The filters as JSON keeps them; `read` is the way back."""
        return {
            "sources": list(self.sources),
            "since": self.since,
            "until": self.until,
            "without": list(self.without),
            "by": self.by,
            "said_by": self.said_by,
            "off": list(self.off),
        }

    def query(self, question: str) -> str:
        """An address's query that puts the question within these filters; `from_query` is the way back."""
        named = [("q", question), *(("source", name) for name in self.sources)]
        named += [
            (name, str(value)) for name in ("since", "until", "said_by") if (value := getattr(self, name))
        ]
        named += [("by", self.by)] if self.by != "published" else []
        named += [("without", spelling) for spelling in self.without]
        return urlencode(named + [("off", name) for name in self.off])

    @classmethod
    def from_query(cls, query: QueryParams) -> "Chosen":
        """The filters that an address names."""
        names = ("since", "until", "by", "said_by")
        return cls.read(
            {name: query.get(name) for name in names}
            | {
                "sources": query.getlist("source"),
                "without": query.getlist("without"),
                "off": query.getlist("off"),
            }
        )

    @classmethod
    def read(cls, kept: object) -> "Chosen":
        """What `to_dict` gave; unset where it is something else."""
        found = kept if isinstance(kept, Mapping) else {}
        form = cls.from_form(*(found.get(name) for name in ("sources", "since", "until", "by", "said_by")))
        off = _words(found.get("off"))
        return replace(
            form,
            without=_words(found.get("without")),
            off=tuple(name for name in NAMES if name in off),
        )


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    kept = tuple(each for each in values if each != value)
    return kept if value in values else (*kept, value)


def _words(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def _written(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
