import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Origin
from corpus.furniture import find_furniture
from corpus.passages import split
from corpus.reading import read_paths

BODY = "The ferry between Vell and Sorn will sail again on Monday, the harbour office said."
MORE = "It had stood still since March, when a crane fell into the water beside the pier."


def found(text, **facts):
    """What is marked, as (kind, words)."""
    article = Article.from_facts(Facts(**facts), id="a", text=text, origin=Origin("/a"))
    return [(mark.kind, mark.span.of(text)) for mark in find_furniture(article)]


def by_line(article):
    """The kinds of furniture on each line of an article, lines counted from 1."""
    kinds = {}
    for mark in find_furniture(article):
        first = article.text.count("\n", 0, mark.start) + 1
        last = article.text.count("\n", 0, mark.end) + 1
        for line in range(first, last + 1):
            kinds.setdefault(line, []).append(mark.kind)
    return kinds


@pytest.fixture(scope="module")
def five(shared):
    articles = {each.id: each for each in read_paths([shared / "articles"]) if isinstance(each, Article)}
    assert len(articles) == 5
    return articles


def test_exactly_the_furniture_of_the_scraped_page_is_marked(five):
    article = five["rferl-2020-02-22"]
    assert by_line(article) == {
        1: ["navigation"],
        3: ["navigation"],
        5: ["headline"],
        8: ["caption"],
        9: ["caption"],
        11: ["caption"],
        13: ["player"],
        21: ["caption"],
        22: ["caption"],
        24: ["caption"],
        26: ["player"],
        70: ["credit"],
        71: ["image"],
        73: ["byline"],
    }
    lines = article.text.splitlines()
    for mark in find_furniture(article):  # whole lines, but for the white space around them
        covered = mark.span.of(article.text).splitlines()
        assert all(part.strip() in [line.strip() for line in lines] for part in covered)


def test_only_the_calls_at_their_feet_are_furniture_in_the_other_articles(five):
    marks = {
        id: [(mark.kind, mark.span.of(article.text).split()[0]) for mark in find_furniture(article)]
        for id, article in five.items()
        if id != "rferl-2020-02-22"
    }
    calls = [("call", "Sign"), ("call", "Support")]
    assert marks == {
        "eurasianet-2012-01-28": calls,
        "eurasianet-2012-02": calls,
        "taizhan-2023-04": [],
        "january-2022": [],
    }
    for id in ("eurasianet-2012-01-28", "eurasianet-2012-02"):
        last = five[id].text.splitlines()[-1]
        covered = [mark.span.of(five[id].text) for mark in find_furniture(five[id])]
        assert " ".join(covered) == last


def test_no_passage_of_the_five_holds_a_word_of_the_page(five):
    page = [
        *("Accessibility links", "Breaking News", "please wait", "No media source", "0:00", "16x9"),
        *("With reporting by", "Sign up for", "Support Eurasianet"),
    ]
    for article in five.values():
        marks = find_furniture(article)
        for passage in split(article, marks):
            assert not [mark for mark in marks if mark.span.overlaps(passage.span)]
            assert not [words for words in page if words in passage.span.of(article.text)]


def test_the_calls_are_found_without_any_facts_too(shared):
    text = (shared / "articles" / "000_a645a1bb1316e637.txt").read_text()
    assert [kind for kind, _ in found(text)] == ["call", "call"]


# Pages of other shapes.


def test_menus_before_and_after_the_body_are_marked():
    page = f"Home\nNews\nSorn\nAbout us\n\n{BODY}\n\n{MORE}\n\nShare\nPrint\nE-mail\n\nTags | Ferry | Harbour | Home"
    assert found(page) == [
        *[("navigation", word) for word in ("Home", "News", "Sorn", "About us")],
        *[("navigation", word) for word in ("Share", "Print", "E-mail")],
        ("navigation", "Tags | Ferry | Harbour | Home"),
    ]


def test_a_player_and_its_caption_are_marked_within_the_body():
    page = f"{BODY}\n\nThe crane is lifted\nLoading...\n\n0:00 / 1:25\n\n{MORE}"
    assert found(page) == [
        ("caption", "The crane is lifted"),
        ("caption", "Loading..."),
        ("player", "0:00 / 1:25"),
    ]


def test_a_caption_is_no_longer_than_a_few_short_lines():
    page = f"{BODY}\n\nOne\nTwo\nThree\nFour\nFive\n0:00 1:25\n\n{MORE}"
    assert [words for _, words in found(page)] == ["Two", "Three", "Four", "Five", "0:00 1:25"]
    page = f"{BODY}\n\n0:00 1:25\n\n{MORE}"
    assert found(page) == [("player", "0:00 1:25")]


def test_a_repeated_title_is_a_headline_and_context_only():
    for line in ("Ferry sails again", "# Ferry Sails Again", "**FERRY SAILS AGAIN!**"):
        assert found(f"{line}\n\n{BODY}", title="Ferry sails again") == [("headline", line)]
    assert found(f"Ferry sails\n\n{BODY}", title="Ferry sails again") == []


def test_a_text_that_is_nothing_but_its_title_is_kept():
    assert found("Ferry sails again", title="Ferry sails again") == []
    assert found("Ferry sails again\n***", title="Ferry sails again") == [("bullet", "***")]


def test_names_of_the_source_and_author_on_a_line_are_a_byline():
    facts = {"source": "The Vell Courier", "author": "Ana Reyes"}
    assert found(f"By Ana Reyes\nThe Vell Courier\n\n{BODY}", **facts) == [
        ("byline", "By Ana Reyes"),
        ("byline", "The Vell Courier"),
    ]
    assert found(f"Ana Reyes.\n\n{BODY}", **facts) == []
    assert found(f"{BODY}\n\nBy Bo Lind\n\n{MORE}", **facts) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["By Bo Lind"],
        ["Bo Lind, Ostra Post"],
        ["Bo Lind, Cy Moor and Dag Rehn", "The Ostra Courier"],
        ["BO LIND", "OP Airlines Writer"],
        ["Bo Lind and Cy Moor", "Special to the Courier"],
        ["Bo Lind", "ostra-post.com"],
        ["Courier staff"],
    ],
    ids=lambda lines: lines[-1],
)
def test_names_above_or_beside_an_outlet_open_a_text_as_a_byline(lines):
    head = "\n".join(lines)
    assert found(f"{head}\n\n{BODY}") == [("byline", line) for line in lines]


@pytest.mark.parametrize(
    "head", ["Bo Lind\nSorn", "Vell Harbour", "Harbour Street\nThe old post was shut", "News"]
)
def test_names_at_the_head_by_themselves_are_the_articles(head):
    assert found(f"{head}\n\n{BODY}") == []


@pytest.mark.parametrize(
    "line",
    [
        "ANALYSIS: Vell keeps the better of two harbours",
        "WHAT IS A GROYNE?Explaining what keeps the beach of Vell where it is",
        "For subscribers: Does the harbour office charge the ferry too much?",
        "Full coverage",
        "March 8, 2022 Updated March 9, 2022, 8:52 a.m. ET",
        "To volunteer your boat for the race, click here.",
        "🌤 What is the weather in your town? Check your forecast here.",
        "Are you for a pier? Tell Bo Lind on Twitter: @bolind.",
        "This article originally appeared in the Ostra Post",
    ],
)
def test_links_notices_and_calls_within_the_body_are_marked(line):
    [(_, words)] = found(f"{BODY}\n\n{line}\n\n{MORE}")
    assert line.endswith(words)


def test_labels_that_come_again_are_speakers():
    asked = [f"VELL COURIER ASKS: What will you do with the pier in year {year}?" for year in (1, 2, 3)]
    assert found("\n\n".join(f"{line}\n\n{BODY}" for line in asked)) == []


def test_how_to_write_to_the_author_is_marked_at_the_foot_only():
    foot = "Bo Lind can be reached at https://ostra.example/lind"
    assert found(f"{BODY}\n\n{MORE}\n\n{foot}") == [("call", foot)]
    assert found(f"{BODY}\n\n{foot}\n\n{MORE}") == []


def test_credits_are_marked_after_the_body_only():
    assert found(f"{BODY}\n\nWith reporting by Vell Wire\n© 2023 The Vell Courier") == [
        ("credit", "With reporting by Vell Wire"),
        ("credit", "© 2023 The Vell Courier"),
    ]
    assert found(f"{BODY}\n\nWith reporting by Vell Wire\n\n{MORE}") == []


def test_marks_without_words_are_bullets():
    assert found(f"{BODY}\n\n* * *\n\n{MORE}\n—") == [("bullet", "* * *"), ("bullet", "—")]


def test_a_call_within_the_body_is_marked_alone():
    page = f"{BODY} Sign up here for our newsletter.\n\n{MORE}"
    assert found(page) == [("call", "Sign up here for our newsletter.")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_change_nothing(end):
    page = f"Home\nAbout us\n\n{BODY}\n\n0:00 1:25\n\n{MORE}\nSign up for the newsletter."
    kinds = [kind for kind, _ in found(page.replace("\n", end))]
    assert kinds == ["navigation", "navigation", "player", "call"]


# What looks like furniture and is the article's.

INTERVIEW = f"""{BODY}

Did you see the crane fall?

Yes.

Were you afraid?

No.

What did you say to your brother?

Please wait.

And he?

Share. Print. Search.

{MORE}"""

POEM = f"""{BODY}

The gull is back
above the pier
and nobody
has counted it

Home
is where the gull is

{MORE}"""

POEM_AT_THE_FOOT = """Ana Reyes read these lines when the ferry sailed again on Monday.

The gull is back
above the pier
and nobody
has counted it"""

POEM_ALONE = "The gull is back\nabove the pier\nand nobody\nhas counted it"

RESULTS = f"""{BODY}

Ana Reyes
2:10:34
Bo Lind
2:11:02
Cy Moor
3:00:00

Vell 2 Sorn 1
Sorn 0 Ostra 0"""

PRIZES = """The prizes of the harbour fair were given on Sunday evening:

Health
Ana Reyes
Science
Bo Lind
Culture
Cy Moor"""

TIMETABLE = f"""{BODY}

Vell
7:00 9:30
Sorn
8:15 10:45"""

RECIPE = f"""Soup
Two onions
One litre of milk
Salt

{BODY}"""

MINISTRIES = f"Politics\nCulture\n\n{BODY}"

ADVICE = f"""{BODY}

Residents must sign up for the newsletter by Friday.

Sign up for the newsletter of your town to hear when the ferry does not sail.

"Support our work," the captain's letter said.

{MORE}"""

SECTIONS = f"""Vell

{BODY}

Sorn

{MORE}

Ostra

{BODY}"""

TRANSCRIPT = f"""{BODY}

10:18

So let me ask you this --

46:32

LIND

{MORE}"""

RUSSIAN = """Паром

Паром между Веллом и Сорном снова пойдёт в понедельник, сообщили в порту города.

Чайка
над пирсом"""


@pytest.mark.parametrize(
    "page",
    [
        *(INTERVIEW, POEM, POEM_AT_THE_FOOT, POEM_ALONE, RESULTS, PRIZES, TIMETABLE, RECIPE, MINISTRIES),
        *(ADVICE, SECTIONS, TRANSCRIPT, RUSSIAN),
    ],
    ids=lambda page: page.split("\n")[2] or page[:20],
)
def test_what_is_the_articles_own_is_not_marked(page):
    assert found(page, title="Another title", source="The Vell Courier", author="Ana Maria Reyes") == []


LINES = [
    *("Home", "About us", "News", "please wait", "0:00 1:25", "***", "Ferry sails again", "The gull is back"),
    *("With reporting by Vell Wire", "• 16x9 Image", "Sign up for our newsletter.", "Yes.", BODY, MORE, ""),
    f"{BODY} Sign up here for our newsletter. {MORE}",
]


@given(
    st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=12),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_furniture_is_in_order_without_overlaps_and_within_the_text(lines, end):
    text = end.join(lines)
    article = Article.from_facts(
        Facts(title="Ferry sails again"),
        id="a",
        text=text.encode("utf-8", "replace").decode(),
        origin=Origin("/a"),
    )
    marks = find_furniture(article)
    assert all(0 <= mark.start < mark.end <= len(article.text) for mark in marks)
    assert all(one.end <= other.start for one, other in pairwise(marks))
    assert all(mark.span.of(article.text).strip() == mark.span.of(article.text) for mark in marks)


@given(st.permutations(["Yes.", BODY, MORE, "It rained.", "“Who?” Ana Reyes asked."]))
def test_paragraphs_of_sentences_are_never_marked(paragraphs):
    assert found("\n\n".join(paragraphs)) == []


@pytest.mark.parametrize(
    "line", ["Ana Reyes is a journalist.", "Home", "0:00 1:25", "Sign up for our newsletter."]
)
def test_time_grows_with_the_number_of_lines_and_not_with_its_square(line):
    text = f"{line}\n" * 30_000
    started = time.process_time()
    found(text)
    assert time.process_time() - started < 5
