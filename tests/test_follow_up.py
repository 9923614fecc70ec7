"""Follow-ups: what a question takes over, in the user's own words alone; and a conversation of ten turns."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from qa import Answerer, Archive, Retriever
from qa.follow_up import follow
from qa.parts import Parts
from qa.sample import build_sample

CONVERSATION = json.loads(
    (Path(__file__).parent / "data" / "parts" / "conversation.json").read_text(encoding="utf-8")
)


def words(text):
    return re.findall(r"\w+", text.casefold())


@pytest.mark.parametrize(
    ("before", "question", "whole", "carried"),
    [
        ("Who was detained in Oral?", "And in Almaty?", "Who was detained in Almaty?", ["was detained"]),
        ("Who was detained in Oral?", "In Almaty?", "Who was detained In Almaty?", ["was detained"]),
        ("When was the DVK banned?", "Why?", "Why was the DVK banned?", ["the DVK", "banned"]),
        ("When was the DVK banned?", "By whom?", "By whom was the DVK banned?", ["the DVK", "banned"]),
        ("When was Kozlov arrested?", "What about him?", "Kozlov?", ["Kozlov"]),
        ("When was Kozlov arrested?", "What did he say in 2012?", "What did Kozlov say in 2012?", ["Kozlov"]),
        (
            "Who is the leader of the DVK?",
            "And the OSDP?",
            "Who is the leader of the OSDP?",
            ["is the leader"],
        ),
        (
            "How many days did Abilov get in January?",
            "And in February?",
            "How many days did Abilov get in February?",
            ["days did", "Abilov"],
        ),
        (
            "How many days did Abilov get in January?",
            "What about Kosanov?",
            "How many days did Kosanov get in January?",
            ["days did", "in January"],
        ),
        ("Who was detained in Oral?", "What happened there?", "What happened in Oral?", ["in Oral"]),
        (
            "How long was the rally in Oral?",
            "Who led it?",
            "Who led it was the rally in Oral?",
            ["was the rally", "in Oral"],
        ),
        ("When was Masimov detained?", "On what suspicion?", "On what suspicion Masimov?", ["Masimov"]),
        ("When was Masimov detained?", "And how many officers?", "how many officers Masimov?", ["Masimov"]),
    ],
)
def test_what_a_question_lacks_comes_from_the_one_before(before, question, whole, carried):
    found = follow(question, [before])
    assert (found.question, [piece.text for piece in found.carried]) == (whole, carried)
    assert found.dropped == ()


@pytest.mark.parametrize(
    "question",
    [
        "When was Karim Masimov detained?",
        "Is it true that Toqaev resigned?",
        "What is the capital of France?",
        "And when was Vladimir Kozlov arrested?",
        "What did Toqaev say of his reforms?",
        "Who is president?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question):
    found = follow(question, ["Who was detained in Oral on April 12?"])
    assert (found.question, found.carried) == (question, ())


def test_the_first_question_stands_alone_whatever_it_says():
    for question in ("Why?", "And in Almaty?", "What about him?", "He?"):
        assert follow(question, []).question == question


def test_what_was_carried_into_the_question_before_is_carried_on():
    found = follow("Why?", ["Who was detained in Oral on April 12?", "And in Almaty?"])
    assert found.question == "Why was detained in Almaty on April 12?"


def test_a_dropped_piece_is_not_searched_and_can_be_seen():
    before = ["How many people were detained in Shymkent on February 22, 2020?"]
    found = follow("And in Aqtobe?", before, ["on February 22, 2020"])
    assert found.question == "How many people were detained in Aqtobe?"
    assert [piece.text for piece in found.dropped] == ["on February 22, 2020"]
    found = follow("Who led them?", before, ["in Shymkent", "on February 22, 2020"])
    assert "Shymkent" not in found.question
    assert [piece.text for piece in found.dropped] == ["in Shymkent", "on February 22, 2020"]


said = st.lists(
    st.sampled_from(
        [
            "Why",
            "who",
            "what",
            "about",
            "he",
            "there",
            "then",
            "And",
            "but",
            "in",
            "the",
            "Oral",
            "Kosanov",
            "DVK",
            "on",
            "February",
            "25",
            "it",
            "was",
            "jailed",
            "how",
            "many",
            "(he)",
            "\\1",
            "[in]",
            "?",
            ".",
            "2012",
            "the",
            "then",
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@given(st.lists(said, min_size=1, max_size=5), st.lists(said, max_size=2))
def test_every_searched_text_is_made_of_the_users_own_words(turns, dropped):
    found = follow(turns[-1], turns[:-1], dropped)
    spoken = set(words(" ".join(turns)))
    assert set(words(found.question)) <= spoken
    for piece in (*found.carried, *found.dropped):
        assert set(words(piece.text)) <= spoken


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("conversation") / "archive"
    build_sample(folder)
    with Archive.open(folder) as archive:
        yield Answerer(Retriever(archive), threshold=0)


def test_ten_turns_over_the_sample_archive_find_the_right_article_each(sample):
    assert len(CONVERSATION) == 10
    asked = []
    for turn in CONVERSATION:
        answer = sample.ask(turn["question"], after=asked)
        asked.append(turn["question"])
        assert answer.searched == turn["searched"]
        assert set(words(answer.searched)) <= set(words(" ".join(asked)))
        assert answer.quotes[0].article.id == turn["article"], turn
        assert any(turn["words"] in quote.text for quote in answer.quotes), turn
        found = answer.to_dict()["follow_up"]
        assert (
            [piece["text"] for piece in found["carried"]] == turn["carried"] if found else not turn["carried"]
        )


def test_left_out_the_question_is_searched_as_it_was_typed(sample):
    asked = ["Who was detained in Oral?"]
    answer = sample.ask("And in Almaty?", after=asked, parts=Parts(follow_ups=False)).to_dict()
    assert (answer["searched"], answer["follow_up"]) == ("And in Almaty?", None)
    with pytest.raises(InputError, match="the question is empty"):
        sample.ask("Why?", after=[" "])
