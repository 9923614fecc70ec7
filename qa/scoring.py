"""The scores of a search's candidates: true ones, whatever an index says, in their total order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.faiss_index import FaissIndex
from qa import rows as stored
from qa.connection import Connection
from qa.fusion import fuse, rounded
from qa.names.widening import Name
from qa.reach import Between, Floats, in_reach
from qa.snapshot import Snapshot
from qa.word_search import WordSearch


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate: `score` is fused, or the one search's, with what it `gained`; see Hit for the others."""

    row: int
    score: float
    dense: float
    lexical: float
    gained: float


@dataclass(frozen=True, slots=True)
class Near:
    """The question's vector and those of all candidates, side by side."""

    question: Vectors
    vectors: Vectors

    def roughly(self) -> Floats:
        """The candidates' cosines, to some six digits.

        Not by numpy's `@`: of more than a thousand OpenBLAS makes two threads' work, and each waits for the
        next question at a core's full speed.
        """
        cosines: Floats = np.einsum("ij,j->i", self.vectors, self.question).astype(np.float64)
        return cosines

    def truly(self, places: Sequence[int]) -> list[float]:
        """The true cosines of some, in float64: what an index says may depend on a vector's place there."""
        products = self.vectors[places].astype(np.float64) * self.question.astype(np.float64)
        cosines: list[float] = products.sum(axis=1).tolist()
        return cosines


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of the candidates' lexical scores, and what tells the true ones of some rows."""

    between: Between
    truly: Callable[[Sequence[int]], Mapping[int, float]]

    @classmethod
    def after(
        cls,
        search: WordSearch,
        question: str,
        names: Sequence[Name],
        rows: Sequence[int],
        found: Mapping[int, float],
        *,
        most: float,
    ) -> "Said":
        """Of rows, in order, after a `search` that `found` some; `most` is as it was asked with."""
        between = Between.of(rows, found, left_out=search.left_out(question, names, most=most))
        return cls(between, lambda some: search.scores(question, some, names))

    def of(self, rows: Sequence[int], places: Sequence[int]) -> NDArray[np.float64]:
        """The true scores of the rows, which are those at the places."""
        scores = self.between.least[places]
        unknown = np.flatnonzero(scores < self.between.most[places]).tolist()
        if unknown:
            found = self.truly([rows[at] for at in unknown])
            scores[unknown] = [found.get(rows[at], scores[at]) for at in unknown]
        return scores


def scored(
    mode: str,
    k: int,
    rows: Sequence[int],
    near: Near | None,
    said: Said | None,
    snapshot: Snapshot,
    gained: Mapping[int, float],
) -> list[Scored]:
    """The k best of the candidates under those rows, best first, ties by article id, then start.

    A mode without one of the two searches has None for it. `gained` is added to a row's score.
    """
    nothing = np.zeros(len(rows))
    rough = nothing if near is None else near.roughly()
    between = Between(nothing, nothing) if said is None else said.between
    more = np.array([gained.get(row, 0.0) for row in rows]) if gained else nothing
    places = in_reach(mode, k, rough, between, more)
    words = said.of([rows[place] for place in places], places) if said is not None else nothing[places]
    left = in_reach(mode, k, rough[places], Between(words, words), more[places])
    places = [places[at] for at in left]
    held = [rows[place] for place in places]
    cosines = near.truly(places) if near is not None else [0.0] * len(held)
    found = []
    for row, order, cosine, lexical in zip(
        held, snapshot.orders(held), map(rounded, cosines), words[left].tolist(), strict=True
    ):
        days = gained.get(row, 0.0)
        score = cosine if mode == "dense" else lexical if mode == "bm25" else fuse(cosine, lexical)
        score = rounded(score + days)
        found.append((-score, order, Scored(row, score, cosine, lexical, days)))
    return [each for *_, each in sorted(found, key=lambda each: each[:2])][:k]


def vectors_under(connection: Connection, rows: Sequence[int], snapshot: Snapshot, dimension: int) -> Vectors:
    """The vectors of passages, side by side: of a small archive from its index, which has them as stored."""
    index = snapshot.derived.vectors
    if isinstance(index, FaissIndex) and index.is_flat:
        return index.vectors_of(np.array(rows, dtype=np.int64))
    found, vectors = stored.vectors_of(connection, rows, dimension)
    if found == rows:
        return vectors
    whole = np.zeros((len(rows), dimension), dtype=np.float32)  # one that is gone is told when it is read
    place = {row: at for at, row in enumerate(rows)}
    whole[[place[row] for row in found]] = vectors
    return whole
