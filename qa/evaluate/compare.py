"""Two runs over the same questions: which is better, and on which questions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.evaluate import names
from qa.evaluate.question_set import QuestionSetError
from qa.evaluate.statistics import Estimate, difference_of, holm, randomisation_p
from qa.evaluate.summary import GROUPS

LEVEL = 0.05
A_BETTER, B_BETTER, NO_DIFFERENCE = "A is better", "B is better", "no difference"
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
            return NO_DIFFERENCE
        return B_BETTER if self.difference.mean > 0 else A_BETTER


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
    warnings: list[str]

    @property
    def verdict(self) -> str:
        """What the measures say together, in a line."""
        better = [each.measure for each in self.differences if each.verdict == B_BETTER]
        worse = [each.measure for each in self.differences if each.verdict == A_BETTER]
        said = [
            f"{run} is better on {', '.join(measures)}"
            for run, measures in (("B", better), ("A", worse))
            if measures
        ]
        return "; ".join(said) or NO_DIFFERENCE

    def to_dict(self) -> dict[str, Any]:
        """The comparison as `compare --json` prints it."""
        return {
            "questions": self.questions,
            "verdict": self.verdict,
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
            "warnings": self.warnings,
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
    if not pairs:
        raise QuestionSetError(f"{first} and {second} share no measure; none of their questions is judged")
    p_values = holm({measure: randomisation_p(*values) for measure, values in pairs.items()})
    differences = [
        Difference(measure, _mean(a), _mean(b), difference, p_values[measure])
        for measure, (a, b) in pairs.items()
        if (difference := difference_of(a, b))
    ]
    changed = _all_changed([left[id] for id in shared], [right[id] for id in shared])
    better = sorted(changed, key=lambda each: (each.first - each.second, each.id))[:_CHANGED]
    worse = sorted(changed, key=lambda each: (each.second - each.first, each.id))[:_CHANGED]
    return Comparison(
        len(shared),
        differences,
        [each for each in better if each.second > each.first],
        [each for each in worse if each.second < each.first],
        _warnings(left, right, shared),
    )


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    file = path / "rows.jsonl" if path.is_dir() else path
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        raise QuestionSetError(f"{path} is no run; name a folder that `eval --out` wrote") from None
    found = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            row = _row(line, f"{file}:{number}")
            found[row["id"]] = row
    return found


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(line)
        measured = [value for group in GROUPS for value in row.get(group, {}).values()]
        if not all(isinstance(value, int | float) for value in measured):
            raise TypeError
        if not isinstance(row["id"], str) or not isinstance(row["question"], str):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise QuestionSetError(
            f"{place}: this is no row of a run; write the run anew with `eval --out`"
        ) from None
    return row


def _warnings(left: Mapping[str, Any], right: Mapping[str, Any], shared: Sequence[str]) -> list[str]:
    found = []
    alone = len(left) + len(right) - 2 * len(shared)
    if alone:
        found.append(f"{alone} questions are in one run only and are left out")
    other = [id for id in shared if left[id]["question"] != right[id]["question"]]
    if other:
        found.append(
            f"{len(other)} questions have the same id but other words in A and B (the first: {other[0]!r}); "
            "are these runs of the same set?"
        )
    return found


def _pairs(
    left: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[list[float], list[float]]]:
    """The values of each measure over the questions that have it in both runs.

    `abstention right`: an answerable question is answered, another is not.
    """
    pairs: dict[str, tuple[list[float], list[float]]] = {}
    for a, b in zip(left, right, strict=True):
        for group in GROUPS:
            first, second = a.get(group, {}), b.get(group, {})
            for measure in first.keys() & second.keys():
                values = pairs.setdefault(f"{group} {measure}", ([], []))
                values[0].append(first[measure])
                values[1].append(second[measure])
        if a.get("answerable") is not None and a["answerable"] == b.get("answerable"):
            values = pairs.setdefault("abstention right", ([], []))
            values[0].append(float(a["abstained"] is not a["answerable"]))
            values[1].append(float(b["abstained"] is not b["answerable"]))
    return dict(sorted(pairs.items(), key=_in_order))


def _in_order(pair: tuple[str, tuple[list[float], list[float]]]) -> tuple[int, int]:
    group, measure = pair[0].split()
    groups, measures = list(names.GROUPS), list(names.MEASURES)
    return (
        groups.index(group) if group in groups else len(groups),
        measures.index(measure) if measure in measures else len(measures),
    )


def _all_changed(left: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]]) -> list[Changed]:
    """Per question, the change of the answer's measure, else of the ranking's."""
    found = []
    for a, b in zip(left, right, strict=True):
        for group, measure in (("answers", "sentence@1"), ("retrieval", "nDCG@10")):
            if measure in a[group] and measure in b[group]:
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
