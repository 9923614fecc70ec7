import re
import socket
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import app
from corpus.article import Article, Facts, Origin, Span
from corpus.errors import InputError
from corpus.furniture import Furniture
from qa import Answerer, Archive, Retriever
from qa.page import panels, texts
from qa.page.asking import KEPT, asked
from qa.page.context import LONG, surroundings
from qa.page.exchange import exchange
from qa.page.markup import facts, isolated, marked
from qa.page.offline import policy, without_social_tags
from qa.page.serving import address_of, reserved
from qa.sample import ARTICLES, is_brief

HOSTILE = "<script>alert(1)</script> <img src=x onerror=\"alert(2)\"> **bold** [a](javascript:b) \u202e ${c} {{d}} & 'e'"


def article_of(text, *, title=None, path="/elsewhere/a.md"):
    return Article.from_facts(Facts(title=title), id="a", text=text, origin=Origin(path))


def quote_in(article, words):
    start = article.text.index(words)
    return Span(start, start + len(words))


class Reading(HTMLParser):
    """Tags, attributes and texts of HTML, as a browser would take them; texts inside marks apart."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.marks, self.text, self._open = [], [], [], "", False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag == "mark":
            self.marks.append("")
            self._open = True

    def handle_endtag(self, tag):
        if tag == "mark":
            self._open = False

    def handle_data(self, data):
        self.text += data
        if self._open:
            self.marks[-1] += data


@pytest.fixture
def answerer(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.md").write_text(
        "---\nid: ferry\ntitle: Ferry <b>returns</b>\nsource: Veldmark Courier\npublished: 2031-05\n---\n\n"
        "The harbour of Veldmark was busy on Monday.\n\n"
        "The ferry Ostrava returned to Veldmark with forty goats. Nobody had ordered the goats.\n\n"
        "The mayor bought the goats.\n",
        encoding="utf-8",
    )
    (folder / "hostile.md").write_text(
        f"---\nid: hostile\ntitle: '<u>Zebra</u>'\n---\n\nThe zebra said {HOSTILE} to the keeper of Brannock zoo.\n",
        encoding="utf-8",
    )
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(folder)
        yield Answerer(Retriever(archive))


def test_isolated_words_are_text_and_nothing_else():
    reading = Reading(isolated(HOSTILE))
    assert reading.tags == ["bdi"]
    assert reading.attributes == []
    assert reading.text == HOSTILE


def test_the_mark_is_exactly_the_quote():
    article = article_of('One "two" <three> four.')
    html = marked(article, Span(0, len(article.text)), {7: Span(4, 17)}, anchor="q")
    assert html == (
        'One <span class="number">[7]</span>&#160;'
        '<mark id="q7" tabindex="-1" dir="auto">&quot;two&quot; &lt;three&gt;</mark> four.'
    )
    assert Reading(html).marks == [article.text[4:17]]


def test_a_quote_that_runs_on_is_marked_in_both_pieces_and_numbered_once():
    article = article_of("ab cd\n\nef gh")
    quote = {1: Span(3, 9)}
    first, second = (marked(article, piece, quote, anchor="q") for piece in (Span(0, 5), Span(7, 12)))
    assert Reading(first).marks == ["cd"]
    assert Reading(second).marks == ["ef"]
    assert "[1]" in first
    assert "[1]" not in second
    assert "id=" not in second


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r[")), st.data())
def test_marking_leaves_every_character_in_its_place(text, data):
    article = article_of(text)
    cuts = sorted(data.draw(st.integers(0, len(text))) for _ in range(6))
    quotes = {2: Span(*cuts[1:3]), 1: Span(*cuts[3:5])}
    piece = Span(cuts[0], cuts[5])
    reading = Reading(marked(article, piece, quotes, anchor="q"))
    assert re.sub(r"\[[12]\]\xa0", "", reading.text) == piece.of(text)
    assert reading.marks == [words for span in sorted(quotes.values()) if (words := span.of(text))]
    assert set(reading.tags) <= {"mark", "span"}


def test_facts_leave_out_what_is_unknown():
    assert facts([None, None]) == ""
    assert facts(["A & B", None, "2031"]) == '<p class="facts"><bdi>A &amp; B</bdi> · <bdi>2031</bdi></p>'
    assert facts(["A"], label="ours") == '<p class="facts"><bdi>A</bdi> · <span class="label">ours</span></p>'


LONG_PARAGRAPH = " ".join(f"This is the middling sentence of number {n}." for n in range(100))


def test_a_paragraph_that_is_long_enough_stands_alone():
    middle = " ".join(["This sentence is forty characters long."] * 9)
    article = article_of(f"Before.\n\n{middle}\n\nAfter.")
    (piece,) = surroundings(article, [quote_in(article, "This sentence")], [])
    assert piece.span.of(article.text) == middle
    assert (piece.cut_before, piece.cut_after, piece.gap_before) == (False, False, False)


def test_a_short_paragraph_comes_with_its_neighbours_but_not_with_furniture():
    article = article_of("Far off.\n\nShare this\n\nThe quote.\n\nAfter it.\n\nFar on.")
    share = quote_in(article, "Share this")
    quote = quote_in(article, "The quote.")
    pieces = surroundings(article, [quote], [Furniture(share.start, share.end, "player")])
    assert [piece.span.of(article.text) for piece in pieces] == ["The quote.", "After it."]


def test_of_a_long_paragraph_the_sentences_around_the_quote_are_shown():
    article = article_of(LONG_PARAGRAPH)
    quote = quote_in(article, "This is the middling sentence of number 50.")
    (piece,) = surroundings(article, [quote], [])
    shown = piece.span.of(article.text)
    assert len(shown) <= LONG
    assert shown.startswith("This is")
    assert shown.endswith(".")
    assert piece.cut_before
    assert piece.cut_after
    left, right = quote.start - piece.span.start, piece.span.end - quote.end
    assert abs(left - right) < 2 * len("This is the middling sentence of number 50. ")


def test_quotes_of_one_article_share_their_surroundings_in_the_order_of_the_text():
    article = article_of("\n\n".join(f"Paragraph of number {n}." for n in range(9)))
    quotes = [quote_in(article, "Paragraph of number 7."), quote_in(article, "Paragraph of number 1.")]
    pieces = surroundings(article, quotes, [])
    assert [piece.span.of(article.text)[-2] for piece in pieces] == list("012678")
    assert [piece.gap_before for piece in pieces] == [False, False, False, True, False, False]


@given(
    st.lists(st.sampled_from(["A sentence here. ", "Another one! ", "\n\n", LONG_PARAGRAPH]), min_size=1),
    st.data(),
)
def test_every_quote_lies_within_what_is_shown_around_it(parts, data):
    article = article_of("x " + "".join(parts))
    start = data.draw(st.integers(0, len(article.text.rstrip()) - 1))
    end = data.draw(st.integers(start + 1, len(article.text.rstrip())))
    quote = Span(start, end)
    assume(quote.of(article.text).strip())
    shown = {
        at for piece in surroundings(article, [quote], []) for at in range(piece.span.start, piece.span.end)
    }
    assert {at for at in range(start, end) if not article.text[at].isspace()} <= shown


def test_an_answer_numbers_its_quotes_and_each_number_leads_to_one_mark(answerer):
    answer = answerer.ask("What did the ferry Ostrava return with?")
    shown = exchange(answer, number=4)
    assert answer.quotes
    assert re.findall(r"\[(\d)\]", shown.answer) == [str(n) for n in range(1, len(answer.quotes) + 1)]
    links = re.findall(r'href="#([^"]+)"', shown.answer)
    assert sorted(re.findall(r'<mark id="([^"]+)"', shown.sources)) == sorted(links)
    assert set(Reading(shown.sources).marks) == {quote.text for quote in answer.quotes}
    assert "Ferry &lt;b&gt;returns&lt;/b&gt;" in shown.answer
    assert "Veldmark Courier" in shown.answer
    assert "2031-05" in shown.answer
    assert "Confidence: " in shown.answer


def test_an_abstention_says_why_and_quotes_nothing(answerer):
    answer = answerer.ask("Which opera did Xanthippe compose at Veldmark in 1780?")
    assert answer.abstained
    shown = exchange(answer, number=1)
    assert texts.ABSTAINED in shown.answer
    assert answer.reason in unescape(shown.answer)
    assert texts.NEAR in shown.answer
    assert "[1]" not in shown.answer
    assert shown.sources == ""


def test_a_hostile_article_stays_text(answerer):
    answer = answerer.ask("What did the zebra say to the keeper of Brannock zoo?")
    shown = exchange(answer, number=1)
    reading = Reading(shown.question + shown.answer + shown.sources)
    assert answer.quotes[0].article.id == "hostile"
    assert HOSTILE in reading.text
    assert not {"script", "img", "u", "b", "strong", "em"} & set(reading.tags)
    assert {name for name, _ in reading.attributes} <= {
        "class",
        "href",
        "id",
        "dir",
        "tabindex",
        "aria-label",
    }


def test_only_the_briefs_that_come_along_are_labelled():
    assert is_brief(article_of("A.", path=str(ARTICLES / "a.md")).origin.path)
    assert not is_brief(article_of("A.", path="/elsewhere/articles/a.md").origin.path)


@pytest.mark.parametrize(
    ("confidence", "line"),
    [
        (0.95, "Confidence: high (0.95)"),
        (0.9999, "Confidence: high (0.99)"),
        (0.5, "Confidence: fair (0.50)"),
        (0.22, "Confidence: low (0.22)"),
        (0.219999, "Confidence: too low (0.21)"),
    ],
)
def test_confidence_is_a_word_and_a_number(confidence, line):
    assert texts.confidence_line(confidence, 0.22) == line


def test_a_question_that_cannot_be_asked_leaves_the_page_as_it_was(answerer):
    exchanges, problem = asked(answerer, "What did the mayor buy?", ())
    assert problem == ""
    assert len(exchanges) == 1
    again, problem = asked(answerer, "   ", exchanges)
    assert again == exchanges
    assert "empty" in problem
    assert Reading(panels.note("<b>no</b>")).tags == ["div", "p"]


def test_the_page_remembers_so_many_exchanges_and_numbers_them_apart(answerer):
    exchanges = ()
    for _ in range(KEPT + 2):
        exchanges, _ = asked(answerer, "What did the mayor buy?", exchanges)
    assert [each.number for each in exchanges] == list(range(3, KEPT + 3))


def test_earlier_questions_come_newest_first_with_their_own_sources(answerer):
    exchanges = ()
    for question in ("Who bought the goats?", "What was busy on Monday?", "Where was the zebra?"):
        exchanges, _ = asked(answerer, question, exchanges)
    html = panels.earlier(exchanges)
    assert re.findall(r"<summary><bdi>(.*?)</bdi>", html) == [
        "What was busy on Monday?",
        "Who bought the goats?",
    ]
    assert exchanges[0].sources in html
    assert exchanges[2].answer not in html
    assert panels.earlier(exchanges[:1]) == ""
    assert exchanges[2].answer in panels.latest(exchanges)
    assert exchanges[2].sources in panels.sources(exchanges)


def test_social_tags_go_and_other_tags_stay():
    page = (
        b'<meta charset="utf-8" />\n<meta property="og:url" content="https://gradio.app/" />'
        b'<meta\n name="twitter:image"\n content="https://raw.githubusercontent.com/x.jpg"\n/><title>T</title>'
    )
    assert without_social_tags(page) == b'<meta charset="utf-8" /><title>T</title>'


def test_the_policy_names_the_inline_scripts_and_no_other_host():
    # printf 'a()' | openssl dgst -sha256 -binary | base64
    said = policy(b'<script src="./x.js"></script><script data-x>a()</script>')
    assert "'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='" in said
    assert said.count("sha256-") == 1
    assert "http" not in said
    assert "script-src 'self' 'unsafe-eval' 'sha256" in said


def test_a_port_in_use_is_told_plainly(capsys):
    with reserved("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        assert address_of(taken) == f"http://127.0.0.1:{port}/"
        with pytest.raises(InputError, match=f"port {port} of 127.0.0.1 is in use"):
            reserved("127.0.0.1", port)
        assert app.main(["--port", str(port)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"error: port {port}")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(InputError, match=str(port)):
        reserved("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_refused():
    with pytest.raises(InputError, match=re.escape("192.0.2.1")):  # reserved for documentation
        reserved("192.0.2.1", 0)


def test_an_address_of_the_newer_kind_is_written_in_brackets():
    try:
        place = reserved("::1", 0)
    except InputError:
        pytest.skip("this machine has no IPv6")
    with place:
        assert place.family is socket.AF_INET6
        assert address_of(place).startswith("http://[::1]:")


def test_a_named_archive_that_is_missing_is_an_error(tmp_path, capsys):
    assert app.main(["--archive", str(tmp_path / "none"), "--port", "0"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "no archive there" in said.err


def test_asking_from_python_loads_nothing_of_the_page():
    told = "import sys, qa, qa.cli; print([m for m in ('gradio', 'fastapi', 'uvicorn', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
