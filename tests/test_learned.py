"""Furniture learned from what five invented outlets repeat, and what they repeat that is their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_outlets import OUTLETS, page

from corpus.article import Article, Facts, Origin
from corpus.furniture import REPEATED, find_furniture
from corpus.learned import ARTICLES, learn, lines_in
from corpus.sentences import paragraphs


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.name)
def test_what_the_page_says_is_marked_and_what_the_article_says_is_not(outlet):
    pages = [page(outlet, number) for number in range(1, 9)]
    forms = learn(article for article, _ in pages)
    for article, expected in pages:
        marks = find_furniture(article, forms)
        marked = {mark.span.of(article.text) for mark in marks}
        assert marked == expected


def test_fewer_than_five_articles_teach_nothing():
    pages = [page(OUTLETS[0], number)[0] for number in range(ARTICLES - 1)]
    assert learn(pages) == frozenset()


def test_a_line_that_one_article_repeats_counts_once():
    article, _ = page(OUTLETS[0], 1)
    again = Article.from_facts(
        Facts(source="A"), id="a", text="\n\n".join([article.text] * 9), origin=Origin("/a")
    )
    assert learn([again]) == frozenset()


def test_lines_are_known_whatever_their_white_space_and_letters():
    forms = learn(page(OUTLETS[0], number)[0] for number in range(5))
    text = "FOLLOW US  ON Facebook and\u00a0Telegram to be the first to know.\n\nThe pier is open."
    article = Article.from_facts(Facts(), id="a", text=text, origin=Origin("/a"))
    assert [span.of(text) for span in lines_in(article, paragraphs(text), forms)] == [
        text.split("\n\n", maxsplit=1)[0]
    ]
    assert [mark.kind for mark in find_furniture(article, forms)] in ([REPEATED], ["call"])


@given(st.permutations(range(6)))
def test_the_order_of_the_articles_teaches_the_same(order):
    pages = [page(OUTLETS[1], number)[0] for number in range(6)]
    assert learn(pages[number] for number in order) == learn(pages)


@given(st.lists(st.sampled_from(["Sign up here.", "– Ana Reyes", "The sea was calm.", "Vell"]), max_size=5))
def test_marks_are_lines_of_the_article(lines):
    forms = learn(page(OUTLETS[1], number)[0] for number in range(6)) | {"sign up here."}
    article = Article.from_facts(Facts(), id="a", text="\n".join(lines), origin=Origin("/a"))
    assert set(lines_in(article, paragraphs(article.text), forms)) <= set(paragraphs(article.text))


def heads(*heads):
    """Articles of one outlet, each under that head."""
    body = "The ferry between Vell and Sorn will sail again on Monday, the harbour office said."
    return [
        Article.from_facts(
            Facts(source="Ostra Post"), id=str(number), text=f"{head}\n\n{body}", origin=Origin(f"/{number}")
        )
        for number, head in enumerate(heads)
    ]


def test_a_short_line_that_heads_five_articles_is_learned_and_so_is_one_below_names():
    assert learn(heads(*["Holm Agency"] * ARTICLES)) == {"holm agency"}
    assert learn(heads(*["Holm Agency"] * (ARTICLES - 1))) == frozenset()
    names = ["Bo Lind", "Ana Reyes", "Per Holm", "Ida Norr", "Jon Soder"]
    assert learn(heads(*[f"{name}\n\n24/7 Holm" for name in names])) == {"24/7 holm"}
    assert learn(heads(*[f"{name} spoke.\n\nAlabama" for name in names])) == frozenset()


def test_a_repeated_call_to_what_outlets_make_is_learned_though_it_is_a_sentence():
    line = "Need a break? Play our crossword puzzle."
    assert learn(heads(*[f"Pier {number} is open.\n\n{line}" for number in range(ARTICLES)])) == {
        line.casefold()
    }
