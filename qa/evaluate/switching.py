"""What other spellings, other forms and dates are worth: each kind of question with them and without."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qa.evaluate.running import Row
from qa.evaluate.statistics import Estimate, difference_of, mean_of
from qa.evaluate.summary import without_nan

MEASURES = (
    ("retrieval", "Success@1"),
    ("retrieval", "nDCG@10"),
    ("answers", "sentence@1"),
    ("answers", "sentence@3"),
)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Switched:
    """One measure over the questions of a kind: without, with, and the paired difference."""

    kind: str
    measure: str
    off: Estimate
    on: Estimate
    difference: Estimate

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it, where what is not defined is null."""
        return {name: without_nan(value) for name, value in asdict(self).items()}


def switched(off: Sequence[Row], on: Sequence[Row]) -> list[Switched]:
    """Every measure by kind, then over all questions; both runs are of the same questions in one order."""
    kinds = sorted({row.kind for row in on if row.kind is not None})
    found = []
    for kind in [*kinds, ALL]:
        pairs = [(a, b) for a, b in zip(off, on, strict=True) if kind in (ALL, b.kind)]
        for group, measure in MEASURES:
            values = [
                (getattr(a, group)[measure], getattr(b, group)[measure])
                for a, b in pairs
                if measure in getattr(a, group) and measure in getattr(b, group)
            ]
            without, within = [a for a, _ in values], [b for _, b in values]
            means = mean_of(without), mean_of(within), difference_of(without, within)
            if means[0] and means[1] and means[2]:
                found.append(Switched(kind, f"{group} {measure}", means[0], means[1], means[2]))
    return found


def switched_lines(found: Sequence[Switched]) -> Iterator[str]:
    """The table as lines for a terminal."""
    yield ""
    yield f"{'variants and dates, off and on':<38} {'off':<22} {'on':<22} {'on minus off':<24} questions"
    for each in found:
        columns = f"{_shown(each.off):<22} {_shown(each.on):<22} {_shown(each.difference, sign='+'):<24}"
        yield f"  {each.kind:<14} {each.measure:<21} {columns} {each.on.n:>9,}"


def _shown(estimate: Estimate, sign: str = "") -> str:
    return f"{estimate.mean:{sign}.3f} [{estimate.low:{sign}.3f}, {estimate.high:{sign}.3f}]"
