"""What each part of an answer is worth: which questions it has to do with, asked with it and without."""

from dataclasses import replace
from pathlib import Path

import pytest

from qa import Archive
from qa.evaluate.check import faults
from qa.evaluate.own import read_own
from qa.evaluate.question_set import Question
from qa.evaluate.row import Row
from qa.evaluate.running import run_questions
from qa.evaluate.switching import ALL_KINDS, switched, switched_lines, touched

DATA = Path(__file__).parent / "data" / "parts"
QUESTION = Question(
    "q", "Who?", (), (), judged={"a": 1}, answerable=True, kind=None, place="here", judged_at={}
)


def row(kind=None, *, first=None, answerable=True, right=None, abstained=False, **more):
    retrieval = {} if first is None else {"Success@1": first}
    return Row(
        "q", "here", "Who?", [], kind, "who", answerable, source=None, year=None, known=True, confidence=0.5,
        abstained=abstained, right=right, quotes_verified=True, retrieval=retrieval, **more,
    )  # fmt: skip


def test_each_kind_and_all_are_compared_question_by_question():
    kinds = ("alias", "alias", "date", None)
    off = [row(kind, first=value) for kind, value in zip(kinds, (0.0, 1.0, 1.0, 0.0), strict=True)]
    on = [row(kind, first=value) for kind, value in zip(kinds, (1.0, 1.0, 0.0, 1.0), strict=True)]
    found = {each.kind: each for each in switched("variants", off, on)}
    assert list(found) == ["alias", "date", ALL_KINDS]
    assert {kind: (each.off.mean, each.on.mean, each.difference.mean) for kind, each in found.items()} == {
        "alias": (0.5, 1.0, 0.5),
        "date": (1.0, 0.0, -1.0),
        ALL_KINDS: (0.5, 0.75, 0.25),
    }
    assert (found[ALL_KINDS].difference.n, found[ALL_KINDS].touched) == (4, 4)
    assert found["alias"].to_dict()["difference"]["mean"] == 0.5


def test_a_question_that_a_part_does_not_touch_counts_the_same_both_ways_and_its_kind_is_not_listed():
    same = row("date", first=1.0)
    found = switched("variants", [row("alias", first=0.0), same], [row("alias", first=1.0), same])
    assert [(each.kind, each.difference.mean, each.touched) for each in found] == [
        ("alias", 1.0, 1),
        (ALL_KINDS, 0.5, 1),
    ]


@pytest.mark.parametrize(
    ("found", "decided"),
    [
        (row(right=True), 1.0),
        (row(right=True, abstained=True), 0.0),
        (row(right=False), 0.0),
        (row(right=None), None),
        (row(answerable=False, right=False, abstained=True), 1.0),
        (row(answerable=False, right=False), 0.0),
    ],
)
def test_a_question_is_decided_rightly_by_its_first_quote_or_by_a_due_abstention(found, decided):
    assert found.decided == decided


def test_what_only_one_run_has_is_left_out():
    assert switched("dates", [row("alias")], [row("alias", first=1.0)]) == []


def test_the_table_has_a_line_for_each_under_the_name_of_its_part():
    lines = list(switched_lines(switched("follow_ups", [row("alias", first=0.0)], [row("alias", first=1.0)])))
    assert lines[1].startswith("follow-ups, off and on")
    assert [line.split()[0] for line in lines[2:]] == ["alias", ALL_KINDS]
    assert "+1.000 [+1.000, +1.000]" in lines[2]


def test_runs_of_other_questions_are_not_compared():
    with pytest.raises(ValueError, match="zip"):
        switched("dates", [row("alias", first=0.0)], [])


@pytest.mark.parametrize(
    ("part", "question", "found", "expected"),
    [
        ("variants", QUESTION, row(variants={"A": ["A", "B"]}), QUESTION),
        ("variants", QUESTION, row(), None),
        ("dates", QUESTION, row(dates=[{"asked": "2012"}]), QUESTION),
        ("dates", QUESTION, row(), None),
        ("reprints", QUESTION, row(), QUESTION),
        ("differences", replace(QUESTION, expects="nothing"), row(), replace(QUESTION, expects="nothing")),
        ("differences", QUESTION, row(), None),
        ("follow_ups", replace(QUESTION, after=("Why?",)), row(), replace(QUESTION, after=("Why?",))),
        ("follow_ups", QUESTION, row(), None),
        ("voices", replace(QUESTION, said_by="Ona"), row(), QUESTION),
        ("voices", QUESTION, row(), None),
    ],
)
def test_a_question_is_asked_without_the_parts_that_have_to_do_with_it(part, question, found, expected):
    assert touched(part, question, found) == expected


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("switched") / "archive", model="hashed-words") as opened:
        opened.add([DATA / "articles.jsonl", DATA / "copies.jsonl"])
        yield opened


def test_every_gold_quote_is_in_the_archive_and_every_part_has_questions(archive):
    questions = read_own(DATA / "questions.jsonl").questions
    assert faults(questions, archive.article) == []
    kinds = [question.kind for question in questions]
    assert all(kinds.count(kind) >= 6 for kind in ("reprint", "voice", "figures", "follow-up"))


@pytest.mark.parametrize(
    ("text", "part", "measure", "on", "off"),
    [
        ("What decided the election in Vell?", "voices", "sentence@1", 1.0, None),
        ("What share of the vote did Ona Brisk win?", "differences", "figures", 1.0, 0.0),
        ("How many trees fell in Vell?", "differences", "figures", 1.0, 1.0),
        ("And in Marrow?", "follow_ups", "sentence@1", 1.0, None),
        ("What became of the captain of the ferry Petrel after the inquiry?", "reprints", "sentence@3", 1.0, 1.0),
    ],
)  # fmt: skip
def test_a_question_is_measured_with_its_part_and_without(archive, text, part, measure, on, off):
    questions = read_own(DATA / "questions.jsonl")
    chosen = [question for question in questions.questions if question.text == text]
    rows = run_questions(replace(questions, questions=chosen), archive, on_off=True)
    assert rows.rows[0].answers[measure] == on
    assert rows.without[part][0] is not rows.rows[0]
    if off is not None:
        assert rows.without[part][0].answers[measure] == off
    plain = run_questions(replace(questions, questions=chosen), archive)
    assert (plain.rows, plain.without) == (rows.rows, {})
