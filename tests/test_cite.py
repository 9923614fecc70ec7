"""Citations: facts as known, Markdown that shows the words as they are, lines safe for a terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Origin
from qa.answer import Answer, Quote
from qa.cite import described, footnote, markdown, one_line, printable


def article(text="The quay was painted green.", **facts):
    return Article.from_facts(Facts(**facts), id="quay", text=text, origin=Origin("/invented"))


def answer(*texts, question="Who painted it?", reason=None):
    quotes = tuple(Quote(article(text, title="Quay"), 0, len(text), None, 0.5) for text in texts)
    return Answer(question, None, 0.5, 0.2, quotes, (), reason and "not_sure", reason, None)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "quay"),
        ({"title": "Green quay"}, "“Green quay”"),
        ({"source": "Tern Gazette", "published": "2031-04"}, "Tern Gazette, 2031-04"),
        (
            {"author": "Ro Hale", "title": "Green quay", "source": "Tern Gazette", "published": "2031"},
            "Ro Hale, “Green quay”, Tern Gazette, 2031",
        ),
    ],
)
def test_an_article_is_described_by_what_is_known_else_by_its_id(facts, told):
    assert described(article(**facts)) == told


def test_a_footnote_says_where_to_the_character_and_in_which_text():
    of = article(title="Green quay", url="https://tern.example/quay")
    assert footnote(Quote(of, 4, 8, None, 0.5)) == (
        f"“Green quay”, https://tern.example/quay, characters 4–8, SHA-256 {of.sha256[:12]}…"
    )


def test_markdown_numbers_quotes_and_footnotes_alike():
    sha256 = article("It was green.").sha256[:12], article("It was blue.").sha256[:12]
    assert markdown(answer("It was green.", "It was blue.")) == (
        "**Who painted it?**\n\n"
        "> It was green.[^1]\n\n"
        "> It was blue.[^2]\n\n"
        f"[^1]: “Quay”, characters 0–13, SHA-256 {sha256[0]}…\n"
        f"[^2]: “Quay”, characters 0–12, SHA-256 {sha256[1]}…\n"
    )


def test_markdown_of_an_abstention_gives_the_reason():
    assert (
        markdown(answer(reason="Nobody *painted* it.")) == "**Who painted it?**\n\nNobody \\*painted\\* it.\n"
    )


MARKS = {
    "<script>alert(1)</script>": r"\<script\>alert(1)\</script\>",
    "[a](javascript:x) ![b](c)": r"\[a\](javascript:x) !\[b\](c)",
    "*a* _b_ `c` ~d~ |e| # f": r"\*a\* \_b\_ \`c\` \~d\~ \|e\| \# f",
    "R&amp;D and R&D": r"R\&amp;D and R\&D",
    "- He left.": r"\- He left.",
    "+ 3 degrees": r"\+ 3 degrees",
    "1986. A great year.": r"1986\. A great year.",
    "2) Second.": r"2\) Second.",
    "===": r"\===",
    "640 of 700.": "640 of 700.",
    "a\n\n# b": r"a \# b",
}


@pytest.mark.parametrize(("text", "written"), MARKS.items())
def test_marks_in_a_quote_are_shown_not_obeyed(text, written):
    assert f"> {written}[^1]\n" in markdown(answer(text))


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip()))
def test_taking_the_backslashes_off_gives_the_words_back(text):
    quoted = re.search(r"^> (.*)\[\^1\]$", markdown(answer(text)), re.MULTILINE)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", quoted[1]) == one_line(text)


@given(st.text(max_size=60))
def test_no_control_or_direction_character_reaches_a_terminal(text):
    harmful = {
        *map(chr, range(0x20)),
        *map(chr, range(0x7F, 0xA0)),
        *"\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    }
    assert not harmful & set(one_line(text))
    assert not (harmful - {"\t", "\n"}) & set(printable(text))


def test_an_escape_sequence_is_defused_and_lines_become_one():
    assert one_line("a\x1b[31mred\r\n\tb\u202ec") == "a[31mred bc"
    assert printable("a\tb\nc\x07") == "a\tb\nc"
