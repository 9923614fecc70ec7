"""Differences and agreements: on labelled pairs, and what makes two figures comparable at all."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article, Facts, Origin, Span
from qa import Answerer, Archive, Retriever
from qa.amounts import amount_in, singular
from qa.answer import Quote
from qa.asked_value import can_be
from qa.differences import LIKELY, SURE, compared
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
        ("It cost $900M then.", "$900M", 900_000_000, "exact", ("$",)),
        ("It owes $10k in all.", "$10k", 10_000, "exact", ("$",)),
        ("It is 5m deep.", "5m", 5, "exact", ()),
        ("It hit 60 or more homers.", "60", 60, "least", ("homer",)),
        ("It blew at 111 mph or greater.", "111 mph", 111, "least", ("mph",)),
        ("It sold 40 cars or fewer.", "40", 40, "most", ("car",)),
        ("It caught a 40-pound old seal.", "40", 40, "exact", ("pound",)),
        ("It lost 40 old red boats.", "40", 40, "exact", ("old", "red", "boat")),
        ("In Vell 40 boats sank.", "40", 40, "exact", ("boat", "sank")),
        ("A court gave Vance 18 days.", "18", 18, "exact", ("day",)),
    ],
)
def test_numbers_are_read_with_bound_and_unit(text, within, number, bound, units):
    start = text.index(within)
    found = amount_in(text, Span(start, start + len(within)))
    assert (found.number, found.bound, found.units) == (number, bound, units)
    assert found.span.start >= start


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("Gas is $4.32 a gallon.", "gallon"),
        ("It paid $54.20 per share.", "share"),
        ("About 400 people die every day.", "day"),
        ("It lends 40 books daily.", "day"),
        ("Gas is $4.32.", None),
        ("About 400 people die of the cold every day.", "day"),
        ("It paid 40 crowns a month.", "month"),
        ("It paid 40 crowns to her a month ago.", None),
        ("The monthly payments are $300 per child.", "month"),
        ("It ships 1 million barrels of oil per day.", "day"),
    ],
)
def test_what_a_number_is_counted_by(text, rate):
    assert amount_in(text, Span(0, len(text))).rate == rate


@pytest.mark.parametrize(
    "text",
    [
        "It was within 2 mph of it.",
        "The jackpot starts at $20 million.",
        "It was up from 4 percent.",
        "She is the third leader in three years.",
        "It was her 60th boat.",
        "It sold Ferry 3 boats.",
    ],
)
def test_what_is_beside_the_thing_is_no_amount_of_it(text):
    assert amount_in(text, Span(0, len(text))) is None


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("$1.02 billion", "$1,025,000,000", False),
        ("$1.34 billion", "$1.337 billion", False),
        ("$1.34 billion", "$1.02 billion", True),
        ("six weeks", "44 days", False),
        ("14 workers", "17 workers", True),
        ("500 workers", "512 workers", True),
        ("60 or more workers", "62 workers", False),
    ],
)
def test_a_number_may_be_another_rounded(one, other, differ):
    left, right = (amount_in(text, Span(0, len(text))) for text in (one, other))
    assert left.differs_from(right) is differ
    assert right.differs_from(left) is differ


def test_rates_are_compared_with_rates_or_where_the_question_names_them():
    def labels(asked):
        gas = [quote(f"Gas costs {each}.", each, id=each) for each in ("$4.32 a gallon", "$4.96")]
        return [each.label for each in compared(asked, gas)[0]]

    assert labels("How much is a gallon of gas?") == ["figures differ"]
    assert labels("How much is gas?") == []


def test_a_difference_wants_an_answer_that_is_likelier_than_not_and_a_quote_not_far_behind():
    one, two = quote("In all 12 gulls flew.", "12"), quote("In all 15 gulls flew.", "15", id="two")

    def differ(best, other):
        scored = [replace(one, score=best), replace(two, score=other)]
        return bool(compared("How many gulls flew?", scored)[0])

    assert differ(SURE, LIKELY * SURE)
    assert not differ(SURE - 0.01, SURE - 0.01)
    assert not differ(0.9, LIKELY * 0.9 - 0.01)


@pytest.mark.parametrize(
    "text",
    [
        "The volcano erupted for the first time since 1911.",
        "The volcano erupted like the 1911 volcano.",
        "The volcano was found in 1911.",
    ],
)
def test_a_date_that_bounds_another_names_a_thing_or_is_of_another_event_is_not_compared(text):
    asked = "When did the volcano erupt?"
    one = quote("The volcano erupted on May 3, 2031.", "on May 3, 2031")
    assert compared(asked, [one, quote(text, "1911", id="two")]) == ((), ())
    assert compared(asked, [one, quote("The volcano erupted in 1911.", "1911", id="two")])[0]


@pytest.mark.parametrize(
    ("question", "text", "span", "is_one"),
    [
        ("How old is Reddick?", "Reddick is 40 years old.", "40 years", True),
        ("How old is Reddick?", "Reddick lives 40 miles away.", "40 miles", False),
        ("How many boats sank?", "In the storm 40 boats sank.", "40 boats", True),
        ("How many boats sank?", "In the storm 40 mills burned.", "40 mills", False),
        ("How many people came?", "In all 40 sailors came.", "40 sailors", True),
        ("How many people came?", "In all 40 days came.", "40 days", False),
        ("How many miles is the road?", "The 40-mile road is closed.", "40-mile", False),
        ("What percentage of boats sank?", "In all 40 boats sank.", "40 boats", False),
        ("How much did Brisk pay?", "Brisk paid 40 crowns.", "40 crowns", True),
        ("How much did Brisk pay?", "Brisk paid 40 visits.", "40 visits", False),
        ("How many Grand Hall seats are there?", "It has 40 Grand Hall seats.", "40", True),
        ("How many Grand Hall seats are there?", "It has 40 Grand Hall doors.", "40", False),
    ],
)
def test_an_amount_has_the_unit_that_is_asked_for(question, text, span, is_one):
    start = text.index(span)
    assert can_be(question, amount_in(text, Span(start, start + len(span)))) is is_one


def test_by_how_much_something_changed_is_compared_where_that_is_asked():
    fares = [quote(f"Fares rose by {each}.", each, id=each) for each in ("12 percent", "15 percent")]
    assert compared("How much did fares rise?", fares)[0]
    assert compared("What percentage are the fares?", fares) == ((), ())


@pytest.mark.parametrize("text", ["Nobody came.", "It was built in 1911.", "On 10 February it snowed."])
def test_dates_are_no_amounts(text):
    assert amount_in(text, Span(0, len(text))) is None


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


def test_one_name_spelled_twice_is_one_unless_spellings_are_left_out():
    def pair(asked, *said):
        return asked, [quote(text, span, id=str(at)) for at, (text, span) in enumerate(said)]

    rallies = pair(
        "How many people came to the rally?",
        ("In Aqtobe 40 people followed Toqaev.", "40 people"),
        ("In Aktobe 50 people followed Tokayev.", "50 people"),
    )
    assert [each.label for each in compared(*rallies)[0]] == ["figures differ"]
    assert [each.label for each in compared(*rallies, spellings=False)[0]] == ["different occasions"]
    towns = pair(
        "Where was he detained?",
        ("The police detained him in Aqtobe.", "in Aqtobe"),
        ("He was detained at night in Aktobe.", "in Aktobe"),
    )
    assert [len(found) for found in compared(*towns)] == [0, 1]
    assert [len(found) for found in compared(*towns, spellings=False)] == [1, 0]


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
