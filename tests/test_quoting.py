"""From candidates to quotes."""

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Origin, Span
from corpus.passages import Passage
from qa.candidates import Candidate
from qa.hit import Hit
from qa.quoting import ENOUGH, to_quotes
from qa.reader.calibration import LEAST, Evidence


def hit(text, *, id="one", is_note=False):
    """A passage of the whole text, a sentence after each full stop."""
    article = Article.from_facts(Facts(), id=id, text=text, origin=Origin("/invented"))
    spans = tuple(Span(match.start(), match.end()) for match in re.finditer(r"[^\s.][^.]*\.", text))
    return Hit(article, Passage(id, spans[0].start, spans[-1].end, spans, is_note), 1.0, 1.0, 1.0)


def scored(of, index, score, span=None):
    """A candidate of that probability."""
    return Candidate(of, index, span, Evidence(0.0, 0.0, 0.0, 1.0, 1.0), math.log(score), score, score)


def marked(of, index, score, words):
    start = of.article.text.index(words)
    return scored(of, index, score, Span(start, start + len(words)))


def texts(chosen, most=5):
    return [quote.text for quote in to_quotes(chosen, most)]


def test_a_quote_is_the_sentence_with_its_score():
    of = hit("Gulls flew. Trams stood still. Fog came.")
    (quote,) = to_quotes([scored(of, 1, 0.9)], 5)
    assert (quote.article, quote.start, quote.end, quote.score) == (of.article, 12, 30, 0.9)
    assert (quote.span, quote.same_as) == (None, None)
    assert quote.text == "Trams stood still."


def test_nothing_chosen_is_nothing_quoted():
    assert to_quotes([], 5) == []


def test_at_most_so_many_best_first():
    of = hit("Gulls flew. Trams stood still. Fog came.")
    chosen = [scored(of, 2, 0.99), scored(of, 0, 0.95), scored(of, 1, 0.9)]
    assert texts(chosen, 2) == ["Fog came.", "Gulls flew."]
    assert texts(chosen) == ["Fog came.", "Gulls flew.", "Trams stood still."]


def test_what_scores_far_below_the_best_is_left_out():
    of = hit("Gulls flew. Trams stood still. Fog came.")
    chosen = [scored(of, 0, 0.8), scored(of, 1, 0.8 * ENOUGH + 0.01), scored(of, 2, 0.8 * ENOUGH - 0.01)]
    assert texts(chosen) == ["Gulls flew.", "Trams stood still."]


def test_the_best_is_quoted_however_little_it_scores():
    of = hit("Gulls flew. Trams stood still.")
    assert texts([scored(of, 0, LEAST), scored(of, 1, LEAST)], 1) == ["Gulls flew."]


def test_quotes_that_mark_the_same_short_answer_stand_together_and_name_the_first():
    one, two = hit("Brisk cut the ribbon at noon.", id="one"), hit("Nets tore at dawn.", id="two")
    three = hit("It was Brisk, the mayor, who spoke first that day.", id="three")
    chosen = [marked(one, 0, 0.9, "Brisk"), marked(two, 0, 0.85, "dawn"), marked(three, 0, 0.8, "Brisk")]
    assert [(quote.article.id, quote.same_as) for quote in to_quotes(chosen, 5)] == [
        ("one", None),
        ("three", 1),
        ("two", None),
    ]
    assert [quote.span.of(quote.article.text) for quote in to_quotes(chosen, 5)] == ["Brisk", "Brisk", "dawn"]


@pytest.mark.parametrize("pronoun", ["He", "she", "They", "It", "This", "“It", "'Those"])
def test_a_sentence_that_leans_back_brings_the_one_before(pronoun):
    of = hit(f"Mayor Brisk spoke. {pronoun} smiled.")
    assert texts([scored(of, 1, 1.0)]) == [f"Mayor Brisk spoke. {pronoun} smiled."]


def test_a_first_sentence_has_none_to_bring_and_a_paragraph_is_not_crossed():
    assert texts([scored(hit("She smiled. Fog came."), 0, 1.0)]) == ["She smiled."]
    assert texts([scored(hit("Mayor Brisk spoke.\n\nShe smiled."), 1, 1.0)]) == ["She smiled."]
    assert texts([scored(hit("Heather grew. Items fell."), 1, 1.0)]) == ["Items fell."]


def test_quotes_that_would_overlap_are_one():
    of = hit("Mayor Brisk spoke. She smiled.")
    assert texts([scored(of, 0, 1.0), scored(of, 1, 0.9)]) == ["Mayor Brisk spoke."]
    assert texts([scored(of, 1, 1.0), scored(of, 0, 0.9)]) == ["Mayor Brisk spoke. She smiled."]


def test_near_identical_quotes_of_two_articles_are_one():
    # 4 of 5 words shared is Jaccard 4 / 6; 8 of 9 is 8 / 10, which is the limit.
    one = hit("a b c d e f g h i.", id="one")
    assert texts([scored(one, 0, 1.0), scored(hit("A B, c d e f g h j.", id="two"), 0, 1.0)]) == [
        "a b c d e f g h i."
    ]
    far = hit("a b c d e f g j k.", id="two")
    assert texts([scored(one, 0, 1.0), scored(far, 0, 1.0)]) == ["a b c d e f g h i.", "a b c d e f g j k."]


def test_notes_go_last_even_when_they_score_best():
    note = hit("Pia Corder is an author.", id="note", is_note=True)
    of = hit("Corder wrote of storms. Fog came.")
    assert texts([scored(note, 0, 1.0), scored(of, 0, 0.9), scored(of, 1, 0.01)]) == [
        "Corder wrote of storms.",
        "Pia Corder is an author.",
    ]
    assert texts([scored(note, 0, 1.0), scored(of, 0, 0.01)]) == ["Pia Corder is an author."]


words = st.sampled_from(
    ["He ran", "Gulls flew", "Fog came in", "This was it", "Trams stood still", "Nets tore"]
)
passages = st.lists(words, min_size=1, max_size=6).map(lambda found: ". ".join(found) + ".")


@given(st.lists(passages, min_size=1, max_size=3), st.data())
def test_quotes_are_slices_do_not_overlap_and_are_at_most_so_many(found, data):
    hits = [hit(text, id=str(at), is_note=data.draw(st.booleans())) for at, text in enumerate(found)]
    chosen = [
        scored(of, index, data.draw(st.floats(0.01, 0.99)))
        for of in hits
        for index in range(len(of.passage.sentences))
    ]
    chosen.sort(key=lambda each: -each.score)
    most = data.draw(st.integers(1, 4))
    quotes = to_quotes(chosen, most)
    assert 1 <= len(quotes) <= most
    for quote in quotes:
        assert quote.text == quote.article.text[quote.start : quote.end]
    for of in hits:
        places = sorted((quote.start, quote.end) for quote in quotes if quote.article == of.article)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
    notes = [hits[int(quote.article.id)].passage.is_note for quote in quotes]
    assert notes == sorted(notes)
