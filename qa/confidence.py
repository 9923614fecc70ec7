"""The threshold a confidence is held against."""

from corpus.errors import InputError
from qa.fusion import rounded
from qa.reader.calibration import LEAST


def checked_threshold(threshold: float) -> float:
    """The threshold to compare confidences with: six decimals, at least LEAST.

    Raises InputError where it is not between 0 and 1.
    """
    if not 0 <= threshold <= 1:
        raise InputError(f"the threshold is {threshold}; it lies between 0 and 1")
    return max(LEAST, rounded(threshold))
