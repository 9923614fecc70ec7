"""Dates in texts and questions, as the days they name."""

import pytest

from corpus.dates import interval
from qa.dates.nearness import nearness
from qa.dates.resolving import mentions

SATURDAY, MONTH, YEAR = "2012-02-25", "2012-02", "2012"


def found(text, told):
    return [
        (text[each.start : each.end], str(each.days.first), str(each.days.last))
        for each in mentions(text, interval(told) if told else None)
    ]


def day(text, told=SATURDAY):
    [(_, first, last)] = found(text, told)
    return first if first == last else (first, last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on February 22, 2020", "2020-02-22"),
        ("on 22 February 2020", "2020-02-22"),
        ("on Feb. 22, 2020", "2020-02-22"),
        ("22 февраля 2020 года", "2020-02-22"),
        ("on 2020-02-22", "2020-02-22"),
        ("in April 2023", ("2023-04-01", "2023-04-30")),
        ("в апреле 2023 года", ("2023-04-01", "2023-04-30")),
        ("in 2019", ("2019-01-01", "2019-12-31")),
        ("late on January 28", "2012-01-28"),
        ("on December 16", "2011-12-16"),
        ("the 28th of January", "2012-01-28"),
        ("called for March 24", "2012-03-24"),
        ("in December", ("2011-12-01", "2011-12-31")),
        ("last month", ("2012-01-01", "2012-01-31")),
        ("last week", ("2012-02-13", "2012-02-19")),
        ("на прошлой неделе", ("2012-02-13", "2012-02-19")),
        ("this week", ("2012-02-20", "2012-02-26")),
        ("next year", ("2013-01-01", "2013-12-31")),
        ("yesterday", "2012-02-24"),
        ("вчера", "2012-02-24"),
        ("three days ago", "2012-02-22"),
        ("3 дня назад", "2012-02-22"),
        ("on Monday", "2012-02-20"),
        ("on Saturday", "2012-02-25"),
        ("last Friday", "2012-02-24"),
    ],
)
def test_a_mention_names_days_counted_from_the_text(text, expected):
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2019 people",
        "$2019",
        "2,019",
        "May I ask",
        "they may 2",
        "the Mondays of old",
        "week after week",
    ],
)
def test_what_is_no_date_or_no_day(text):
    assert found(text, SATURDAY) == []


def test_what_the_text_is_too_inexact_for_is_left_out():
    text = "yesterday, last week, last month, last year, on January 28, in 2019"
    assert [words for words, *_ in found(text, MONTH)] == ["last month", "last year", "January 28", "2019"]
    assert [words for words, *_ in found(text, YEAR)] == ["last year", "2019"]
    assert [words for words, *_ in found(text, None)] == ["2019"]


def test_offsets_are_those_of_the_text():
    text = "Он сказал вчера, что 22 февраля 2020 года…"
    assert [words for words, *_ in found(text, SATURDAY)] == ["вчера", "22 февраля 2020"]


def ordinals(partial):
    days = interval(partial)
    return days.first.toordinal(), days.last.toordinal()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["2020-02-22"], 1.0),
        (["2020-02"], 1.0),
        (["2020"], 0.5),
        (["2020-03"], 0.0),
        (["2019", "2020", "2020-02-01"], 1.0),
        ([], 0.0),
    ],
)
def test_days_within_those_asked_about_are_nearest(said, expected):
    assert nearness([ordinals("2020-02")], map(ordinals, said)) == expected
