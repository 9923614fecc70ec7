"""Intervals and tests against cases whose answer is known."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.statistics import (
    PERMUTATIONS,
    difference_of,
    holm,
    mean_of,
    randomisation_p,
    statistic_of,
)

SCORES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=9)


def test_a_constant_has_an_interval_of_no_width():
    found = mean_of([0.25] * 17)
    assert (found.mean, found.low, found.high, found.n) == (0.25, 0.25, 0.25, 17)


def test_the_mean_of_nothing_is_none():
    assert mean_of([]) is None


def test_the_interval_of_a_share_is_that_of_the_normal_curve_where_there_are_many():
    # 400 of 1,600: standard error sqrt(.25 x .75 / 1600)
    error = (0.25 * 0.75 / 1_600) ** 0.5
    found = mean_of([1.0] * 400 + [0.0] * 1_200)
    assert found.mean == 0.25
    assert found.low == pytest.approx(0.25 - 1.96 * error, abs=0.15 * error)
    assert found.high == pytest.approx(0.25 + 1.96 * error, abs=0.15 * error)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    generator = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        found = mean_of(generator.binomial(1, 0.5, size=60).astype(float).tolist())
        covered += found.low <= 0.5 <= found.high
    assert 180 <= covered <= 199  # .95 of 200 is 190; three standard errors are 9


def test_many_questions_are_resampled_in_parts_with_the_same_meaning():
    # more numbers than are held at once: the standard error of a fair coin over 30,000
    found = mean_of([0.0, 1.0] * 15_000)
    assert found.high - found.low == pytest.approx(2 * 1.96 * (0.25 / 30_000) ** 0.5, rel=0.1)


@given(SCORES)
def test_the_interval_holds_the_mean_and_is_the_same_each_time(values):
    found = mean_of(values)
    assert min(values) <= found.low <= found.high <= max(values)
    assert found.mean == pytest.approx(sum(values) / len(values))
    assert mean_of(values) == found


def test_resamples_where_the_statistic_is_not_defined_are_left_out():
    def ratio(rows):
        return float("nan") if rows[:, 1].sum() == 0 else rows[:, 0].sum() / rows[:, 1].sum()

    found = statistic_of(ratio, np.array([[2.0, 1.0], [0.0, 0.0]]), resamples=100)
    assert (found.mean, found.low, found.high) == (2.0, 2.0, 2.0)


def test_where_it_is_never_defined_the_interval_is_not_a_number_and_nothing_breaks():
    found = statistic_of(lambda rows: float("nan"), np.zeros((3, 2)), resamples=10)
    assert np.isnan([found.mean, found.low, found.high]).all()


def test_the_difference_is_second_minus_first():
    found = difference_of([0.0, 0.5, 1.0], [1.0, 0.5, 1.0])
    assert found.mean == pytest.approx(1 / 3)
    assert difference_of([0.5, 0.25], [0.0, -0.25]).mean == pytest.approx(-0.5)
    assert difference_of([1.0, 0.0], [1.25, 0.25]).low == 0.25


@given(st.lists(st.sampled_from([-1.0, -0.5, -0.1, 0.0, 0.1, 0.3, 1.0]), min_size=1, max_size=8))
def test_randomisation_agrees_with_the_enumeration_of_all_signs(differences):
    observed = abs(sum(differences))
    sums = [
        abs(sum(sign * value for sign, value in zip(signs, differences, strict=True)))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    exact = sum(each >= observed - 1e-9 for each in sums) / len(sums)
    found = randomisation_p([0.0] * len(differences), differences)
    error = (exact * (1 - exact) / PERMUTATIONS) ** 0.5
    assert found == pytest.approx(exact, abs=4.5 * error + 2 / PERMUTATIONS)


def test_equal_runs_have_p_one():
    assert randomisation_p([0.1, 0.7, 0.3], [0.1, 0.7, 0.3]) == 1


def test_p_is_two_sided_and_never_nought():
    worse, better = [0.0] * 40, [1.0] * 40
    assert randomisation_p(worse, better) == randomisation_p(better, worse) == 1 / (PERMUTATIONS + 1)


def test_holm_by_hand():
    # in order .01 x 4, .02 x 3, .03 x 2, .5 x 1; each at least the one before
    found = holm({"d": 0.5, "b": 0.02, "a": 0.01, "c": 0.03})
    assert found == pytest.approx({"a": 0.04, "b": 0.06, "c": 0.06, "d": 0.5})
    assert list(found) == ["d", "b", "a", "c"]
    assert holm({"a": 0.4, "b": 0.9}) == pytest.approx({"a": 0.8, "b": 0.9})
    assert holm({"a": 1.0, "b": 1.0}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=8))
def test_holm_raises_every_p_and_keeps_their_order(values):
    found = holm(values)
    assert all(values[name] <= found[name] <= 1 for name in values)
    ordered = sorted(values, key=values.__getitem__)
    assert [found[name] for name in ordered] == sorted(found.values())
