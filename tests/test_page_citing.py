"""Citations to take away: plain footnotes and BibTeX, whatever an article's facts are made of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Origin
from qa.answer import Answer, Quote
from qa.cite import bibtex, footnote, plain

TEXT = "The quay was painted green."


def article(id="quay", **facts):
    return Article.from_facts(Facts(**facts), id=id, text=TEXT, origin=Origin("/invented"))


def answer(*articles, reason=None):
    quotes = tuple(Quote(each, 0, len(TEXT), None, 0.5) for each in articles)
    return Answer("Who painted\nit?", None, 0.5, 0.2, quotes, (), reason and "not_sure", reason, None)


def test_an_answer_as_text_has_its_footnotes_beneath():
    quay = article(title="Green quay")
    assert plain(answer(quay)) == (
        f"Who painted it?\n\n“{TEXT}” [1]\n\n[1] {footnote(Quote(quay, 0, len(TEXT), None, 0.5))}\n"
    )
    assert plain(answer(reason="It never says.")) == "Who painted it?\n\nIt never says.\n"


def test_an_entry_says_what_is_known():
    quay = article(
        title="Green & quay", author="Ro Hale and Sons", source="Tern_Gazette", published="2031-04"
    )
    assert bibtex([quay, quay]) == (
        f"@misc{{quay-{quay.sha256[:8]},\n"
        "  title = {Green \\& quay},\n"
        "  author = {{Ro Hale and Sons}},\n"
        "  howpublished = {Tern\\_Gazette},\n"
        "  date = {2031-04},\n"
        "  year = {2031},\n"
        f"  note = {{SHA-256 {quay.sha256}}},\n"
        "}\n"
    )


def test_each_article_has_one_entry_and_a_key_of_its_own():
    entries = bibtex([article("мост/1"), article("мост/2")])
    assert entries.count("@misc{") == 2
    assert bibtex([]) == ""


@given(st.text(max_size=30))
def test_no_fact_breaks_out_of_its_braces(words):
    entry = bibtex([article(title=words or None)])
    unescaped = re.sub(r"\\[{}\\$&#_%]", "", entry)
    depth = 0
    for at, character in enumerate(unescaped):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
        assert depth > 0 or character in "}\n" or at < 5
    assert depth == 0


@pytest.mark.parametrize("words", ["\\", "~", "^", "a\nb"])
def test_what_tex_takes_for_commands_is_written_as_words(words):
    title = re.search(r"title = \{(.*)\},", bibtex([article(title=f"x{words}y")]))[1]
    expected = {"\\": r"x\textbackslash{}y", "~": r"x\textasciitilde{}y", "^": r"x\textasciicircum{}y"}
    assert title == expected.get(words, "xa by")
