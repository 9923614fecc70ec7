"""The threshold a confidence is held against."""

import pytest

from corpus.errors import InputError
from qa.confidence import checked_threshold
from qa.reader.calibration import LEAST


def test_six_decimals_and_never_so_low_that_nothing_in_common_passes():
    assert checked_threshold(0.12345678) == 0.123457
    assert checked_threshold(0) == LEAST
    assert checked_threshold(1) == 1


@pytest.mark.parametrize("wrong", [-0.1, 1.01, float("nan")])
def test_what_is_no_share_is_refused_with_the_value(wrong):
    with pytest.raises(InputError, match=f"{wrong}; it lies between 0 and 1"):
        checked_threshold(wrong)
