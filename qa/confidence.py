"""How sure the first quote answers: the one step to replace when there is a trained reader."""

import math

from corpus.errors import InputError
from qa.fusion import rounded

# sigmoid(6 s - 5.5) of the best sentence's score, fitted on squad2-half and clapnq-dev; the threshold
# loses at most 3 % of their answerable questions. What it catches is in DECISIONS.md.
_SLOPE, _OFFSET = 6.0, -5.5
THRESHOLD = 0.23
LEAST = 1e-6  # of a candidate; 0 is kept for "nothing in common", which no threshold lets pass


def confidence(best_score: float) -> float:
    """The confidence, in [LEAST, 1), of an answer whose best sentence has that score."""
    return max(LEAST, rounded(1 / (1 + math.exp(-(_SLOPE * best_score + _OFFSET)))))


def checked_threshold(threshold: float) -> float:
    """The threshold to compare confidences with: six decimals, at least LEAST.

    Raises InputError where it is not between 0 and 1.
    """
    if not 0 <= threshold <= 1:
        raise InputError(f"the threshold is {threshold}; it lies between 0 and 1")
    return max(LEAST, rounded(threshold))
