"""The scores of a search's candidates: true ones, whatever an index says, in their total order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from qa.fusion import fuse, fused, rounded
from qa.snapshot import Snapshot

_ROUNDED_BY = 1e-5  # more than rounding cosine, fused score and gain can move a score against another


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate: `score` is fused, or the one search's, with what it `gained`; see Hit for the others."""

    row: int
    score: float
    dense: float
    lexical: float
    gained: float


def scored(
    mode: str,
    k: int,
    rows: Sequence[int],
    dense: Mapping[int, float],
    lexical: Mapping[int, float],
    snapshot: Snapshot,
    gained: Mapping[int, float],
) -> list[Scored]:
    """The k best of the candidates under those rows, best first, ties by article id, then start.

    `gained` is added to a row's score.
    """
    held = [rows[at] for at in _in_reach(mode, k, rows, dense, lexical, gained)]
    found = []
    for row, order in zip(held, snapshot.orders(held), strict=True):
        cosine, words = rounded(dense.get(row, 0.0)), lexical.get(row, 0.0)
        score = {"dense": cosine, "bm25": words}.get(mode, fuse(cosine, words))
        more = gained.get(row, 0.0)
        score = rounded(score + more)
        found.append((-score, order, Scored(row, score, cosine, words, more)))
    return [each for *_, each in sorted(found, key=lambda each: each[:2])][:k]


def _in_reach(
    mode: str,
    k: int,
    rows: Sequence[int],
    dense: Mapping[int, float],
    lexical: Mapping[int, float],
    gained: Mapping[int, float],
) -> list[int]:
    """Where those of the rows stand that may be among the k best once their scores are rounded."""
    if len(rows) <= k:
        return list(range(len(rows)))
    cosines, words, more = (
        np.fromiter((scores.get(row, 0.0) for row in rows), np.float64, len(rows))
        for scores in (dense, lexical, gained)
    )
    scores: NDArray[np.float64] = {"dense": cosines, "bm25": words}.get(mode, fused(cosines, words)) + more
    least = np.partition(scores, -k)[-k] - _ROUNDED_BY
    near: list[int] = np.flatnonzero(scores >= least).tolist()
    return near


def cosines(question: Vectors, rows: Sequence[int], vectors: Vectors) -> dict[int, float]:
    """By row, the true cosine of its vector, in float64: what an index says may depend on its place there."""
    products = vectors.astype(np.float64) * question.astype(np.float64)
    return dict(zip(rows, products.sum(axis=1).tolist(), strict=True))
