"""A question's terms with those of its names, and what BM25 makes of them."""

import pytest

from corpus.article import Span
from qa.lexical import Entry, LexicalIndex
from qa.names.widening import Name
from qa.wording import Group, wording

QUESTION = "Who saw Tokayev and the FSM?"


def name(asked, *others, attested=True):
    at = QUESTION.index(asked)
    return Name(Span(at, at + len(asked)), asked, others, attested)


NAMES = (name("Tokayev", "Toqaev", "Токаев"), name("FSM", "Free Steppe Movement"))


def entry(row, text):
    return Entry(row, "english", text, None, None, None, None)


@pytest.fixture(scope="module")
def index():
    texts = [
        "Tokayev spoke",
        "Toqaev spoke",
        "Nobody spoke",
        "Free movement spoke",
        "Free Steppe Movement here",
    ]
    return LexicalIndex.build([entry(row, text) for row, text in enumerate(texts, 1)], ["english"])


def test_names_stand_apart_from_other_words():
    found = wording("english", QUESTION, NAMES)
    assert found.plain == ("who", "saw", "and", "the")
    assert found.groups == (
        Group(("tokayev",), (("toqaev",), ("токаев",))),
        Group(("fsm",), (("free", "stepp", "movement"),)),
    )


def test_a_name_without_another_term_is_a_word_like_any():
    assert wording("english", QUESTION, [name("Tokayev", "TOKAYEV")]) == wording("english", QUESTION, ())


def test_every_spelling_weighs_the_same(index):
    found = dict(index.search("Tokayev", 5, names=[Name(Span(0, 7), "Tokayev", ("Toqaev",), attested=True)]))
    assert set(found) == {1, 2}
    assert found[1] == pytest.approx(found[2], rel=1e-6)
    assert dict(index.search("Tokayev", 5)).keys() == {1}


def test_another_form_needs_all_its_words(index):
    names = [Name(Span(0, 3), "FSM", ("Free Steppe Movement",), attested=False)]
    assert [row for row, _ in index.search("FSM", 5, names=names)] == [5]
    assert index.search("FSM", 5) == []


def test_no_score_passes_the_bound(index):
    for names in ((), NAMES):
        assert all(score <= 1 + 1e-6 for _, score in index.search(QUESTION, 5, names=names))
        assert all(score <= 1 + 1e-6 for score in index.scores(QUESTION, [1, 2, 5], names).values())
