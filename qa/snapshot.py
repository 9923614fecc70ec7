"""An archive as one generation of it: facts as columns in memory, and both indexes."""

import sqlite3
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.dates import interval
from embeddings.nearest import Ids
from qa.derived import Derived, build_lexical, build_vectors
from qa.filters import Limits
from qa.index_files import OnDisk
from qa.rows import newest_date
from qa.settings import Settings, generation

_NEVER = 0  # an ordinal before any date


@dataclass(frozen=True, slots=True)
class Columns:
    """Facts of every article and passage, side by side.

    `row`, `article` and `start` have one entry a passage, the rest one an article; `article` is a
    position in the others. Days are proleptic ordinals, 0 where the article has no date.
    """

    row: Ids
    article: NDArray[np.int64]
    start: NDArray[np.int64]
    id: list[str]
    source: NDArray[Any]
    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    published: list[str | None]
    newest: str | None  # the published date, as written, whose last day is the latest

    def rows_within(self, limits: Limits) -> Ids:
        """Rows of the passages whose article is within the limits."""
        return self.row[self._articles_within(limits)[self.article]]

    def undated(self, limits: Limits) -> int:
        """How many articles the limits leave out only because they have no date."""
        if not limits.dated or limits.events:
            return 0
        sources = Limits(sources=limits.sources)
        return int((self._articles_within(sources) & (self.first_day == _NEVER)).sum())

    def nearest_to(self, date: str) -> str | None:
        """The published date, as written, nearest to a day, month or year; None where none is dated."""
        day = interval(date)
        dated = np.flatnonzero(self.first_day != _NEVER)
        if not len(dated):
            return None
        later = np.maximum(self.first_day[dated] - day.last.toordinal(), 0)
        earlier = np.maximum(day.first.toordinal() - self.last_day[dated], 0)
        return self.published[int(dated[np.argmin(later + earlier)])]

    def _articles_within(self, limits: Limits) -> NDArray[np.bool_]:
        within = np.ones(len(self.id), dtype=bool)
        if limits.sources:
            within &= np.isin(self.source, list(limits.sources))
        if limits.dated:
            within &= self.first_day != _NEVER
        if limits.since is not None:
            within &= self.last_day >= limits.since.toordinal()
        if limits.until is not None:
            within &= self.first_day <= limits.until.toordinal()
        return within


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a question is searched in."""

    columns: Columns
    derived: Derived
    position: dict[int, int]  # row of a passage -> its position in the columns

    @property
    def generation(self) -> int:
        """The generation this is a snapshot of."""
        return self.derived.generation

    def appeared(self, row: int) -> tuple[int, int]:
        """The first and last day, as ordinals, on which a passage's article appeared; 0 where unknown."""
        at = self.columns.article[self.position[row]]
        return int(self.columns.first_day[at]), int(self.columns.last_day[at])

    def order(self, row: int) -> tuple[str, int]:
        """What ties are broken by: the passage's article id, then its start."""
        at = self.position[row]
        return self.columns.id[self.columns.article[at]], int(self.columns.start[at])


def read_snapshot(connection: sqlite3.Connection, ready: OnDisk, settings: Settings) -> Snapshot:
    """The archive as the open transaction sees it; an index that isn't `ready` is made in memory."""
    at = generation(connection)
    columns = _columns(connection)
    held = len(columns.row)
    vectors, lexical = (ready.vectors, ready.lexical) if ready.generation == at else (None, None)
    if vectors is None or len(vectors) != held:
        vectors = build_vectors(connection, dimension=settings.dimension, factory=settings.index)
    if lexical is None or len(lexical) != held:
        lexical = build_lexical(connection)
    position = {row: place for place, row in enumerate(columns.row.tolist())}
    return Snapshot(columns, Derived(at, vectors, lexical), position)


def _columns(connection: sqlite3.Connection) -> Columns:
    articles = connection.execute("SELECT row, id, source, published FROM articles ORDER BY id").fetchall()
    place = {row: at for at, (row, *_) in enumerate(articles)}
    days = [interval(published) if published else None for *_, published in articles]
    passages = sorted(
        (place[article], start, row)
        for row, article, start in connection.execute("SELECT row, article, start FROM passages")
    )
    table = np.array(passages, dtype=np.int64).reshape(len(passages), 3)
    return Columns(
        row=table[:, 2].copy(),
        article=table[:, 0].copy(),
        start=table[:, 1].copy(),
        id=[id for _, id, _, _ in articles],
        source=np.array([(source or "").casefold() for _, _, source, _ in articles], dtype=object),
        first_day=np.array([day.first.toordinal() if day else _NEVER for day in days], dtype=np.int64),
        last_day=np.array([day.last.toordinal() if day else _NEVER for day in days], dtype=np.int64),
        published=[published for *_, published in articles],
        newest=newest_date(connection),
    )
