"""The developers' articles under the default model: answers that can be checked with nothing but Python.

Slow: the model is loaded. Skipped where the shared folder is not there.
"""

import json

import pytest

from corpus.article import Span
from qa import Answerer, Archive, Retriever
from qa.doctor import diagnose

pytestmark = pytest.mark.slow

QUESTIONS = [
    "Who is the party boss in Almaty?",
    "Who was detained in Oral?",
    "When was Mukhtar Taizhan detained?",
    "How many people were detained at the opposition rallies?",
    "How long was Taizhan sentenced to prison?",
    "What did the OSCE say about the elections?",
    "Which party won the parliamentary elections?",
    "What happened in January 2022?",
    "How many people were killed in the January unrest?",
    "Who is Joanna Lillis?",
    "What did the protesters in Almaty demand?",
    "Which party was banned?",
    "Who is Bolat Atabayev?",
    "What is Mukhtar Ablyazov accused of?",
    "Where did police block rallies?",
    "Who was rearrested in Almaty?",
    "What did Tokayev promise?",
    "How was Zhanaozen remembered?",
    "Who leads the Democratic Choice of Kazakhstan?",
    "Кто был задержан в Алматы?",
    "Sign up for the newsletter",
    "What is the capital of Peru?",
]


@pytest.fixture(scope="session")
def archive(shared, tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("shared") / "archive") as archive:
        archive.add(shared / "articles")
        yield archive


@pytest.fixture(scope="session")
def answers(archive):
    answerer = Answerer(Retriever(archive))
    return {question: answerer.ask(question) for question in QUESTIONS}


def test_all_five_are_read_with_their_facts(archive):
    assert [(each.id, each.published) for each in archive.articles()] == [
        ("eurasianet-2012-01-28", "2012-01-28"),
        ("eurasianet-2012-02", "2012-02"),
        ("january-2022", "2022-01"),
        ("rferl-2020-02-22", "2020-02-22"),
        ("taizhan-2023-04", "2023-04"),
    ]
    assert diagnose(archive).ok


def test_the_party_boss_is_quoted(answers):
    quote = answers["Who is the party boss in Almaty?"].quotes[0]
    assert "the party’s Almaty boss Amirbek Togusov" in quote.text
    assert quote.article.id == "eurasianet-2012-01-28"


def test_who_was_detained_in_oral_is_quoted(answers):
    answer = answers["Who was detained in Oral?"]
    assert "Akhmedyarov" in answer.quotes[0].text
    assert answer.quotes[0].article.id == "taizhan-2023-04"


def test_every_quote_is_in_its_file_at_its_offsets(answers, archive, shared):
    quotes = [quote for answer in answers.values() for quote in answer.quotes]
    assert len(quotes) >= len(QUESTIONS) / 2
    for quote in quotes:
        with open(quote.article.origin.path, newline="", encoding="utf-8-sig") as file:
            assert file.read()[quote.start : quote.end] == quote.text
        assert quote.article.origin.path.startswith(str(shared.resolve()))


def test_no_quote_takes_in_furniture_and_none_is_half_an_article(answers, archive):
    for answer in answers.values():
        for shown in [*answer.quotes, *answer.related]:
            marks = archive.furniture(shown.article.id)
            assert not any(mark.span.overlaps(Span(shown.start, shown.end)) for mark in marks)
        for quote in answer.quotes:
            assert quote.end - quote.start < len(quote.article.text) / 2


def test_every_answer_is_consistent_and_verifies(answers):
    for answer in answers.values():
        assert answer.abstained is (answer.confidence < answer.threshold) is (not answer.quotes)
        assert answer.verify().ok


def test_asked_again_of_an_archive_filled_in_another_order_the_bytes_are_the_same(
    answers, archive, shared, tmp_path
):
    files = sorted((shared / "articles").glob("*.txt"), reverse=True)
    with Archive.create(tmp_path / "other", model=archive.encoder) as other:
        other.add(files[0])
        other.add(files)
        other.remove("january-2022")
        other.add(shared / "articles")
        answerer = Answerer(Retriever(other))
        for question in QUESTIONS[:8]:
            again = answerer.ask(question).to_json()
            assert again == answers[question].to_json()
            assert json.loads(again)["question"] == question
