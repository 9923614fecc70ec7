"""Intervals and tests, from the questions themselves: bootstrap, paired randomisation, Holm."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Statistic = Callable[[Values], float]  # of rows, one a question
SEED = 20_201_120
RESAMPLES = 2_000
PERMUTATIONS = 10_000
_HELD = 2_000_000  # numbers of resamples held in memory at once


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, or another statistic, of `n` questions with its 95 % bootstrap percentile interval."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean_of(values: Sequence[float] | NDArray[np.bool_] | Values) -> Estimate | None:
    """The mean of one value a question; None where there is none."""
    if not len(values):
        return None
    array = np.array(values, dtype=np.float64)
    generator = np.random.default_rng(SEED)
    drawn = [
        array[generator.integers(0, len(array), size=(some, len(array)))].mean(axis=1)
        for some in _chunks(RESAMPLES, len(array))
    ]
    return _estimate(float(array.mean()), np.concatenate(drawn), len(array))


def statistic_of(statistic: Statistic, rows: Values, *, resamples: int) -> Estimate:
    """Any statistic of the rows, one row a question, with the interval over resampled questions.

    `rows` holds at least one. Resamples in which the statistic is not defined (NaN) are left out.
    """
    generator = np.random.default_rng(SEED)
    count = len(rows)
    drawn = [statistic(rows[generator.integers(0, count, size=count)]) for _ in range(resamples)]
    return _estimate(float(statistic(rows)), np.array(drawn), count)


def difference_of(first: Sequence[float], second: Sequence[float]) -> Estimate | None:
    """The mean of second minus first over the same questions, with its interval."""
    return mean_of(np.array(second, dtype=np.float64) - np.array(first, dtype=np.float64))


def randomisation_p(first: Sequence[float], second: Sequence[float]) -> float:
    """Two-sided p of the paired randomisation test on the mean difference (Smucker et al. 2007).

    Of PERMUTATIONS random signs, the observed ones counted among them: never 0, and 1 for equal runs.
    """
    differences = np.array(second, dtype=np.float64) - np.array(first, dtype=np.float64)
    observed = abs(differences.sum())
    slack = 1e-9 * np.abs(differences).sum()  # the same sum in another order differs in its last digits
    generator = np.random.default_rng(SEED)
    as_large = 0
    for some in _chunks(PERMUTATIONS, len(differences)):
        signs = generator.integers(0, 2, size=(some, len(differences)), dtype=np.int8) * 2.0 - 1.0
        as_large += int((np.abs(signs @ differences) >= observed - slack).sum())
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


def _estimate(value: float, drawn: Values, count: int) -> Estimate:
    defined = drawn[~np.isnan(drawn)]
    low, high = np.percentile(defined, [2.5, 97.5]) if len(defined) else (np.nan, np.nan)
    return Estimate(value, float(low), float(high), count)


def _chunks(times: int, size: int) -> Iterator[int]:
    """How many resamples of `size` numbers to draw at once, until there are `times` of them."""
    most = max(1, _HELD // size)
    while times > 0:
        yield min(most, times)
        times -= most
