"""The convex sum, against the formula written out as a loop."""

import math

from hypothesis import given
from hypothesis import strategies as st

from qa.fusion import DENSE_WEIGHT, fuse, rounded

cosines = st.floats(-1, 1)
shares = st.floats(0, 3)


def test_scores_worked_out_by_hand():
    assert DENSE_WEIGHT == 0.4
    assert fuse(0.5, 0.25) == 0.35  # .4 × .5 + .6 × .25
    assert fuse(-0.7, 0.25) == 0.15  # a cosine below 0 counts as 0
    assert fuse(0.5, 1.5) == 0.8  # BM25 above its bound counts as 1
    assert fuse(1.0, 1.0) == 1.0
    assert fuse(-1.0, 0.0) == 0.0


@given(st.dictionaries(st.integers(), cosines), st.dictionaries(st.integers(), shares))
def test_fused_ranking_is_that_of_a_loop_over_dictionaries(dense, lexical):
    slow = {}
    for row in {*dense, *lexical}:
        near, words = dense.get(row, 0.0), lexical.get(row, 0.0)
        near = 0.0 if near < 0 else near
        words = 1.0 if words > 1 else words
        slow[row] = round(0.4 * near + 0.6 * words, 6)
    fused = {row: fuse(dense.get(row, 0.0), lexical.get(row, 0.0)) for row in slow}
    assert sorted(fused, key=lambda row: (-fused[row], row)) == sorted(
        slow, key=lambda row: (-slow[row], row)
    )
    assert fused == slow


@given(cosines, shares)
def test_a_fused_score_is_a_share_and_a_lone_side_still_counts(dense, lexical):
    assert 0 <= fuse(dense, lexical) <= 1
    assert fuse(dense, lexical) >= fuse(dense, 0.0)
    assert fuse(dense, lexical) >= fuse(-1.0, lexical)


@given(st.floats(-1e6, 1e6))
def test_rounding_is_to_six_decimals_without_a_negative_zero(score):
    assert abs(rounded(score) - score) <= 0.5e-6 + 1e-9
    assert rounded(rounded(score)) == rounded(score)
    assert math.copysign(1, rounded(-1e-9)) == 1
