import pytest

from corpus.article import Article, Facts, Origin
from corpus.furniture import find_furniture
from corpus.headlines import has_two_parts

ONE = "The ferry between Vell and Sorn will sail again on Monday, the harbour office said."
TWO = "It had stood still since March, when a crane fell into the water beside the pier."
THREE = "Some four hundred people cross every day, most of them on their way to work."
LINK = "More: Why the winter storms keep coming back to Ostra"
PLAIN = "County council votes to close three village schools before autumn term"
PARTS = "Album review: Quiet songs from the northern lighthouse keepers"


def related(*lines):
    text = "\n\n".join(lines)
    article = Article.from_facts(Facts(), id="a", text=text, origin=Origin("/a"))
    return [mark.span.of(text) for mark in find_furniture(article) if mark.kind == "related"]


def test_a_headline_among_paragraphs_is_marked_where_another_link_keeps_it_company():
    assert related(ONE, PLAIN, TWO, LINK, THREE) == [PLAIN, LINK]
    assert related(ONE, PARTS, TWO, LINK, THREE) == [PARTS, LINK]
    assert related(ONE, PLAIN, TWO, THREE) == []
    assert related(ONE, PARTS, TWO, THREE) == []


def test_two_headlines_in_two_parts_keep_each_other_company():
    other = "'We had no boat left': Fishermen of Holm count what the ice took"
    assert related(ONE, PARTS, TWO, other, THREE) == [PARTS, other]


def test_a_heading_whose_words_come_again_below_it_is_the_articles():
    heading = "The ferry had stood still since a crane fell beside the pier"
    assert related(ONE, heading, TWO, LINK, THREE) == [LINK]


def test_where_many_lines_are_headings_a_line_alike_is_one():
    headings = ["A cold spring", "The long quarrel", "New owners"]
    lines = [ONE, headings[0], TWO, headings[1], THREE, headings[2], ONE, PLAIN, TWO, LINK, THREE]
    assert related(*lines) == [LINK]


@pytest.mark.parametrize(
    "line",
    [
        "“We had no boat left and nobody came to help us that night”",
        "The mayor of the town replied: “Nobody told us that the school would close”",
        "The council said that nobody had told it of the school's closing",
        "• County council votes to close three village schools before autumn term",
        "The first of the two numbers must lie between ten and twelve; and",
        "6 p.m. — Voters of Ostra still queue at the village school",
        "How many village schools will the county council close before autumn?",
        "Children of a village school in Ostra. Ana Reyes/Vell Picture Agency",
        "County council votes to close three village schools before autumn term.",
        "Three village schools have been closed by the county council since autumn",
    ],
)
def test_what_is_no_headline_by_its_form_stays(line):
    assert related(ONE, line, TWO, LINK, THREE) == [LINK]


def test_lines_of_a_list_with_one_word_labels_stay():
    lines = [
        "Price: Twelve crowns on weekdays and nine for children",
        "Rating: Four stars out of five by our readers",
    ]
    assert related(ONE, lines[0], TWO, lines[1], THREE, LINK, ONE) == [LINK]


def test_a_few_headlines_at_the_foot_are_links_but_not_what_a_colon_announces():
    other = "Harbour pilots threaten strike over longer winter night shifts"
    assert related(ONE, TWO, PLAIN, other) == [PLAIN, other]
    assert related(ONE, "The council decided two things on Monday, its clerk wrote:", PLAIN, other) == []
    assert related(ONE, TWO, PLAIN) == []


def test_a_headline_in_two_parts_is_one_line_of_some_length():
    assert has_two_parts(PARTS)
    assert not has_two_parts(PLAIN)
    assert not has_two_parts("Rating: four stars")
