"""An archive as one generation of it: facts as columns in memory, and both indexes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from corpus.dates import interval
from embeddings.encoder import Vectors
from embeddings.faiss_index import FaissIndex
from embeddings.layered_index import LayeredIndex
from embeddings.nearest import Ids
from qa.connection import Connection, streamed
from qa.derived import Derived, build_lexical, build_vectors, lexical_after, overlay
from qa.filters import Limits
from qa.index_files import OnDisk
from qa.layered_lexical import LayeredLexical
from qa.lexical import LexicalIndex
from qa.rows import days_named, newest_date
from qa.settings import Settings, generation

_NEVER = 0  # an ordinal before any date
_PART = 10_000  # rows read at a time


@dataclass(frozen=True, slots=True)
class Columns:
    """Facts of every article and passage, side by side.

    `row` and `article` have one entry a passage, by article id and start; `ascending` are the rows in
    their own order, each at a `place` in those. The rest have one entry an article, and `article` is a
    position in them. Days are proleptic ordinals, 0 where the article has no date.
    """

    row: Ids
    article: NDArray[np.int64]
    ascending: Ids
    place: NDArray[np.int64]
    id: list[str]
    source: NDArray[np.int64]  # its number
    sources: dict[str, int]  # the number of each, case-folded; 0 where there is none
    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    published: list[str | None]
    newest: str | None  # the published date, as written, whose last day is the latest

    def places(self, rows: Ids) -> NDArray[np.int64]:
        """Where each of the rows is in `row`; anywhere where it is not there."""
        return self.place[np.minimum(np.searchsorted(self.ascending, rows), len(self.place) - 1)]

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
            wanted = [self.sources[source] for source in limits.sources if source in self.sources]
            within &= np.isin(self.source, wanted)
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

    @property
    def generation(self) -> int:
        """The generation this is a snapshot of."""
        return self.derived.generation

    @property
    def is_provisional(self) -> bool:
        """Whether words of the newest passages lie in an index beside that of all others, as yet."""
        return isinstance(self.derived.lexical, LayeredLexical)

    def nearest(
        self, vector: Vectors, k: int, allowed: Ids | None = None, within: Limits | None = None
    ) -> list[tuple[int, float]]:
        """Rows and scores of the k nearest vectors, best first.

        Only those allowed, where they are given; `within` are the limits, if any, that allow them.
        """
        vectors = self.derived.vectors
        if isinstance(vectors, FaissIndex | LayeredIndex):
            scores, ids = vectors.search(vector[None, :], k, allowed)
        else:
            scores, ids = vectors.search(vector[None, :], k, allowed, within)
        return list(zip(ids[0].tolist(), scores[0].tolist(), strict=True))

    def holding(self, rows: Collection[int]) -> list[int]:
        """Those of the rows that are passages of this state, in order."""
        if not len(self.columns.row):
            return []
        wanted = np.array(sorted(rows), dtype=np.int64)
        held: list[int] = wanted[self.columns.row[self.columns.places(wanted)] == wanted].tolist()
        return held

    def appearances(self, rows: Sequence[int]) -> dict[int, tuple[int, int]]:
        """By row, the first and last day, as ordinals, on which its article appeared; 0 where unknown."""
        articles = self.columns.article[self.columns.places(np.array(rows, dtype=np.int64))]
        first, last = self.columns.first_day[articles].tolist(), self.columns.last_day[articles].tolist()
        return dict(zip(rows, zip(first, last, strict=True), strict=True))

    def orders(self, rows: Sequence[int]) -> list[int]:
        """What ties are broken by: of each of the rows, its number by article id and start."""
        numbers: list[int] = self.columns.places(np.array(rows, dtype=np.int64)).tolist()
        return numbers


def read_snapshot(connection: Connection, ready: OnDisk, settings: Settings) -> Snapshot:
    """The archive as the open transaction sees it.

    A large index of an earlier generation serves with what was added and removed since; another
    that isn't `ready` is made in memory.
    """
    at = generation(connection)
    columns = read_columns(connection)
    vectors = sealed_vectors(connection, ready, settings, columns.ascending)
    if vectors is None or len(vectors) != len(columns.row):
        vectors = build_vectors(connection, dimension=settings.dimension, factory=settings.index)
    lexical = _sealed_lexical(connection, ready, len(columns.row))
    if lexical is None:
        lexical = build_lexical(connection)
    return Snapshot(columns, Derived(at, vectors, lexical))


def _sealed_lexical(
    connection: Connection, ready: OnDisk, passages: int
) -> LexicalIndex | LayeredLexical | None:
    """The index on disk, with what came since; None where there is none of use."""
    index, made = ready.lexical, ready.lexical_made
    if index is None or made is None:
        return None
    if not made.serves_after(connection):
        return index if made.generation == generation(connection) and len(index) == passages else None
    added = list(lexical_after(connection, made.last)) if made.generation < generation(connection) else []
    if not added:
        return index
    return LayeredLexical(index, made.last, LexicalIndex.of(added))


def sealed_vectors(
    connection: Connection, ready: OnDisk, settings: Settings, rows: Ids
) -> FaissIndex | LayeredIndex | None:
    """The index on disk, with what came since; None where there is none of use.

    `rows` are those of all passages, ascending.
    """
    index, made = ready.vectors, ready.vectors_made
    if index is None or made is None or made.generation == generation(connection):
        return index
    if not made.serves_after(connection):
        return None
    kept = rows[: np.searchsorted(rows, made.last, side="right")]
    if len(kept) > len(index):
        return None
    return overlay(connection, index, kept, made.last, settings.dimension)


def read_columns(connection: Connection) -> Columns:
    """The facts of all that the open transaction sees."""
    articles = connection.execute("SELECT row, id, source, published FROM articles ORDER BY id").fetchall()
    place = {row: at for at, (row, *_) in enumerate(articles)}
    dates = {published: days_named(published) for published in {date for *_, date in articles} if published}
    days = [dates.get(published) for *_, published in articles]
    sources = {"": 0}
    written = dict.fromkeys(source for _, _, source, _ in articles)
    number = {each: sources.setdefault((each or "").casefold(), len(sources)) for each in written}
    article, row = _passages(connection)
    article = _looked_up(place, article)
    order = np.argsort(article, kind="stable")
    article, row = article[order], row[order]
    place_of = np.argsort(row, kind="stable")
    return Columns(
        row=row,
        article=article,
        ascending=row[place_of],
        place=place_of,
        id=[id for _, id, _, _ in articles],
        source=np.array([number[source] for _, _, source, _ in articles], dtype=np.int64),
        sources=sources,
        first_day=np.array([day.first.toordinal() if day else _NEVER for day in days], dtype=np.int64),
        last_day=np.array([day.last.toordinal() if day else _NEVER for day in days], dtype=np.int64),
        published=[published for *_, published in articles],
        newest=newest_date(connection),
    )


def _passages(connection: Connection) -> tuple[NDArray[np.int64], Ids]:
    """Article's row and row of every passage, by these articles' rows and start.

    From the index on them, without the table.
    """
    found = streamed(connection, "SELECT article, row FROM passages ORDER BY article, start")
    parts = iter(lambda: found.fetchmany(_PART), [])
    numbers = [np.fromiter(chain.from_iterable(part), dtype=np.int64) for part in parts]
    table = np.concatenate(numbers).reshape(-1, 2) if numbers else np.empty((0, 2), dtype=np.int64)
    return table[:, 0], table[:, 1].copy()


def _looked_up(place: Mapping[int, int], rows: Ids) -> NDArray[np.int64]:
    """The place of each of the articles' rows."""
    known = np.array(sorted(place), dtype=np.int64)
    places = np.array([place[row] for row in known.tolist()], dtype=np.int64)
    found: NDArray[np.int64] = places[np.searchsorted(known, rows)] if len(rows) else rows
    return found
