"""How well confidence tells what can be answered, and how well it keeps its word."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluate.statistics import Estimate, Values, statistic_of

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
    precision: float | None
    recall: float | None
    answerable_lost: float | None
    risk_coverage_area: Estimate | None
    calibration_error: float | None
    brier_skill: float | None
    risk_coverage: tuple[tuple[float, float], ...]
    reliability: tuple[Bin, ...]


def measure_abstention(
    confidence: Sequence[float],
    answerable: Sequence[bool | None],
    right: Sequence[bool | None],
    threshold: float,
) -> Abstention:
    """The measures over questions; `right` is whether the first quote answers, None if unknown."""
    sure = np.array(confidence, dtype=np.float64)
    labelled = np.array([label is not None for label in answerable], dtype=bool)
    can = np.array([label is True for label in answerable], dtype=bool)
    judged = np.array([label is not None for label in right], dtype=bool)
    correct = np.array([label is True for label in right], dtype=bool)
    both = np.column_stack([sure[labelled], can[labelled]])
    known = np.column_stack([sure[judged], correct[judged]])
    silent = labelled & (sure < threshold)
    cannot = labelled & ~can
    bins = _bins(known)
    return Abstention(
        auroc=statistic_of(auroc, both, resamples=_RESAMPLES) if 0 < both[:, 1].sum() < len(both) else None,
        precision=_share(cannot[silent]) if cannot.any() else None,
        recall=_share(silent[cannot]),
        answerable_lost=_share(silent[labelled & can]),
        risk_coverage_area=(
            statistic_of(risk_coverage_area, known, resamples=_RESAMPLES) if len(known) else None
        ),
        calibration_error=_calibration_error(bins),
        brier_skill=_brier_skill(known),
        risk_coverage=_risk_coverage(known),
        reliability=bins,
    )


def auroc(rows: Values) -> float:
    """Area under the ROC curve of (score, label) rows, ties counted half; NaN with one label only."""
    labels = rows[:, 1] > 0
    positives, negatives = int(labels.sum()), int((~labels).sum())
    if not positives or not negatives:
        return float("nan")
    values, inverse, counts = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2 if len(values) else counts
    rank_sum = float(ranks[inverse][labels].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def risk_coverage_area(rows: Values) -> float:
    """Mean over coverages 1/n…1 of the share wrong among the most confident; ties averaged."""
    return float(_risks(rows).mean())


def _risks(rows: Values) -> Values:
    """Share wrong among the 1, 2, … n most confident; within a tie, the tie's own mean share."""
    order = np.argsort(-rows[:, 0], kind="stable")
    sure, wrong = rows[order, 0], 1.0 - rows[order, 1]
    _, first, counts = np.unique(-sure, return_index=True, return_counts=True)
    tie_mean = np.add.reduceat(wrong, first) / counts
    smoothed = np.repeat(tie_mean, counts)
    risks: Values = np.cumsum(smoothed) / np.arange(1, len(rows) + 1)
    return risks


def _risk_coverage(rows: Values, points: int = 100) -> tuple[tuple[float, float], ...]:
    if not len(rows):
        return ()
    risks = _risks(rows)
    at = np.unique(np.linspace(1, len(rows), min(points, len(rows))).astype(int))
    return tuple((float(count / len(rows)), float(risks[count - 1])) for count in at)


def _bins(rows: Values) -> tuple[Bin, ...]:
    order = np.argsort(rows[:, 0], kind="stable")
    parts = np.array_split(order, min(BINS, len(rows))) if len(rows) else []
    return tuple(Bin(float(rows[at, 0].mean()), float(rows[at, 1].mean()), len(at)) for at in parts)


def _calibration_error(bins: Sequence[Bin]) -> float | None:
    total = sum(each.count for each in bins)
    if not total:
        return None
    return sum(each.count * abs(each.confidence - each.right) for each in bins) / total


def _brier_skill(rows: Values) -> float | None:
    if not len(rows):
        return None
    share = rows[:, 1].mean()
    reference = float(((share - rows[:, 1]) ** 2).mean())
    if reference == 0:
        return None
    return 1 - float(((rows[:, 0] - rows[:, 1]) ** 2).mean()) / reference


def _share(chosen: Values) -> float | None:
    return float(chosen.mean()) if len(chosen) else None
