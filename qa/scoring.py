"""The scores of a search's candidates: true ones, whatever an index says, in their total order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.encoder import Vectors
from qa.fusion import fuse, rounded
from qa.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate: `score` is fused, or the one search's; see Hit for the others."""

    row: int
    score: float
    dense: float
    lexical: float


def scored(
    mode: str,
    rows: Sequence[int],
    dense: Mapping[int, float],
    lexical: Mapping[int, float],
    snapshot: Snapshot,
    gained: Mapping[int, float],
) -> list[Scored]:
    """The candidates under those rows, best first, ties by article id, then start.

    `gained` is added to a row's score.
    """
    found = []
    for row, order in zip(rows, snapshot.orders(rows), strict=True):
        cosine, words = dense.get(row, 0.0), lexical.get(row, 0.0)
        score = {"dense": cosine, "bm25": words}.get(mode, fuse(cosine, words))
        score = rounded(score + gained.get(row, 0.0))
        found.append((-score, order, Scored(row, score, cosine, words)))
    return [each for *_, each in sorted(found, key=lambda each: each[:2])]


def cosines(question: Vectors, passages: Mapping[int, Vectors]) -> dict[int, float]:
    """The true cosine of each, in float64: what an index says may depend on where a vector lies in it."""
    if not passages:
        return {}
    products = np.stack(list(passages.values())).astype(np.float64) * question.astype(np.float64)
    return dict(zip(passages, map(rounded, products.sum(axis=1).tolist()), strict=True))
