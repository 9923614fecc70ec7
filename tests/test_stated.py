"""Whether a quote states a value: what is denied, planned, asked, a part or a change is not it."""

import pytest

from corpus.article import Article, Facts, Origin, Span
from qa.answer import Quote
from qa.stated import is_change, is_stated


def stated(text, value, question="How many are there?"):
    """What is told of a quote of a whole text, of some words in it."""
    start = text.index(value)
    article = Article.from_facts(Facts(language="en"), id="one", text=text, origin=Origin("/invented"))
    span = Span(start, start + len(value))
    quote = Quote(article, 0, len(text), span, 0.9)
    return is_stated(question, quote, span), is_change(quote, span)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The ferry carried 212 passengers.", "212 passengers"),
        ("Not everybody came, but 40 boats did.", "40 boats"),
        ("It was not the wind (which reached 140 kilometres an hour).", "140 kilometres"),
        ("More than 40 boats sank.", "40 boats"),
        ("It killed 12 people, including two firemen.", "12 people"),
        ("Will it sail? It carried 212 passengers.", "212 passengers"),
        ("Two trams carried 30 riders and 12 dogs.", "30 riders"),
    ],
)
def test_what_is_said_to_be_so_is_stated(text, value):
    assert stated(text, value) == (True, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The harbour would need 40 boats.", "40 boats"),
        ("The council is considering 40 new trams.", "40 new trams"),
        ("The boat is about to carry 212 passengers.", "212 passengers"),
        ("Vell does not have 40 boats.", "40 boats"),
        ("Vell hasn’t 40 boats.", "40 boats"),
        ("Will the ferry carry 212 passengers?", "212 passengers"),
        ("“How about 40 boats?” the mayor asked.", "40 boats"),
        ("In Vell 40 voters decided whether it stays.", "40 voters"),
        ("It sank, and 40 more boats did later.", "40 more boats"),
        ("Brisk is suing Reddick for $40.", "$40"),
        ("Brisk urged the council to buy 40 boats.", "40 boats"),
        ("They bought 40 additional boats.", "40 additional boats"),
        ("Vell is 40 boats behind Marrow.", "40 boats"),
        ("An additional aid of 40 million crowns came.", "40 million crowns"),
        ("It killed 12 people, including two firemen.", "two firemen"),
        ("He owned 18 boats marked red, 54 boats marked green and 31 boats.", "18 boats"),
    ],
)
def test_what_is_open_denied_or_a_part_is_not(text, value):
    assert not stated(text, value)[0]


def test_what_is_planned_is_stated_where_plans_are_asked_for():
    text = "Brisk is suing Reddick for $40."
    assert stated(text, "$40", "For how much is Brisk suing Reddick?")[0]
    assert not stated(text, "$40", "How much does Reddick owe?")[0]


@pytest.mark.parametrize(
    ("text", "value", "changed"),
    [
        ("The bank raised its rate by 0.75%.", "0.75%", True),
        ("Fares rose by about 12 percent.", "12 percent", True),
        ("Fares cost by law $4.", "$4", False),
        ("The rate is 0.75%.", "0.75%", False),
        ("It was seen by 40 sailors.", "40 sailors", False),
    ],
)
def test_a_change_is_no_level(text, value, changed):
    assert stated(text, value)[1] is changed
