"""Names and dates on the sample and invented articles, with the real encoder: each kind, off and on.

Measured when they were written (November 2026), answer sentence first, off and on: alias .500 and
.938, cyrillic .500 and .667, date .611 and .611, spelling .667 and .944; right article first: alias
.875 and .875, cyrillic .500 and .778, date .778 and .889, spelling .667 and .889. A floor lies about
two questions below.
"""

from collections import Counter
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.evaluate import evaluate
from qa.evaluate.check import faults
from qa.evaluate.reading import read_question_set
from qa.sample import ARTICLES

DATA = Path(__file__).parent / "data"
QUESTIONS = DATA / "name-questions.jsonl"
FLOORS = {  # kind: right article first, answer sentence first
    "alias": (0.75, 0.8),
    "cyrillic": (0.65, 0.55),
    "date": (0.77, 0.5),
    "spelling": (0.77, 0.83),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("names") / "archive") as opened:
        opened.add([ARTICLES, DATA / "steppe"])
        yield opened


@pytest.fixture(scope="module")
def found(archive):
    summary = evaluate(QUESTIONS, archive=archive, on_off=True).summary
    return {(each.part, each.kind, each.measure): each for each in summary.switched}


def test_there_are_enough_of_each_kind_and_every_gold_quote_is_where_it_should_be(archive):
    questions = read_question_set(QUESTIONS).questions
    assert Counter(question.kind for question in questions) == {
        "spelling": 18,
        "cyrillic": 18,
        "alias": 16,
        "date": 18,
    }
    assert faults(questions, archive.article) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", FLOORS)
def test_names_and_dates_are_found_and_none_is_the_worse_for_it(found, kind):
    part = "dates" if kind == "date" else "variants"
    article, sentence = (found[part, kind, each] for each in ("retrieval Success@1", "answers sentence@1"))
    assert article.on.mean >= FLOORS[kind][0]
    assert sentence.on.mean >= FLOORS[kind][1]
    assert article.difference.mean >= 0
    assert sentence.difference.mean >= 0
