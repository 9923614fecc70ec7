"""What each part of an answer is worth: each kind of question asked with it and without."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from qa.evaluate.question_set import Question
from qa.evaluate.row import Row
from qa.evaluate.statistics import Estimate, difference_of, mean_of

ALL_KINDS = "all"
MEASURES = {
    "retrieval": ("Success@1", "nDCG@10"),
    "answers": ("sentence@1", "sentence@3", "figures"),
}
DECIDED = "decided"  # answered rightly, or rightly not at all


@dataclass(frozen=True, slots=True)
class Switched:
    """One measure over the questions of a kind: without a part, with it, and the paired difference.

    `touched` counts the questions that the part has to do with; the others are the same either way.
    """

    part: str
    kind: str
    measure: str
    off: Estimate
    on: Estimate
    difference: Estimate
    touched: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def touched(part: str, question: Question, row: Row) -> Question | None:
    """The question to ask without a part, given what came of it with all; None where that is the same."""
    if part == "voices":
        return None if question.said_by is None else replace(question, said_by=None)
    has_to_do = {
        "variants": bool(row.variants),
        "dates": bool(row.dates),
        "reprints": True,  # what was not read for a copy's sake doesn't show
        "differences": question.expects is not None,
        "follow_ups": bool(question.after),
    }
    return question if has_to_do[part] else None


def switched(part: str, off: Sequence[Row], on: Sequence[Row]) -> list[Switched]:
    """Every measure by kind, then over all questions; both are rows of the same questions in one order.

    Only kinds of which the part touches a question, and measures that some question has.
    """
    pairs = list(zip(off, on, strict=True))
    kinds = sorted({row.kind for without, row in pairs if row.kind is not None and without is not row})
    found = []
    for kind in [*kinds, ALL_KINDS]:
        of_it = [(without, row) for without, row in pairs if kind in (ALL_KINDS, row.kind)]
        changed = sum(without is not row for without, row in of_it)
        measured = [(_measures(without), _measures(row)) for without, row in of_it]
        for name in dict.fromkeys(name for _, measures in measured for name in measures):
            values = [
                (before[name], after[name])
                for before, after in measured
                if {name} <= before.keys() & after.keys()
            ]
            without, within = [a for a, _ in values], [b for _, b in values]
            means = mean_of(without), mean_of(within), difference_of(without, within)
            if means[0] and means[1] and means[2]:
                found.append(Switched(part, kind, name, means[0], means[1], means[2], changed))
    return found


def _measures(row: Row) -> dict[str, float]:
    found = {
        f"{group} {name}": getattr(row, group)[name]
        for group, names in MEASURES.items()
        for name in names
        if name in getattr(row, group)
    }
    return found if row.decided is None else {**found, DECIDED: row.decided}


def switched_lines(found: Sequence[Switched]) -> Iterator[str]:
    """The table as lines for a terminal, a part after the other."""
    head = f"{'off':<22} {'on':<22} {'on minus off':<24} questions"
    part = None
    for each in found:
        if each.part != part:
            part = each.part
            yield from ("", f"{part.replace('_', '-') + ', off and on':<38} {head:<80}  of them touched")
        columns = f"{_shown(each.off):<22} {_shown(each.on):<22} {_shown(each.difference, sign='+'):<24}"
        yield f"  {each.kind:<14} {each.measure:<21} {columns} {each.on.n:>9,} {each.touched:>16,}"


def _shown(estimate: Estimate, sign: str = "") -> str:
    return f"{estimate.mean:{sign}.3f} [{estimate.low:{sign}.3f}, {estimate.high:{sign}.3f}]"
