"""Two runs over the same questions: which is better, and on which questions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.evaluate.question_set import QuestionSetError
from qa.evaluate.statistics import Estimate, difference_of, holm, randomisation_p

LEVEL = 0.05
_GROUPS = ("retrieval", "passages", "answers")
_CHANGED = 10


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two runs: their means over the shared questions, and B minus A.

    `p` is two-sided, from the paired randomisation test, adjusted by Holm over all measures.
    """

    measure: str
    first: float
    second: float
    difference: Estimate
    p: float

    @property
    def verdict(self) -> str:
        """`B is better`, `A is better` or `no difference`, at the level of .05."""
        if self.p >= LEVEL or self.difference.mean == 0:
            return "no difference"
        return "B is better" if self.difference.mean > 0 else "A is better"


@dataclass(frozen=True, slots=True)
class Changed:
    """A question whose measure changed, by how much."""

    id: str
    question: str
    measure: str
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every shared measure, and the questions that changed most, both ways."""

    questions: int
    differences: list[Difference]
    better: list[Changed]
    worse: list[Changed]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as `compare --json` prints it."""
        return {
            "questions": self.questions,
            "measures": [
                {
                    "measure": each.measure,
                    "a": each.first,
                    "b": each.second,
                    "difference": each.difference.mean,
                    "low": each.difference.low,
                    "high": each.difference.high,
                    "p": each.p,
                    "n": each.difference.n,
                    "verdict": each.verdict,
                }
                for each in self.differences
            ],
            "better": [_changed(each) for each in self.better],
            "worse": [_changed(each) for each in self.worse],
        }


def compare(first: str | Path, second: str | Path) -> Comparison:
    """Compares the runs that `eval --out` wrote to two folders (or their `rows.jsonl`).

    Raises QuestionSetError where one is no run, or they share no question.
    """
    left, right = _rows(Path(first)), _rows(Path(second))
    shared = [id for id in left if id in right]
    if not shared:
        raise QuestionSetError(f"{first} and {second} have no question in common; compare runs of one set")
    pairs = _pairs([left[id] for id in shared], [right[id] for id in shared])
    p_values = holm({measure: randomisation_p(*values) for measure, values in pairs.items()})
    differences = [
        Difference(measure, _mean(a), _mean(b), difference_of(a, b), p_values[measure])
        for measure, (a, b) in pairs.items()
    ]
    changed = _all_changed([left[id] for id in shared], [right[id] for id in shared])
    better = sorted(changed, key=lambda each: (each.first - each.second, each.id))[:_CHANGED]
    worse = sorted(changed, key=lambda each: (each.second - each.first, each.id))[:_CHANGED]
    return Comparison(
        len(shared),
        differences,
        [each for each in better if each.second > each.first],
        [each for each in worse if each.second < each.first],
    )


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    file = path / "rows.jsonl" if path.is_dir() else path
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines if line.strip()]
        return {row["id"]: row for row in found if row["retrieval"] is not None}
    except (OSError, ValueError, KeyError, TypeError):
        raise QuestionSetError(f"{path} is no run; name a folder that `eval --out` wrote") from None


def _pairs(
    left: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[list[float], list[float]]]:
    """The values of each measure over the questions that have it in both runs."""
    pairs: dict[str, tuple[list[float], list[float]]] = {}
    for a, b in zip(left, right, strict=True):
        for group in _GROUPS:
            for measure in a.get(group, {}).keys() & b.get(group, {}).keys():
                values = pairs.setdefault(f"{group} {measure}", ([], []))
                values[0].append(a[group][measure])
                values[1].append(b[group][measure])
    return dict(sorted(pairs.items()))


def _all_changed(left: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]]) -> list[Changed]:
    """Per question, the change of the answer's measure, else of the ranking's."""
    found = []
    for a, b in zip(left, right, strict=True):
        for group, measure in (("answers", "sentence@1"), ("retrieval", "nDCG@10")):
            if measure in a.get(group, {}) and measure in b.get(group, {}):
                values = a[group][measure], b[group][measure]
                if values[0] != values[1]:
                    found.append(Changed(a["id"], a["question"], f"{group} {measure}", *values))
                    break
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _changed(each: Changed) -> dict[str, Any]:
    return {
        "id": each.id,
        "question": each.question,
        "measure": each.measure,
        "a": each.first,
        "b": each.second,
    }
