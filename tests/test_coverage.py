"""The share of a question's words that a sentence holds, worked out by hand."""

import pytest

from corpus.article import Article, Facts, Origin, Span
from corpus.passages import Passage
from qa.coverage import NEAR, Coverage
from qa.hit import Hit

TEXT = "The harbour closed. Mayor Orlo ordered it. Snow fell."
SENTENCES = (Span(0, 19), Span(20, 42), Span(43, 53))
IDF = {"harbour": 3.0, "orlo": 5.0, "order": 2.0, "snow": 4.0}


class Lexical:
    def idf(self, name, term):
        return IDF[term]


def coverage(question, index, title=None):
    article = Article.from_facts(
        Facts(title=title, language="en"), id="a", text=TEXT, origin=Origin("/invented")
    )
    hit = Hit(article, Passage("a", 0, 53, SENTENCES), 0.5, 0.5, 0.5)
    return Coverage(question, Lexical()).of(hit, index)


@pytest.mark.parametrize(
    ("index", "title", "expected"),
    [
        (0, None, 3 / 10),  # harbour, of harbour, orlo and order
        (1, None, (5 + 2 + NEAR * 3) / 10),  # the harbour is in the sentence before
        (2, None, NEAR * (5 + 2) / 10),
        (2, "Orlo's harbour", NEAR * (5 + 2 + 3) / 10),
        (0, "Orlo", (3 + NEAR * 5) / 10),
    ],
)
def test_words_in_the_sentence_count_whole_and_near_it_in_part(index, title, expected):
    assert coverage("Who was it that Orlo ordered to the harbour?", index, title) == pytest.approx(expected)


def test_a_question_of_grammar_alone_is_covered_by_its_own_words():
    class Even:
        def idf(self, name, term):
            return 1.0

    article = Article.from_facts(Facts(language="en"), id="a", text="It was he.", origin=Origin("/invented"))
    hit = Hit(article, Passage("a", 0, 10, (Span(0, 10),)), 0.5, 0.5, 0.5)
    assert Coverage("Was it he?", Even()).of(hit, 0) == 1.0
    assert Coverage("?", Even()).of(hit, 0) == 0.0
