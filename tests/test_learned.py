"""Furniture learned from what five invented outlets repeat, and what they repeat that is their own."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Origin
from corpus.furniture import REPEATED, find_furniture
from corpus.learned import ARTICLES, learn, lines_in
from corpus.sentences import paragraphs


@dataclass(frozen=True)
class Outlet:
    """The pages of an outlet: lines around and between an article's own, page's and its own apart."""

    name: str
    before: tuple[str, ...]
    between: tuple[str, ...]
    after: tuple[str, ...]
    own: tuple[str, ...] = ()  # what its articles repeat, and is theirs


OUTLETS = (
    Outlet(
        "The Vell Courier",
        before=("Follow every match: live scores of the county league",),
        between=("Get the Courier in your inbox: sign up for The Morning Tide here",),
        after=(
            "The Courier is not responsible for the content of external sites.",
            "Follow us on Facebook and Telegram to be the first to know.",
            "This article may contain links from which we can earn a commission.",
        ),
        own=("What happens next?", "The ferry carries four hundred people a day."),
    ),
    Outlet(
        "ostra-post.example",
        before=("OSTRA-POST —", "We use cookies to improve your visit. You can change your preferences."),
        between=("Video player was slow to load",),
        after=(
            "Have a tip? Contact the editor at desk@ostra-post.example.",
            "The opinions expressed here are the author's own.",
            "– Ana Reyes, Ostra Post",
        ),
        own=("Today's weather", "Ostra", "“No comment,” the mayor said."),
    ),
    Outlet(
        "Sorn Today",
        before=("Watch: the day in two minutes",),
        between=("Read more from our podcasts team",),
        after=(
            "Sorn Today is made possible in part by a grant from the Holm Foundation.",
            "Copyright belongs to Sorn Today; nothing may be republished without its consent.",
            "Download our app for the tides of your harbour.",
        ),
        own=("Results", "North", "South", "The court did not say why."),
    ),
    Outlet(
        "Radio Ostra",
        before=("Listen to the programme in full",),
        between=("You can unsubscribe at any time, see our privacy notice.",),
        after=("From staff and wire reports", "Share this with your friends"),
        own=("LIND", "So what did you do?", "The sea was calm."),
    ),
    Outlet(
        "Вести Велла",
        before=("Читайте нас в Telegram",),
        between=("Подпишитесь на нашу рассылку, чтобы не пропустить главное.",),
        after=("Все права защищены.",),
        own=("Что дальше?", "Море было спокойно."),
    ),
)


def page(outlet, number):
    """An article of the outlet, and which of its lines are the page's."""
    story = (
        f"Number {number} of the piers of Vell was opened on Monday, the harbour office of the town said.",
        f"It cost {number} million crowns, of which the county of Ostra pays two thirds this year.",
        f"Lorry number {number} was the first to cross it, with its owner Per Lund at the wheel.",
    )
    lines = [*outlet.before, story[0], *outlet.between, story[1], *outlet.own, story[2], *outlet.after]
    pages = {*outlet.before, *outlet.between, *outlet.after}
    facts = Facts(title=f"Pier {number}", source=outlet.name)
    origin = Origin(f"/{number}")
    return Article.from_facts(facts, id=str(number), text="\n\n".join(lines), origin=origin), pages


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
    assert [span.of(text) for span in lines_in(article, forms)] == [text.split("\n\n", maxsplit=1)[0]]
    assert [mark.kind for mark in find_furniture(article, forms)] in ([REPEATED], ["call"])


@given(st.permutations(range(6)))
def test_the_order_of_the_articles_teaches_the_same(order):
    pages = [page(OUTLETS[1], number)[0] for number in range(6)]
    assert learn(pages[number] for number in order) == learn(pages)


@given(st.lists(st.sampled_from(["Sign up here.", "– Ana Reyes", "The sea was calm.", "Vell"]), max_size=5))
def test_marks_are_lines_of_the_article(lines):
    forms = learn(page(OUTLETS[1], number)[0] for number in range(6)) | {"sign up here."}
    article = Article.from_facts(Facts(), id="a", text="\n".join(lines), origin=Origin("/a"))
    assert set(lines_in(article, forms)) <= set(paragraphs(article.text))
