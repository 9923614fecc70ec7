import pytest

from corpus.article import Article, Facts, Origin
from corpus.author_note import author_notes
from corpus.furniture import find_furniture
from corpus.reading import read_paths
from corpus.sentences import paragraphs

BODY = "The ferry between Vell and Sorn will sail again on Monday, the harbour office said. " * 3
NOTE = "Ana Reyes is a journalist based in Sorn and author of Salt: A History."


def notes(*blocks, **facts):
    text = "\n\n".join(blocks)
    article = Article.from_facts(Facts(**facts), id="a", text=text, origin=Origin("/a"))
    return [span.of(text) for span in sorted(author_notes(article, paragraphs(text)))]


def test_the_notes_of_the_five_articles_are_notes_and_no_furniture(shared):
    articles = {each.id: each for each in read_paths([shared / "articles"]) if isinstance(each, Article)}
    openings = {}
    for id, article in articles.items():
        found = sorted(author_notes(article, paragraphs(article.text)))
        openings[id] = [" ".join(note.of(article.text).split()[:4]) for note in found]
        marks = find_furniture(article)
        assert not [mark for mark in marks for note in found if mark.span.overlaps(note)]
    assert openings == {
        "eurasianet-2012-01-28": ["Joanna Lillis is a"],
        "eurasianet-2012-02": ["Joanna Lillis is a"],
        "taizhan-2023-04": [],
        "rferl-2020-02-22": ["RFE/RL's Kazakh Service offers"],
        "january-2022": [],
    }


@pytest.mark.parametrize(
    "note",
    [
        NOTE,
        "Bo Lind is the editor of the Sorn Review.",
        "• Ana M. Reyes is an award-winning freelance reporter.",
        "Cy Moor is our Vell correspondent.",
        "Dr. Bo Lind is a professor of history at Sorn University.",
    ],
)
def test_notes_at_the_foot(note):
    assert notes(BODY, BODY, note) == [note]


def test_a_note_may_be_followed_by_calls_and_short_lines():
    assert notes(
        BODY, BODY, NOTE, "Sign up for our newsletter. It is free and comes out each week.", "Share"
    ) == [NOTE]


def test_two_notes_are_both_notes():
    other = "Bo Lind is a photographer."
    assert notes(BODY, BODY, BODY, NOTE, other) == [NOTE, other]


def test_the_outlets_own_line_is_a_note_where_the_facts_name_it():
    line = "The Vell Courier offers news of the harbour every morning."
    assert notes(BODY, BODY, line, source="The Vell Courier") == [line]
    assert notes(BODY, BODY, line) == []
    assert notes(BODY, BODY, "Ana Reyes covers the harbour.", author="Ana Reyes") == [
        "Ana Reyes covers the harbour."
    ]
    assert notes(BODY, BODY, "The Vell Courier was closed.", source="The Vell Courier") == []


def test_a_paragraph_of_the_articles_own_after_it_makes_it_no_note():
    assert notes(BODY, BODY, BODY, BODY, BODY, NOTE, "The ferry will sail every day but Sunday.") == []


def test_whoever_has_a_part_in_the_article_is_its_subject():
    story = "Police in Sorn held Ana Reyes for two days over what she wrote on the ferry."
    assert notes(BODY, story, BODY, BODY, NOTE) == []
    assert notes(BODY, story, BODY, BODY, NOTE, author="Bo Lind, Ana Reyes") == [NOTE]


def test_a_byline_at_the_head_is_no_part_in_the_article():
    assert notes("Ana Reyes", BODY, BODY, NOTE) == [NOTE]


def test_a_line_at_the_head_or_in_the_middle_is_no_note():
    assert notes(NOTE, BODY, BODY) == []
    assert notes(BODY, NOTE, BODY) == []
    assert notes(NOTE, *["Salt and other verses"] * 20) == []


@pytest.mark.parametrize(
    "line",
    [
        "Ana Reyes is a lawyer.",
        "Ana Reyes was a journalist.",
        "she is a journalist.",
        "Ana Reyes, a journalist.",
    ],
)
def test_other_lines_are_no_notes(line):
    assert notes(BODY, BODY, line) == []
