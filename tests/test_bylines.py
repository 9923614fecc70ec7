import pytest

from corpus.article import Article, Facts, Origin
from corpus.furniture import find_furniture

BODY = "The ferry between Vell and Sorn will sail again on Monday, the harbour office said."
MORE = "It had stood still since March, when a crane fell into the water beside the pier."


def found(text, kind="byline"):
    article = Article.from_facts(Facts(source="Vell Courier"), id="a", text=text, origin=Origin("/a"))
    return [mark.span.of(text) for mark in find_furniture(article) if mark.kind == kind]


@pytest.mark.parametrize(
    "head",
    [
        "Bo Lind",
        "Bo Lind and Ana Reyes-Holm",
        "Bo Lind\n\nOstra Post",
        "By Bo Lind\n\nStaff Writers",
        "Bo Lind\n\n@bolind",
        "Bo Lind\n\nHolm Press via OPS",
        "Bo Lind\n\nOpinion contributor",
        "Story by Bo Lind and photographs by Ana Reyes",
        "July 17, 2022, 11:01 p.m. ET",
        "17 июля 2022, 11:01",
    ],
)
def test_who_wrote_it_for_whom_and_when_is_a_byline_at_the_head(head):
    assert found(f"{head}\n\n{BODY}\n\n{MORE}") == head.split("\n\n")
    assert "@" in head or found(f"{BODY}\n\n{head}\n\n{MORE}") == []


@pytest.mark.parametrize("head", ["Bo Lind", "Sorn Ferry", "July 17, 2022", "New Vell\n\nThe two piers"])
def test_names_that_come_again_in_the_text_and_dates_alone_are_the_articles(head):
    about = f"{BODY} Bo Lind of New Vell was its first captain, and is again."
    assert found(f"{head}\n\n{about}\n\n{MORE}") == []


def test_a_name_that_comes_again_in_the_authors_note_alone_is_a_byline():
    note = "Bo Lind is a reporter of the harbour and its ships."
    assert found("\n\n".join(["Bo Lind", *[BODY, MORE] * 4, note])) == ["Bo Lind"]


@pytest.mark.parametrize(
    "line",
    [
        "@bolind",
        "Bo Lind: 555-010-1234; bo.lind@vell.example; Twitter: @bolind",
        "Email: bo@vell.example Twitter: @bo",
    ],
)
def test_a_line_of_nothing_but_how_to_reach_somebody_is_a_byline_anywhere(line):
    assert found(f"{BODY}\n\n{line}\n\n{MORE}") == [line]


def test_a_sentence_with_an_address_and_a_site_by_name_stay():
    for line in (
        "The council asks for objections by letter or to hafen@vell.example",
        "Booking.com",
        "— @bolind",
    ):
        assert found(f"{BODY}\n\n{line}\n\n{MORE}") == []


def test_the_titles_of_films_above_the_dateline_are_a_players():
    titles = ["Watch the crane fall into the water", "How the storm came over Ostra"]
    assert found("\n\n".join([*titles, "Vell Courier —", BODY, MORE]), "player") == titles
    assert found("\n\n".join([titles[0], "Vell Courier —", BODY, MORE]), "player") == []
