"""What is out of reach is never among the best, whatever its true scores turn out to be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.fusion import fuse, rounded
from qa.reach import Between, in_reach

NOTHING = np.zeros(3)


def test_what_a_search_did_not_find_scores_no_higher_than_the_last_it_did():
    between = Between.of([1, 2, 3], {1: 0.5, 3: 0.25, 9: 0.2})
    assert between.least.tolist() == [0.5, 0.0, 0.25]
    assert between.most.tolist() == [0.5, 0.2, 0.25]


def test_words_that_a_search_left_out_may_add_to_every_score():
    between = Between.of([1, 2], {1: 0.5}, left_out=0.125)
    assert (between.least.tolist(), between.most.tolist()) == ([0.5, 0.0], [0.625, 0.625])
    assert Between.of([1], {}, left_out=0.125).most.tolist() == [0.125]


def test_reach_worked_out_by_hand():
    cosines, words = np.array([0.9, 0.5, 0.1]), Between(np.array([0.0, 0.5, 0.0]), np.array([0.2, 0.5, 0.2]))
    # Fused: .36 to .48, .5, .04 to .16.
    assert in_reach("hybrid", 1, cosines, words, NOTHING) == [1]
    assert in_reach("hybrid", 2, cosines, words, NOTHING) == [0, 1]
    assert in_reach("hybrid", 3, cosines, words, NOTHING) == [0, 1, 2]
    assert in_reach("dense", 1, cosines, words, NOTHING) == [0]
    assert in_reach("bm25", 1, cosines, words, NOTHING) == [1]
    # A gain of .1 brings the first to .58 at most.
    assert in_reach("hybrid", 1, cosines, words, np.array([0.1, 0.0, 0.0])) == [0, 1]


candidates = st.lists(
    st.tuples(st.floats(-1, 1), st.floats(0, 1.2), st.floats(0, 0.3), st.floats(0, 0.3), st.sampled_from([0, 0.1])),
    min_size=1,
    max_size=30,
)  # fmt: skip


@pytest.mark.parametrize("mode", ["hybrid", "dense", "bm25"])
@given(candidates, st.integers(1, 12))
def test_the_best_are_always_in_reach(mode, each, k):
    cosines, words, below, above, gained = (
        np.array(column, dtype=np.float64) for column in zip(*each, strict=True)
    )
    reach = in_reach(mode, k, cosines, Between(words - below, words + above), gained)
    scores = {"dense": cosines, "bm25": words}.get(mode) if mode != "hybrid" else None
    true = [
        rounded((fuse(rounded(a), b) if scores is None else float(scores[at])) + more)
        for at, (a, b, more) in enumerate(zip(cosines.tolist(), words.tolist(), gained.tolist(), strict=True))
    ]
    bar = sorted(true, reverse=True)[:k][-1]
    assert {at for at, score in enumerate(true) if score >= bar} <= set(reach)
