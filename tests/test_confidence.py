"""Confidence rises with the score and stays a confidence."""

import math

from hypothesis import given
from hypothesis import strategies as st

from qa.confidence import LEAST, THRESHOLD, confidence

scores = st.floats(min_value=-5, max_value=5)


@given(scores, scores)
def test_it_never_falls_as_the_score_rises(low, high):
    low, high = sorted((low, high))
    assert LEAST <= confidence(low) <= confidence(high) <= 1


def test_it_is_the_sigmoid_it_says_to_six_digits():
    assert confidence(1.0) == round(1 / (1 + math.exp(-0.5)), 6)


def test_the_threshold_lies_where_the_sentence_score_is_about_seven_tenths():
    assert confidence(0.70) < THRESHOLD < confidence(0.73)
