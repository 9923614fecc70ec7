"""Differences and agreements: on labelled pairs, and what makes two figures comparable at all."""

import json
from pathlib import Path

import pytest

from corpus.article import Article, Facts, Origin, Span
from qa import Answerer, Archive, Retriever
from qa.amounts import amount_in, singular
from qa.answer import Quote
from qa.day_names import date_in, days_apart, happened
from qa.differences import compared
from qa.parts import Parts
from qa.verify import verify
from qa.voices import voice_of

DATA = Path(__file__).parent / "data" / "parts"
PAIRS = json.loads((DATA / "differences.json").read_text(encoding="utf-8"))


def article(text, *, id="one", published=None, source=None):
    return Article.from_facts(
        Facts(published=published, source=source, language="en"), id=id, text=text, origin=Origin("/invented")
    )


def quote(text, span, *, id="one", published="2033-02-11", source=None):
    """A quote of a whole text that marks `span` as its short answer."""
    of = article(text, id=id, published=published, source=source)
    start = text.index(span)
    whole = Span(0, len(text))
    return Quote(of, 0, len(text), Span(start, start + len(span)), 0.9, voice=voice_of(of, whole))


def verdict(pair):
    """What is said of a pair: a label, `agreement`, or None."""
    quotes = [quote(id=str(at), **each) for at, each in enumerate(pair["quotes"])]
    differences, agreements = compared(pair["question"], quotes)
    assert len(differences) + len(agreements) <= 1
    if agreements:
        return "agreement"
    return differences[0].label if differences else None


def test_precision_on_invented_pairs():
    assert len(PAIRS) >= 40
    said = [(verdict(pair), pair["expected"], pair) for pair in PAIRS]
    found = [each for each in said if each[0] not in (None, "agreement")]
    wrong = [each for each in found if each[0] != each[1]]
    expected = [each for each in said if each[1] not in (None, "agreement")]
    assert len(found) - len(wrong) >= 0.9 * len(found), wrong
    assert sum(each[0] == each[1] for each in expected) >= 0.9 * len(expected), said
    agreed = [each for each in said if each[0] == "agreement"]
    assert sum(each[1] == "agreement" for each in agreed) >= 0.9 * len(agreed), agreed


@pytest.mark.parametrize(
    ("text", "within", "number", "bound", "units"),
    [
        ("About 500 people came.", "About 500 people", 500, "about", ("people",)),
        ("It lasted three years.", "three years", 3 * 365.25, "exact", ("day",)),
        ("More than 1,200 boats sank.", "1,200", 1200, "least", ("boat", "sank")),
        ("Some 3 million crowns went.", "3 million", 3_000_000, "about", ("crown",)),
        ("It cost $51.5 million then.", "$51.5 million", 51_500_000, "exact", ("$",)),
        ("It won 1.7 percent of it.", "1.7 percent", 1.7, "exact", ("percent",)),
        ("It won 54% of it.", "54%", 54, "exact", ("percent",)),
        ("Twenty-one gulls flew.", "Twenty-one", 21, "exact", ("gull", "flew")),
        ("On May 3 it carried 208 passengers.", "On May 3 it carried 208", 208, "exact", ("passenger",)),
    ],
)
def test_numbers_are_read_with_bound_and_unit(text, within, number, bound, units):
    start = text.index(within)
    found = amount_in(text, Span(start, start + len(within)))
    assert (found.number, found.bound, found.units) == (number, bound, units)
    assert found.span.start >= start


@pytest.mark.parametrize("text", ["Nobody came.", "It was built in 1911.", "On 10 February it snowed."])
def test_dates_are_no_amounts(text):
    assert amount_in(text, Span(0, len(text))) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on March 19, 2019 there", (2019, 3, 19)),
        ("on 10 February it", (None, 2, 10)),
        ("in May 1911", (1911, 5, None)),
        ("since 2018", (2018, None, None)),
        ("in March they", (None, 3, None)),
    ],
)
def test_dates_are_read_as_far_as_they_are_named(text, expected):
    found = date_in(text, Span(0, len(text)))
    assert (found.year, found.month, found.day) == expected


def test_what_is_no_date():
    assert date_in("They may march with 2000 boats.", Span(0, 31)) is None
    assert happened(article("It rained on February 30.", published="2033-03"), Span(0, 25)) is None


def test_an_event_is_dated_by_its_sentence_else_by_its_article():
    def days(text, published):
        found = happened(article(text, published=published), Span(0, len(text)))
        return found and (str(found.first), str(found.last))

    assert days("It rained.", "2033-02") == ("2033-02-01", "2033-02-28")
    assert days("It rained on January 3.", "2033-02-11") == ("2033-01-03", "2033-01-03")
    assert days("It rained on December 3.", "2033-02-11") == ("2032-12-03", "2032-12-03")
    assert days("It rained on January 3.", None) is None
    assert days("It rained.", None) is None
    one, two = (
        happened(article("It rained.", published=each), Span(0, 10)) for each in ("2033-01", "2033-03")
    )
    assert days_apart(one, two) == days_apart(two, one) == 29  # January 31 to March 1


def test_singulars():
    assert [singular(word) for word in ("Boats", "cities", "pass", "people")] == [
        "boat",
        "city",
        "pass",
        "people",
    ]


def test_quotes_of_one_article_are_not_compared_and_one_outlet_is_one_source():
    asked = "How many gulls flew?"
    one, two = quote("In all 12 gulls flew.", "12"), quote("There 15 gulls flew.", "15")
    assert compared(asked, [one, two]) == ((), ())
    same = [
        quote(text, "12", id=id, source=source)
        for text, id, source in (
            ("In all 12 gulls flew.", "a", "Post"),
            ("They counted 12 gulls.", "b", "POST"),
            ("Over the town 12 gulls flew.", "c", "Review"),
        )
    ]
    ((agreement,),) = [compared(asked, same)[1]]
    assert ([value.at for value in agreement.values], agreement.sources, agreement.unit) == (
        [0, 1, 2],
        2,
        "gull",
    )


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("differences") / "archive", model="hashed-words") as archive:
        archive.add(DATA / "articles.jsonl")
        yield Answerer(Retriever(archive), threshold=0)


def test_an_answer_shows_them_side_by_side(answerer):
    asked = "How many workers did the fire at the paper mill injure?"
    found = answerer.ask(asked).to_dict()
    numbers = {quote["n"]: quote for quote in found["quotes"]}
    labels = {}
    for difference in found["differences"]:
        for value in difference["values"]:
            inside = numbers[value["n"]]
            assert inside["start"] <= value["start"] < value["end"] <= inside["end"]
            assert (
                inside["text"][value["start"] - inside["start"] : value["end"] - inside["start"]]
                == value["text"]
            )
        labels[frozenset(value["text"] for value in difference["values"])] = difference["label"]
    assert labels[frozenset({"14 workers", "17 workers"})] == "figures differ"
    assert labels[frozenset({"14 workers", "3 workers"})] == "different occasions"
    (agreement,) = found["agreements"]
    assert ([value["text"] for value in agreement["values"]], agreement["independent_sources"]) == (
        ["14 workers", "14 workers"],
        2,
    )
    found["differences"][0]["values"][1]["text"] = "71 workers"
    assert (
        "'differences' has a value that is not words inside its quote"
        in verify(found, answerer.archive).problems
    )
    without = answerer.ask(asked, parts=Parts(differences=False)).to_dict()
    assert (without["differences"], without["agreements"]) == ([], [])
    assert without["quotes"] == found["quotes"]
