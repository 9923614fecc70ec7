"""What `eval --check` finds in a question set, before it is asked."""

import pytest
from tiny_sets import ARTICLES, QUESTIONS, beir, corpus, own

from corpus.errors import InputError
from qa.evaluate.check import corpus_articles, faults, never_found
from qa.evaluate.reading import read_question_set, read_what_can_be


@pytest.fixture
def article(tmp_path):
    return corpus_articles(corpus(tmp_path / "articles" / "corpus.jsonl"))


def ask(id, article, quote, **more):
    return {"id": id, "question": "Who?", "gold": [{"article": article, "quote": quote}]} | more


def test_articles_of_a_corpus_by_id(article):
    assert article("ferry").text == ARTICLES["ferry"]
    with pytest.raises(InputError, match="there is no article 'lost'"):
        article("lost")


def test_a_good_set_has_no_faults(tmp_path, article):
    questions = read_question_set(own(tmp_path / "mine.jsonl")).questions
    assert faults(questions, article) == []
    assert never_found(questions, article) == []


def test_gold_in_unknown_articles_and_gold_that_is_not_there(tmp_path, article):
    path = own(
        tmp_path / "mine.jsonl",
        records=[
            ask("a", "lost", "x"),
            ask("b", "ferry", "Captain Mirel  Dun"),  # white space doesn't matter
            ask("c", "ferry", "captain Mirel Dun"),  # case does
            ask("d", "mayor", "Captain Mirel Dun"),
        ],
    )
    found = faults(read_question_set(path).questions, article)
    assert [fault.removeprefix(f"{path}:").split(";")[0] for fault in found] == [
        "1: the question 'a' names the article 'lost', which is not in the archive",
        "3: the gold quote 'captain Mirel Dun' is not in the article 'ferry'",
        "4: the gold quote 'Captain Mirel Dun' is not in the article 'mayor'",
    ]


def test_answers_that_never_occur_are_named(tmp_path, article):
    questions = [*QUESTIONS, {"_id": "q5", "text": "Who sang?", "answers": ["the docks"]}]
    folder = beir(tmp_path / "coast", questions=questions, rows=[("q1", "ferry", 1), ("q5", "choir", 1)])
    found = never_found(read_question_set(folder).questions, article)
    assert found == [
        f"{folder}/queries.jsonl:5: no answer of the question 'q5' occurs in its judged articles"
    ]


def test_every_bad_line_of_our_own_form_is_found_at_once(tmp_path):
    records = [
        ask("a", "ferry", "goats"),
        {"id": "b", "question": "Who?", "answerable": True},
        ask("a", "ferry", "goats"),
        {"id": "c", "gold": []},
    ]
    path = own(tmp_path / "mine.jsonl", records=records)
    with path.open("a") as file:
        file.write("{\n")
    questions, wrong = read_what_can_be(path)
    assert [question.id for question in questions.questions] == ["a", "a"]
    assert [fault.removeprefix(f"{path}:")[:30] for fault in wrong] == [
        "2: an answerable question need",
        "4: 'question' is missing or em",
        "5: the line is not JSON (Expec",
        "3: the id 'a' stands at " + f"{path}:1 too"[:6],
    ]


def test_a_set_of_another_form_tells_its_first_fault(tmp_path):
    folder = beir(tmp_path / "coast", rows=[("q9", "ferry", 1)])
    questions, wrong = read_what_can_be(folder)
    assert (list(questions.questions), len(wrong)) == ([], 1)
    assert "the question 'q9' is not in queries.jsonl" in wrong[0]
    assert read_what_can_be(beir(tmp_path / "good"))[1] == []
