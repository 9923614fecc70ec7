"""The date an article gives at some place: as its words name it, and as days; and what two of them differ in."""

import pytest

from corpus.article import Article, Facts, Origin, Span
from qa.dates.told import date_at, days_apart, happened


def article(text, published=None):
    facts = Facts(published=published, language="en")
    return Article.from_facts(facts, id="one", text=text, origin=Origin("/invented"))


def told(text, published=None):
    return date_at(article(text, published), Span(0, len(text)))


def days(found):
    return found and (str(found.first), str(found.last))


@pytest.mark.parametrize(
    ("text", "named", "meant"),
    [
        ("on March 19, 2019 there", (2019, 3, 19), ("2019-03-19", "2019-03-19")),
        ("on 2019-03-19 there", (2019, 3, 19), ("2019-03-19", "2019-03-19")),
        ("on 10 February it", (None, 2, 10), ("2033-02-10", "2033-02-10")),
        ("in May 1911", (1911, 5, None), ("1911-05-01", "1911-05-31")),
        ("since 2018", (2018, None, None), ("2018-01-01", "2018-12-31")),
        ("in March they", (None, 3, None), ("2033-03-01", "2033-03-31")),
        ("it was last month", (None, None, None), ("2033-01-01", "2033-01-31")),
    ],
)
def test_dates_are_read_as_far_as_they_are_named_and_counted_from_the_article(text, named, meant):
    found = told(text, "2033-02-20")
    assert (found.named, days(found.days)) == (named, meant)
    assert (told(text) is None) == (named == (None, None, None))


@pytest.mark.parametrize("text", ["They may march.", "It rained on Monday."])
def test_what_is_no_date_or_none_that_can_be_told(text):
    assert told(text) is None


@pytest.mark.parametrize(
    ("one", "two", "same", "differs"),
    [
        (("on February 10", "2033-02-11"), ("on February 10, 2033", None), True, False),
        (("on February 10", "2033-02-11"), ("on February 10", "2031-02-11"), False, True),
        (("in 2033", None), ("on February 10, 2033", None), False, False),
        (("on February 10", None), ("on February 10", None), True, False),
        (("on February 10", None), ("on February 11, 2033", None), False, True),
        (("on Monday", "2022-11-23"), ("on November 21", "2022-11-30"), True, False),
        (("on Monday", "2022-09-15"), ("on September 19", "2022-09-10"), False, False),
        (("on Monday", "2022-09-15"), ("on September 20", "2022-09-10"), False, True),
        (("in November", "2022-05-16"), ("in 2022", None), False, False),
        (("on April 9", "2021-12-11"), ("on April 9", "2021-04-17"), False, False),
        (("on February 29", "2032-03-02"), ("on February 28, 2031", None), False, False),
    ],
)
def test_two_dates_are_compared_by_their_days_else_by_what_both_name(one, two, same, differs):
    left, right = told(*one), told(*two)
    assert (left.is_same(right), left.differs_from(right)) == (same, differs)
    assert (right.is_same(left), right.differs_from(left)) == (same, differs)


def test_only_a_date_that_begins_within_the_span_counts():
    of = article("It opened on May 3, 2031 and closed in 2033.")
    assert date_at(of, Span(10, 16)).year == 2031
    assert date_at(of, Span(14, 30)) is None


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("It rained.", "2033-02", ("2033-02-01", "2033-02-28")),
        ("It rained on January 3.", "2033-02-11", ("2033-01-03", "2033-01-03")),
        ("It rained on December 3.", "2033-02-11", ("2032-12-03", "2032-12-03")),
        ("It rained on February 30.", "2033-03", ("2033-03-01", "2033-03-31")),
        ("It has rained since January 3.", "2033-02-11", ("2033-02-11", "2033-02-11")),
        ("It rained more on last year's dam.", "2033-02-11", ("2033-02-11", "2033-02-11")),
        ("It rained more than in May 2032.", "2033-02-11", ("2033-02-11", "2033-02-11")),
        ("It rained on January 3.", None, None),
        ("It rained.", None, None),
    ],
)
def test_an_event_is_dated_by_its_sentence_else_by_its_article(text, published, expected):
    assert days(happened(article(text, published), Span(0, len(text)), Span(0, 2))) == expected


def test_a_place_in_a_sentence_is_dated_by_what_stands_nearest():
    text = "In January they took 15 boxes, and there were, in August 2033, another 33."
    of, whole = article(text, "2033-08-31"), Span(0, len(text))
    assert days(happened(of, whole, Span(21, 23))) == ("2033-01-01", "2033-01-31")
    assert days(happened(of, whole, Span(71, 73))) == ("2033-08-01", "2033-08-31")


def test_days_between():
    one, two = (
        happened(article("It rained.", each), Span(0, 10), Span(0, 2)) for each in ("2033-01", "2033-03")
    )
    assert days_apart(one, two) == days_apart(two, one) == 29  # January 31 to March 1
