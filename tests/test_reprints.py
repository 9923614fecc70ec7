"""Reprints: what counts as a copy, what stands for its copies, and how sources are counted."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Origin, Span
from corpus.passages import Passage
from qa import Answerer, Archive, Retriever
from qa.cli.asking import printers
from qa.hit import Hit
from qa.parts import Parts
from qa.reprints import distinct, independent, is_same, reprints_of
from qa.verify import verify

DATA = Path(__file__).parent / "data" / "parts" / "articles.jsonl"
FERRY = "The ferry Petrel ran aground off Low Sound on Tuesday with 212 passengers aboard."
LONG = (
    "The ferry ran aground in the morning. Lifeboats brought everybody ashore. The captain had steered close to "
    "the rocks. Nobody was hurt in the accident. An inquiry has been opened by the coast guard of the island."
)


def article(text, *, id="one", source=None, published=None):
    return Article.from_facts(
        Facts(source=source, published=published), id=id, text=text, origin=Origin("/invented")
    )


def hit(text, *, id="one", published=None):
    """A passage of the whole text, a sentence after each full stop and space."""
    spans, at = [], 0
    for sentence in text.split(". "):
        end = min(at + len(sentence) + 1, len(text))
        spans.append(Span(at, end))
        at = end + 1
    of = article(text, id=id, published=published)
    return Hit(of, Passage(id, 0, len(text), tuple(spans), is_note=False), 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (FERRY, True),
        ("The ferry Petrel ran aground off Low Sound Tuesday, with 212 passengers aboard.", True),
        ("The ferry Petrel ran aground off Low Sound on Tuesday with 208 passengers aboard.", False),
        ("The ferry Petrel ran aground off Low Sound on Friday with 212 passengers aboard.", False),
        ("The ferry Gannet ran aground off Low Sound on Tuesday with 212 passengers aboard.", False),
        ("The ferry Petrel had not run aground off Low Sound on Tuesday with 212 passengers aboard.", False),
        ("A ferry with passengers aboard ran aground.", False),
    ],
)
def test_sentences_are_the_same_in_nearly_the_same_words_with_the_same_facts(other, same):
    assert is_same(FERRY, other) is same
    assert is_same(other, FERRY) is same


def test_an_opening_name_is_a_name_and_an_opening_article_is_none():
    assert not is_same(
        "Kell said the road was closed for a week.", "Orr said the road was closed for a week."
    )
    assert is_same(
        "The road to the harbour was closed all week.", "A road to the harbour was closed all week."
    )


def test_reprints_are_other_articles_with_the_words_oldest_first_each_once():
    first = hit(f"{FERRY} More came.", id="a")
    later = hit(f"Late news. {FERRY}", id="b", published="2033-05-06")
    early = hit(f"{FERRY} Other news.", id="c", published="2033-05-05")
    found = reprints_of(first.article, Span(0, len(FERRY)), [first, later, early, later, hit("No.", id="d")])
    assert [(each.article.id, each.start, each.text) for each in found] == [("c", 0, FERRY), ("b", 11, FERRY)]


def test_two_quoted_sentences_are_found_together():
    words = f"{FERRY} It stayed there overnight."
    found = reprints_of(
        article(words), Span(0, len(words)), [hit(f"Late news. {words} Then it sank.", id="b")]
    )
    assert [each.text for each in found] == [words]


def test_a_passage_is_left_out_when_a_better_one_of_another_article_holds_it():
    first, copy, other = hit(LONG, id="a"), hit(LONG, id="b"), hit("Something else happened.", id="c")
    assert distinct([first, copy, other]) == [first, other]
    assert distinct([copy, first, other]) == [copy, other]
    assert distinct([]) == []
    within_one = hit(LONG, id="a")
    assert distinct([first, within_one]) == [first, within_one]


def test_a_passage_with_another_number_or_a_further_sentence_stays():
    first = hit(LONG.replace("everybody", "40 people"), id="a")
    number = hit(LONG.replace("everybody", "43 people"), id="b")
    more = hit(f"{LONG} Two sailors told the court in June that the radar had been broken for weeks.", id="c")
    assert distinct([first, number]) == [first, number]
    assert distinct([hit(LONG, id="a"), more]) == [hit(LONG, id="a"), more]


def test_reprints_and_articles_of_one_outlet_are_one_source():
    wire = article(LONG, id="a", source="Agency")
    cut = article(LONG[: LONG.index("An inquiry")], id="b", source="Gazette")  # more than half of it
    own = article("A fire broke out at the mill in the night of Sunday.", id="c", source="Post")
    also = article("Tram drivers walked out over night shifts.", id="d", source="POST")
    unknown = article("The census counted people in the town.", id="e")
    nobody = article("Rents have doubled in six years.", id="f")
    assert independent([wire, cut, own, also, unknown, nobody]) == [0, 0, 2, 2, 4, 5]
    assert independent([own, cut, also, wire]) == [0, 1, 0, 1]
    assert independent([]) == []


sentences = st.lists(st.sampled_from(LONG.split(". ")), min_size=1, max_size=6).map(". ".join)


@given(st.lists(sentences, min_size=1, max_size=6))
def test_what_is_left_out_is_held_by_an_earlier_passage(texts):
    hits = [hit(text, id=str(at)) for at, text in enumerate(texts)]
    left = distinct(hits)
    assert [each for each in hits if each in left] == left
    assert distinct(left) == left
    for each in hits:
        if each not in left:  # every run of four words but a tenth, by brute force
            words = each.text.replace(".", "").lower().split()
            runs = {tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))}
            held = [
                other.text.replace(".", "").lower().split()
                for other in left[: hits.index(each)]
                if other != each
            ]
            assert any(
                sum(
                    run in {tuple(other[at : at + 4]) for at in range(max(1, len(other) - 3))} for run in runs
                )
                >= 0.9 * len(runs)
                for other in held
            )


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("reprints") / "archive", model="hashed-words") as archive:
        archive.add(DATA)
        yield archive


def test_an_answer_shows_a_wire_story_once_and_names_its_reprints(archive):
    answer = Answerer(Retriever(archive), threshold=0).ask("Who is the captain of the ferry Petrel?")
    assert len(answer.quotes[0].reprints) == 3
    assert len({quote.text for quote in answer.quotes}) == len(answer.quotes)
    found = json.loads(answer.to_json())
    shown = found["quotes"][0]["reprints"]
    ids = {each["article"]["id"] for each in shown} | {found["quotes"][0]["article"]["id"]}
    assert ids == {"ferry-wire", "ferry-gazette", "ferry-post", "ferry-herald"}
    assert all(each["text"] == found["quotes"][0]["text"] for each in shown)
    assert [each["article"]["published"] for each in shown] == sorted(
        each["article"]["published"] for each in shown
    )
    assert found["independent_sources"] >= 1
    assert answer.verify().ok
    shown[1]["text"] = shown[1]["text"].replace("captain", "cook")
    verdict = verify(found, archive)
    assert [(status.n, status.status) for status in verdict.quotes if status.status != "ok"] == [
        (1, "altered")
    ]
    assert verdict.quotes[0].detail == "reprint 2: the words are not those at its offsets"


def test_left_out_the_keys_stay_empty(archive):
    answer = Answerer(Retriever(archive), threshold=0).ask(
        "Who is the captain of the ferry Petrel?", parts=Parts(reprints=False)
    )
    found = answer.to_dict()
    assert all(quote["reprints"] == [] for quote in found["quotes"])
    assert found["independent_sources"] is None


def test_the_order_of_adding_changes_no_answer(archive, tmp_path):
    lines = DATA.read_text(encoding="utf-8").splitlines()
    with Archive.create(tmp_path / "archive", model="hashed-words") as other:
        for at, line in enumerate(reversed(lines)):
            file = tmp_path / f"{at}.jsonl"
            file.write_text(line, encoding="utf-8")
            other.add(file)
        question = "How many passengers were aboard the ferry Petrel?"
        assert (
            Answerer(Retriever(other), threshold=0).ask(question).to_json()
            == Answerer(Retriever(archive), threshold=0).ask(question).to_json()
        )


def test_who_printed_a_wire_story_is_named_once_with_how_often():
    facts = [Facts(source="Vell Courier"), Facts(source="Sorn Today"), Facts(source="Vell Courier")]
    articles = [
        Article.from_facts(each, id=str(number), text=FERRY, origin=Origin(f"/{number}"))
        for number, each in enumerate(facts)
    ]
    assert printers(articles) == "Vell Courier (2), Sorn Today"
