"""Intervals and tests, from the questions themselves: bootstrap, paired randomisation, Holm."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
SEED = 20_201_120
RESAMPLES = 2_000
PERMUTATIONS = 10_000
_CHUNK = 200  # resamples held in memory at once


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` questions with its 95 % bootstrap percentile interval."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean_of(values: Sequence[float]) -> Estimate | None:
    """The mean of one value a question; None where there is none."""
    if not values:
        return None
    return statistic_of(lambda rows: rows[:, 0].mean(), np.array(values, dtype=np.float64)[:, None])


def statistic_of(
    statistic: Callable[[Values], float], rows: Values, *, resamples: int = RESAMPLES
) -> Estimate:
    """Any statistic of the rows, one row a question, with the interval over resampled questions.

    Resamples in which the statistic is not defined (NaN) are left out.
    """
    generator = np.random.default_rng(SEED)
    count = len(rows)
    drawn = []
    if rows.shape[1] == 1:  # a mean: many resamples at a time
        for _ in range(resamples // _CHUNK):
            picked = generator.integers(0, count, size=(_CHUNK, count))
            drawn += rows[:, 0][picked].mean(axis=1).tolist()
    else:
        drawn = [statistic(rows[generator.integers(0, count, size=count)]) for _ in range(resamples)]
    defined = np.array([value for value in drawn if not np.isnan(value)])
    low, high = np.percentile(defined, [2.5, 97.5]) if len(defined) else (np.nan, np.nan)
    return Estimate(float(statistic(rows)), float(low), float(high), count)


def difference_of(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """The mean of second minus first over the same questions, with its interval."""
    pairs = np.array(second, dtype=np.float64) - np.array(first, dtype=np.float64)
    return statistic_of(lambda rows: rows[:, 0].mean(), pairs[:, None])


def randomisation_p(first: Sequence[float], second: Sequence[float]) -> float:
    """Two-sided p of the paired randomisation test on the mean difference (Smucker et al. 2007)."""
    differences = np.array(second, dtype=np.float64) - np.array(first, dtype=np.float64)
    observed = abs(differences.sum())
    generator = np.random.default_rng(SEED)
    as_large = 0
    for _ in range(PERMUTATIONS // _CHUNK):
        signs = generator.integers(0, 2, size=(_CHUNK, len(differences)), dtype=np.int8) * 2.0 - 1.0
        as_large += int((np.abs(signs @ differences) >= observed - 1e-12).sum())
    return (as_large + 1) / (PERMUTATIONS + 1)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down adjustment: p-values that keep the family's error at the level chosen."""
    ordered = sorted(p_values, key=p_values.__getitem__)
    adjusted: dict[str, float] = {}
    highest = 0.0
    for rank, name in enumerate(ordered):
        highest = max(highest, min(1.0, p_values[name] * (len(ordered) - rank)))
        adjusted[name] = highest
    return {name: adjusted[name] for name in p_values}
