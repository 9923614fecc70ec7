"""Dense and lexical scores to one: a convex sum of scores that both lie in [0, 1]."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

DENSE_WEIGHT = 0.4  # a plateau from .3 to .5 on five sets (DECISIONS.md)
_DIGITS = 6


def fuse(dense: float, lexical: float) -> float:
    """The fused score, rounded so that ties are ties; see `fused`."""
    return rounded(float(fused(dense, lexical)))


def fused(dense: ArrayLike, lexical: ArrayLike) -> NDArray[np.float64]:
    """The fused scores as they are, of two arrays of one shape.

    `dense` are cosines, cut at 0; `lexical` is BM25 over its upper bound for the question, cut at 1.
    """
    return np.asarray(DENSE_WEIGHT * np.maximum(0.0, dense) + (1 - DENSE_WEIGHT) * np.minimum(1.0, lexical))


def rounded(score: float) -> float:
    """The score to six decimals, never a negative zero."""
    return round(score, _DIGITS) + 0.0
