"""How well confidence tells what can be answered, and how well it keeps its word."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluate.statistics import Estimate, Statistic, Values, mean_of, statistic_of

BINS = 15
_RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: its mean, the share answered rightly, and how many they are."""

    confidence: float
    right: float
    count: int


@dataclass(frozen=True, slots=True)
class Abstention:
    """Measures of confidence; None where the questions don't allow them.

    `auroc`: the chance that an answerable question has the higher confidence of a pair.
    `precision`: of the questions abstained from, the share that can't be answered; `recall`: of
    those that can't, the share abstained from. `answerable_lost`: of those that can, the share
    abstained from. `risk_coverage_area`: mean share answered wrongly (an unanswerable question
    answered is wrong) over all coverages; lower is better. `calibration_error`: mean distance of
    confidence and share right over 15 bins of equal mass. `brier_skill`: 1 minus the Brier score
    over that of always saying the overall share.
    """

    auroc: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    answerable_lost: Estimate | None
    risk_coverage_area: Estimate | None
    calibration_error: float | None
    brier_skill: Estimate | None
    risk_coverage: tuple[tuple[float, float], ...]
    reliability: tuple[Bin, ...]


def measure_abstention(
    confidence: Sequence[float],
    abstained: Sequence[bool],
    answerable: Sequence[bool | None],
    right: Sequence[bool | None],
) -> Abstention:
    """The measures over questions; `right` is whether the first quote answers, None if unknown."""
    sure = np.array(confidence, dtype=np.float64)
    silent = np.array(abstained, dtype=bool)
    labelled = np.array([label is not None for label in answerable], dtype=bool)
    can = np.array([label is True for label in answerable], dtype=bool)
    judged = np.array([label is not None for label in right], dtype=bool)
    correct = np.array([label is True for label in right], dtype=bool)
    both = np.column_stack([sure[labelled], can[labelled]])
    known = np.column_stack([sure[judged], correct[judged]])
    cannot = labelled & ~can
    bins = reliability(known)
    return Abstention(
        auroc=_estimate(auroc, both),
        precision=mean_of(cannot[silent & labelled]) if cannot.any() else None,
        recall=mean_of(silent[cannot]),
        answerable_lost=mean_of(silent[labelled & can]),
        risk_coverage_area=_estimate(risk_coverage_area, known),
        calibration_error=calibration_error(bins),
        brier_skill=_estimate(brier_skill, known),
        risk_coverage=_risk_coverage(known),
        reliability=bins,
    )


def auroc(rows: Values) -> float:
    """Area under the ROC curve of (score, label) rows, ties counted half; NaN with one label only."""
    labels = rows[:, 1] > 0
    positives, negatives = int(labels.sum()), int((~labels).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = float(ranks[inverse][labels].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def risk_coverage_area(rows: Values) -> float:
    """Mean over coverages 1/n…1 of the share wrong among the most confident; ties averaged."""
    return float(_risks(rows).mean()) if len(rows) else float("nan")


def brier_skill(rows: Values) -> float:
    """1 minus the Brier score over that of always saying the overall share; NaN with one label only."""
    right = rows[:, 1]
    if not len(rows) or right.min() == right.max():
        return float("nan")
    return 1 - float(((rows[:, 0] - right) ** 2).mean() / ((right.mean() - right) ** 2).mean())


def reliability(rows: Values) -> tuple[Bin, ...]:
    """At most 15 bins of as equal mass as can be; questions of equal confidence share their outcome."""
    if not len(rows):
        return ()
    order = np.argsort(rows[:, 0], kind="stable")
    sure, right = rows[order, 0], _averaged_over_ties(rows[order, 0], rows[order, 1])
    parts = np.array_split(np.arange(len(rows)), min(BINS, len(rows)))
    return tuple(Bin(float(sure[at].mean()), float(right[at].mean()), len(at)) for at in parts)


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Mean distance of confidence and share right, weighed by the bins' counts."""
    total = sum(each.count for each in bins)
    if not total:
        return None
    return sum(each.count * abs(each.confidence - each.right) for each in bins) / total


def _risks(rows: Values) -> Values:
    """Share wrong among the 1, 2, … n most confident; within a tie, the tie's own mean share."""
    order = np.argsort(-rows[:, 0], kind="stable")
    wrong = _averaged_over_ties(rows[order, 0], 1.0 - rows[order, 1])
    risks: Values = np.cumsum(wrong) / np.arange(1, len(rows) + 1)
    return risks


def _averaged_over_ties(ordered: Values, values: Values) -> Values:
    """Each value, or the mean of the values whose key in `ordered`, a sorted array, is the same."""
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    counts = np.diff(np.r_[first, len(ordered)])
    averaged: Values = np.repeat(np.add.reduceat(values, first) / counts, counts)
    return averaged


def _risk_coverage(rows: Values, points: int = 100) -> tuple[tuple[float, float], ...]:
    if not len(rows):
        return ()
    risks = _risks(rows)
    at = np.unique(np.linspace(1, len(rows), min(points, len(rows))).astype(int))
    return tuple((float(count / len(rows)), float(risks[count - 1])) for count in at)


def _estimate(statistic: Statistic, rows: Values) -> Estimate | None:
    """The statistic with its interval; None where it is not defined on the rows."""
    if not len(rows) or np.isnan(statistic(rows)):
        return None
    return statistic_of(statistic, rows, resamples=_RESAMPLES)
