"""Dense and lexical scores to one: a convex sum of scores that both lie in [0, 1]."""

DENSE_WEIGHT = 0.4  # a plateau from .3 to .5 on five sets (DECISIONS.md)
_DIGITS = 6


def fuse(dense: float, lexical: float) -> float:
    """The fused score, rounded so that ties are ties.

    `dense` is a cosine, cut at 0; `lexical` is BM25 over its upper bound for the question, cut at 1.
    """
    return rounded(DENSE_WEIGHT * max(0.0, dense) + (1 - DENSE_WEIGHT) * min(1.0, lexical))


def rounded(score: float) -> float:
    """The score to six decimals, never a negative zero."""
    return round(score, _DIGITS) + 0.0
