"""Measures of confidence, each against its definition written out slowly."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.abstention import (
    BINS,
    auroc,
    brier_skill,
    calibration_error,
    measure_abstention,
    reliability,
    risk_coverage_area,
)

CONFIDENCES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]) | st.floats(0, 1)
ROWS = st.lists(st.tuples(CONFIDENCES, st.booleans()), min_size=1, max_size=40)


def array(rows):
    return np.array([(sure, float(label)) for sure, label in rows], dtype=np.float64)


@given(ROWS)
def test_auroc_is_the_share_of_pairs_in_the_right_order(rows):
    pairs = [
        1.0 if high > low else 0.5 if high == low else 0.0
        for high, can in rows if can
        for low, other in rows if not other
    ]  # fmt: skip
    found = auroc(array(rows))
    if pairs:
        assert found == pytest.approx(sum(pairs) / len(pairs))
    else:
        assert math.isnan(found)


def test_risk_coverage_by_hand():
    # the most confident first: right, wrong, right, wrong -> wrong among the first 1, 2, 3, 4
    rows = [(0.2, False), (0.9, True), (0.8, False), (0.5, True)]
    assert risk_coverage_area(array(rows)) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)


def test_risk_coverage_shares_out_a_tie():
    # 0.9 right; then a tie of one right, two wrong, each counting 2/3 wrong, in any order
    rows = [(0.9, True), (0.5, False), (0.5, True), (0.5, False)]
    expected = (0 + (2 / 3) / 2 + (4 / 3) / 3 + 2 / 4) / 4
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        assert risk_coverage_area(array([rows[at] for at in order])) == pytest.approx(expected)


@given(ROWS)
def test_risk_coverage_is_the_mean_over_all_orders_of_ties(rows):
    ordered = sorted(rows, key=lambda row: -row[0])
    wrong = []
    for sure, _ in ordered:
        tie = [not right for other, right in rows if other == sure]
        wrong.append(sum(tie) / len(tie))
    risks = [sum(wrong[:count]) / count for count in range(1, len(rows) + 1)]
    assert risk_coverage_area(array(rows)) == pytest.approx(sum(risks) / len(risks))


def test_calibration_error_by_hand_with_fewer_questions_than_bins():
    # three questions, so three bins of one
    rows = [(0.2, False), (0.6, True), (0.9, True)]
    assert calibration_error(reliability(array(rows))) == pytest.approx((0.2 + 0.4 + 0.1) / 3)


def test_calibration_error_by_hand_with_full_bins():
    # 30 questions in 15 bins of two: in each, confidence c on both and one of two right
    rows = [(each / 20, right) for each in range(15) for right in (True, False)]
    bins = reliability(array(rows))
    assert [each.count for each in bins] == [2] * BINS
    assert calibration_error(bins) == pytest.approx(sum(abs(each / 20 - 0.5) for each in range(15)) / 15)


def test_calibration_error_does_not_depend_on_the_order_of_ties():
    # always .5 and right half of the time keeps its word, whichever question comes first
    rows = [(0.5, True)] * 15 + [(0.5, False)] * 15
    assert calibration_error(reliability(array(rows))) == pytest.approx(0)
    assert calibration_error(reliability(array(rows[::-1]))) == pytest.approx(0)


@given(ROWS)
def test_bins_hold_every_question_once_and_are_of_equal_mass(rows):
    bins = reliability(array(rows))
    counts = [each.count for each in bins]
    assert sum(counts) == len(rows)
    assert len(bins) == min(BINS, len(rows))
    assert max(counts) - min(counts) <= 1
    assert [each.confidence for each in bins] == sorted(each.confidence for each in bins)
    assert sum(each.count * each.right for each in bins) == pytest.approx(sum(right for _, right in rows))


def test_brier_skill_by_hand():
    rows = [(0.8, True), (0.4, False), (0.6, True), (0.1, False)]
    score = (0.2**2 + 0.4**2 + 0.4**2 + 0.1**2) / 4
    assert brier_skill(array(rows)) == pytest.approx(1 - score / 0.25)  # always saying .5 scores .25
    assert brier_skill(array([(0.5, True), (0.5, False)])) == pytest.approx(0)
    assert brier_skill(array([(1.0, True), (0.0, False)])) == pytest.approx(1)
    assert math.isnan(brier_skill(array([(0.9, True), (0.8, True)])))


def test_shares_at_the_threshold_by_hand():
    found = measure_abstention(
        confidence=[0.9, 0.1, 0.2, 0.8, 0.05, 0.15],
        abstained=[False, True, True, False, True, True],
        answerable=[True, True, False, False, False, None],
        right=[True, True, False, False, False, None],
    )
    assert found.answerable_lost.mean == 1 / 2
    assert found.recall.mean == 2 / 3
    assert found.precision.mean == 2 / 3
    assert (found.answerable_lost.n, found.recall.n, found.precision.n) == (2, 3, 3)
    # .9 and .1 against .2, .8, .05: .9 is above all three, .1 above one
    assert found.auroc.mean == pytest.approx(4 / 6)
    assert found.risk_coverage[-1] == (1.0, pytest.approx(3 / 5))


@pytest.mark.parametrize("label", [True, False])
def test_of_one_class_only_what_is_defined_is_given(label):
    found = measure_abstention([0.4, 0.1], [False, True], [label, label], [label, label])
    assert found.auroc is None
    assert found.brier_skill is None
    assert (found.precision is None) is label
    assert (found.recall is None) is label
    assert (found.answerable_lost is None) is not label
    assert found.risk_coverage_area.mean == (0 if label else 1)
    assert found.calibration_error == pytest.approx(0.75 if label else 0.25)


def test_where_nothing_is_known_nothing_is_measured():
    for found in (measure_abstention([], [], [], []), measure_abstention([0.5], [False], [None], [None])):
        assert found.auroc is None
        assert found.risk_coverage_area is None
        assert found.calibration_error is None
        assert found.brier_skill is None
        assert found.risk_coverage == ()
        assert found.reliability == ()


def test_where_none_is_abstained_from_precision_is_not_defined_and_recall_is_nought():
    found = measure_abstention([0.9, 0.8], [False, False], [True, False], [True, False])
    assert found.precision is None
    assert found.recall.mean == 0


def test_the_risk_coverage_curve_ends_where_everything_is_answered():
    right = [each % 3 == 0 for each in range(250)]
    found = measure_abstention([each / 250 for each in range(250)], [False] * 250, right, right)
    assert len(found.risk_coverage) == 100
    assert found.risk_coverage[-1] == (1.0, pytest.approx(1 - sum(right) / 250))
