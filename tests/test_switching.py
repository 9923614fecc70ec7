"""Two runs of the same questions, by kind."""

from dataclasses import dataclass, field

import pytest

from qa.evaluate.switching import ALL, switched, switched_lines


@dataclass
class Row:
    kind: str | None
    retrieval: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)


def rows(*values):
    return [Row(kind, {"Success@1": value} if value is not None else {}) for kind, value in values]


def test_each_kind_and_all_are_compared_question_by_question():
    off = rows(("alias", 0.0), ("alias", 1.0), ("date", 1.0), (None, 0.0))
    on = rows(("alias", 1.0), ("alias", 1.0), ("date", 0.0), (None, 1.0))
    found = {each.kind: each for each in switched(off, on)}
    assert list(found) == ["alias", "date", ALL]
    assert {kind: (each.off.mean, each.on.mean, each.difference.mean) for kind, each in found.items()} == {
        "alias": (0.5, 1.0, 0.5),
        "date": (1.0, 0.0, -1.0),
        ALL: (0.5, 0.75, 0.25),
    }
    assert found[ALL].difference.n == 4
    assert found["alias"].to_dict()["difference"]["mean"] == 0.5


def test_what_only_one_run_has_is_left_out():
    assert switched(rows(("alias", None)), rows(("alias", 1.0))) == []


def test_the_table_has_a_line_for_each():
    found = switched(rows(("alias", 0.0)), rows(("alias", 1.0)))
    lines = list(switched_lines(found))
    assert [line.split()[0] for line in lines[2:]] == ["alias", ALL]
    assert "+1.000 [+1.000, +1.000]" in lines[2]


def test_runs_of_other_questions_are_not_compared():
    with pytest.raises(ValueError, match="zip"):
        switched(rows(("alias", 0.0)), [])
