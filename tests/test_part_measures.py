"""What each part is worth: questions of its kind, asked with it and without."""

from pathlib import Path

import pytest

from qa import Answerer, Archive, Retriever
from qa.evaluate.check import faults
from qa.evaluate.matching import Targets
from qa.evaluate.own import read_own
from qa.evaluate.part_measures import measure_parts

DATA = Path(__file__).parent / "data" / "parts"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("measures") / "archive", model="hashed-words") as archive:
        archive.add([DATA / "articles.jsonl", DATA / "copies.jsonl"])
        yield Answerer(Retriever(archive), threshold=0)


@pytest.fixture(scope="module")
def questions():
    return {question.id: question for question in read_own(DATA / "questions.jsonl").questions}


def measured(answerer, question):
    targets = Targets(question, [answerer.archive.article(id) for id in sorted(question.relevant)])
    answer = answerer.ask(question.text, after=question.after, said_by=question.said_by)
    return measure_parts(question, answerer, targets, answer)


def test_every_gold_quote_is_in_the_archive_and_every_part_has_questions(answerer, questions):
    assert faults(list(questions.values()), answerer.archive.article) == []
    kinds = [question.kind for question in questions.values()]
    assert all(kinds.count(kind) >= 6 for kind in ("reprint", "voice", "figures", "follow-up"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What decided the election in Vell?", {"voice:on": 1.0}),
        ("What share of the vote did Ona Brisk win?", {"figures:on": 1.0, "figures:off": 0.0}),
        ("How many trees fell in Vell?", {"figures:on": 1.0, "figures:off": 1.0}),
        ("And in Marrow?", {"follow-up:on": 1.0}),
        ("What became of the captain of the ferry Petrel after the inquiry?", {"reprint:on": 1.0}),
    ],
)
def test_a_question_is_measured_by_its_part_on_and_off(answerer, questions, text, expected):
    question = next(each for each in questions.values() if each.text == text)
    found = measured(answerer, question)
    assert len(found) == 2
    assert found.items() >= expected.items()
