"""Untrusted words as HTML: escaped, every character in its place, every mark exactly its quote."""

import json
import re
from urllib.parse import unquote

import pytest
from html_reading import HOSTILE, Reading
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Furniture, Origin, Span
from qa.page import texts
from qa.page.markup import button, facts, isolated, marked, original, with_short_answer


def article_of(text, *, title=None, path="/elsewhere/a.md"):
    return Article.from_facts(Facts(title=title), id="a", text=text, origin=Origin(path))


def test_isolated_words_are_text_and_nothing_else():
    reading = Reading(isolated(HOSTILE))
    assert reading.tags == ["bdi"]
    assert reading.attributes == []
    assert reading.text == HOSTILE


def test_the_mark_is_exactly_the_quote_and_the_current_one_is_told_apart():
    article = article_of('One "two" <three> four.')
    html = marked(article, Span(0, len(article.text)), {7: Span(4, 17)}, current=7, furniture=[])
    assert html == (
        'One <span class="number">[7]</span>&#160;'
        '<mark class="current" id="mark-7" tabindex="-1" dir="auto">&quot;two&quot; &lt;three&gt;</mark> four.'
    )
    assert Reading(html).marks == [article.text[4:17]]
    other = marked(article, Span(0, 23), {7: Span(4, 17)}, current=1, furniture=[Furniture(18, 22, "player")])
    assert "current" not in other
    assert '<span class="furniture">four</span>.' in other


def test_a_quote_that_runs_on_is_marked_in_both_pieces_and_numbered_once():
    article = article_of("ab cd\n\nef gh")
    first, second = (
        marked(article, piece, {1: Span(3, 9)}, current=1, furniture=[])
        for piece in (Span(0, 5), Span(7, 12))
    )
    assert Reading(first).marks == ["cd"]
    assert Reading(second).marks == ["ef"]
    assert "[1]" in first
    assert "[1]" not in second
    assert "id=" not in second


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r[")), st.data())
def test_marking_leaves_every_character_in_its_place(text, data):
    article = article_of(text)
    cuts = sorted(data.draw(st.integers(0, len(text))) for _ in range(8))
    quotes = {2: Span(*cuts[1:3]), 1: Span(*cuts[3:5])}
    furniture = [Furniture(*cuts[5:7], "player")]
    piece = Span(cuts[0], cuts[7])
    reading = Reading(marked(article, piece, quotes, current=1, furniture=furniture))
    assert re.sub(r"\[[12]\]\xa0", "", reading.text) == piece.of(text)
    assert reading.marks == [words for span in sorted(quotes.values()) if (words := span.of(text))]
    assert set(reading.tags) <= {"mark", "span"}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")), st.data())
def test_the_short_answer_is_marked_where_it_stands(text, data):
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    reading = Reading(with_short_answer(text, span))
    assert reading.text == text
    assert reading.marks == [span.of(text)]
    assert Reading(with_short_answer(text, None)).marks == []


def test_facts_leave_out_what_is_unknown():
    assert facts([None, None]) == ""
    assert facts(["A & B", None, "2031"]) == '<p class="facts"><bdi>A &amp; B</bdi> · <bdi>2031</bdi></p>'
    assert facts(["A"], label="ours") == '<p class="facts"><bdi>A</bdi> · <span class="label">ours</span></p>'


def test_what_a_button_tells_is_json_whatever_is_in_it():
    reading = Reading(button("Go", "put", question=HOSTILE))
    assert reading.tags == ["button"]
    assert json.loads(dict(reading.attributes)["data-told"]) == {"question": HOSTILE}


@pytest.mark.parametrize(
    ("url", "words", "address"),
    [
        ("https://a.example/x", "Two words", "https://a.example/x#:~:text=Two%20words"),
        ("https://a.example/x#part", "a-b, c & d", "https://a.example/x#part:~:text=a%2Db%2C%20c%20%26%20d"),
        (
            "http://a.example/",
            " ".join("abcdefghijklm"),
            "http://a.example/#:~:text=a%20b%20c%20d%20e%20f,h%20i%20j%20k%20l%20m",
        ),
        ("javascript:alert(1)", "words", None),
        ("data:text/html,x", "words", None),
        ("//a.example/x", "words", None),
        ("https://", "words", None),
        ("https://a.example/\n", "words", None),
        ("https://[a", "words", None),
        (None, "words", None),
    ],
)
def test_the_way_to_the_original_is_a_web_address_or_none(url, words, address):
    assert original(url, words) == address
    if address and len(words) < 20:
        assert unquote(address).endswith(words)


@pytest.mark.parametrize(
    ("confidence", "word", "number"),
    [
        (0.9, "high", "0.90"),
        (0.8, "high", "0.80"),
        (0.79999, "fair", "0.79"),
        (0.3, "low", "0.30"),
        (0.2199, "too low", "0.21"),
    ],
)
def test_confidence_is_a_word_and_a_number(confidence, word, number):
    assert texts.confidence_word(confidence, 0.22) == word
    assert texts.two_decimals(confidence) == number
