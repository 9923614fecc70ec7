"""A question is checked once, at the door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from qa.question import MAX_QUESTION, checked_question


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "the question is empty"),
        (" \t\r\n\u00a0\u3000", "the question is empty"),
        ("x" * 2_001, "2,001 characters, at most 2,000 are taken; shorten it"),
        ("why? " * 20_000, "99,999 characters"),
        ("?", "no letter or digit; ask in words"),
        ("… — !!! __ 🚋", "no letter or digit"),
        ("who \ud83d spoke", "lone surrogate at character 4"),
        ("who\0spoke", "NUL"),
        ("\udcff" * 3_000, "3,000 characters"),
    ],
)
def test_what_is_no_question_is_refused_with_what_was_found(question, told):
    with pytest.raises(InputError, match=told):
        checked_question(question)


@pytest.mark.parametrize("question", ["7", "Ж", "誰", "é", "who\nspoke?", "x" * MAX_QUESTION, "🚋 tram"])
def test_what_has_a_letter_or_a_digit_is_a_question(question):
    assert checked_question(question) == question


def test_white_space_around_it_is_dropped():
    assert checked_question("\n  Who spoke? \u00a0") == "Who spoke?"


@given(st.text(max_size=60))
def test_it_is_kept_as_it_is_or_refused(text):
    try:
        question = checked_question(text)
    except InputError:
        usable = any(character.isalnum() for character in text)
        assert not usable or "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
    else:
        assert question == text.strip()
        assert any(character.isalnum() for character in question)
        assert question.encode("utf-8")
