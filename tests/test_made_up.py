"""Questions made unanswerable: what is swapped, and what never is."""

import random

from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from qa.training.made_up import made_up, swaps

PASSAGE = (
    "Ona Brisk opened the bridge over the Tarn on 4 May 2031. The ferry of Jory Pell stopped in June 2029. "
    "The largest crane in Vell stood by the quay for 12 years."
)


def found(question, answer, others=()):
    start = PASSAGE.index(answer)
    return swaps(question, PASSAGE, [Span(start, start + len(answer))], others)


def test_a_name_is_swapped_for_one_that_is_not_beside_the_answer():
    made = found("When did Ona Brisk open the bridge?", "4 May 2031")
    assert made["name"] == ["When did Jory Pell open the bridge?"]


def test_names_that_follow_the_same_word_come_before_others():
    made = found("Whose ferry crossed in Vell?", "Jory Pell", ["Fog lay in Marrow. We saw Quillon."])
    assert made["name"] == ["Whose ferry crossed in Marrow?"]


def test_numbers_keep_their_kind():
    years = found("Who opened the bridge in 2031?", "Ona Brisk")["number"]
    assert years == ["Who opened the bridge in 2029?"]
    others = found("What stood there for 12 years?", "largest crane", ["It cost 340 crowns in 1999."])[
        "number"
    ]
    assert set(others) == {f"What stood there for {number} years?" for number in ("4", "340")}


def test_months_are_swapped_for_months():
    made = found("What stopped in June?", "ferry")
    assert "What stopped in August?" in made["date"]
    assert "What stopped in June?" not in made["date"]


def test_opposites_and_negation():
    made = found("Where was the largest crane?", "the quay")
    assert made["opposite"] == ["Where was the smallest crane?"]
    assert made["not"] == ["Where wasn't the largest crane?"]
    assert found("Who was there?", "Ona Brisk")["not"] == ["Who was not there?"]
    assert "not" not in found("Wasn't it there?", "Ona Brisk")


def test_what_the_passage_does_not_say_is_not_swapped():
    assert "name" not in found("When did Quillon open the bridge?", "4 May 2031")
    assert "number" not in found("Who opened it in 1850?", "Ona Brisk")


@given(st.integers(0, 10_000))
def test_a_swap_never_brings_in_a_word_of_the_question_or_of_the_sentence_that_answers(seed):
    question, answer = "When did Ona Brisk open the bridge over the Tarn?", "4 May 2031"
    start = PASSAGE.index(answer)
    made = made_up(question, PASSAGE, [Span(start, start + len(answer))], (), random.Random(seed))
    assert made is not None
    assert made != question
    new = set(made.split()) - set(question.split())
    assert not new & set(PASSAGE.split(" The ferry", maxsplit=1)[0].split())
    assert made == made_up(question, PASSAGE, [Span(start, start + len(answer))], (), random.Random(seed))


def test_nothing_to_swap_makes_nothing():
    assert made_up("why?", PASSAGE, [Span(0, 3)], (), random.Random(1)) is None
