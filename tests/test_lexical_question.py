"""A question put term by term scores as one put whole; what a search leaves out is bounded."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Span
from qa import lexical, lexical_question
from qa.analysis import PLAIN
from qa.lexical import Entry, LexicalIndex
from qa.names.widening import Name

WORDS = ["gull", "pier", "tram", "ash", "quay", "fog"]
NAMES = (Name(Span(0, 4), "gull", ("tern", "fog quay"), attested=True),)
texts = st.lists(st.sampled_from([*WORDS, "tern"]), min_size=1, max_size=30).map(" ".join)
entries = st.lists(st.tuples(texts, st.none() | texts, st.sampled_from([PLAIN, "english"])), min_size=1, max_size=20)  # fmt: skip
questions = st.lists(st.sampled_from([*WORDS, "walrus"]), min_size=1, max_size=5).map(" ".join)


def built(entries):
    made = [
        Entry(row, name, text, title, None, None, None) for row, (text, title, name) in enumerate(entries, 1)
    ]
    return LexicalIndex.of(made)


@pytest.mark.parametrize("names", [(), NAMES])
@settings(max_examples=25, deadline=None)
@given(entries, questions)
def test_scores_are_the_same_to_the_bit_a_term_at_a_time(names, entries, question):
    index = built(entries)
    rows = list(range(1, len(entries) + 1, 2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "EXACT", 0)
        one_by_one = index.scores(question, rows, names)
    assert one_by_one == index.scores(question, rows, names)
    found = dict(index.search(question, 100, names=names))
    assert one_by_one == {row: found[row] for row in rows if row in found}


@settings(max_examples=25, deadline=None)
@given(entries, questions, st.sampled_from([0.1, 0.3, 2.0]))
def test_scores_are_the_same_with_rare_words_in_one_query(entries, question, rare):
    index = built(entries)
    rows = list(range(1, len(entries) + 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "EXACT", 0)
        patch.setattr(lexical_question, "_RARE", rare)
        together = built(entries).scores(question, rows)
    assert together == pytest.approx(index.scores(question, rows), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(entries, questions, st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_what_is_left_out_adds_no_more_than_told(entries, question, most):
    index = built(entries)
    rows = list(range(1, len(entries) + 1))
    found = dict(index.search(question, 100, most=most))
    more = index.left_out(question, most=most)
    for row, score in index.scores(question, rows).items():
        assert found.get(row, 0.0) - 1e-6 <= score <= found.get(row, 0.0) + more + 1e-6


def test_nothing_is_left_out_of_a_small_index_and_the_bound_is_a_words_own():
    index = built([("gull gull", None, PLAIN), ("gull pier", None, PLAIN), ("gull fog", None, PLAIN)])
    assert index.left_out("gull pier", most=1) == 0
    # "gull" is in 3 texts of 3, "pier" in 1: idf ln(8 / 7) and ln(8 / 3); in no title: ln 8, at half.
    gull, pier, untitled = 0.133531, 0.980829, 2.079442
    assert index.left_out("gull pier", most=0.5) == pytest.approx(
        (gull + untitled / 2) / (gull + pier), abs=1e-5
    )


@pytest.mark.parametrize("count", [10, lexical._SET + 1])
def test_many_rows_are_chosen_as_few_are(count):
    index = built([(f"gull {number}", None, PLAIN) for number in range(count + 5)])
    assert set(index.scores("gull", range(1, count + 1))) == set(range(1, count + 1))


@pytest.mark.parametrize("languages", [["english"], [PLAIN, "english", "german"]])
def test_a_question_as_long_as_may_be_is_scored_in_a_large_index(monkeypatch, languages):
    """Nested in one query, some thousand terms would end the process: tantivy calls itself for each."""
    words = [f"{one}{other}" for one in "bcdfghjklmnpqrtvwxz" for other in "abcdefghijklmnopqrstuvwxyz"]
    question = " ".join(words)
    half = " ".join(words[::2])
    index = built([(question, question, name) for name in languages] + [(half, None, languages[0])])
    whole = index.scores(question, [1, len(languages) + 1])
    monkeypatch.setattr(lexical, "EXACT", 0)
    assert index.scores(question, [1, len(languages) + 1]) == pytest.approx(whole, abs=1e-5)
    assert whole[1] > whole[len(languages) + 1] > 0
