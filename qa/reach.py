"""Which of a search's candidates may be among the best, told before all their scores are known.

A search tells more than what it found: whatever it did not find scores no higher than the last it did. So
most candidates of one search can be left out without asking what the other would give them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.fusion import fused

ROUNDED_BY = 1e-5  # more than rounding cosine, fused score and gain can move a score against another
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Between:
    """Lexical scores of candidates, as far as known: none is below `least` or above `most`."""

    least: Floats
    most: Floats

    @classmethod
    def of(cls, rows: Sequence[int], found: Mapping[int, float], *, left_out: float = 0.0) -> "Between":
        """Those of rows, in order, after a search that `found` some, the best of all.

        Scores of the search may be too low by `left_out`; what it did not find scores no higher in it than
        what it found.
        """
        last = min(found.values(), default=0.0)
        least = np.array([found.get(row, 0.0) for row in rows])
        most = np.array([found.get(row, last) for row in rows])
        return cls(least, most + left_out)


def in_reach(mode: str, k: int, cosines: Floats, words: Between, gained: Floats) -> list[int]:
    """Places of the candidates that may be among the k best once their scores are known and rounded."""
    if len(cosines) <= k:
        return list(range(len(cosines)))
    least, most = (
        (words.least, words.most)
        if mode == "bm25"
        else (cosines, cosines)
        if mode == "dense"
        else (fused(cosines, words.least), fused(cosines, words.most))
    )
    bar = np.partition(least + gained, -k)[-k] - ROUNDED_BY
    near: list[int] = np.flatnonzero(most + gained >= bar).tolist()
    return near
