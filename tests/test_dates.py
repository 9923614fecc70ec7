from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import Interval, date_part, interval
from corpus.errors import InputError


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("2012-12", date(2012, 12, 1), date(2012, 12, 31)),
        ("2012-02-25", date(2012, 2, 25), date(2012, 2, 25)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999-12-31", date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_a_partial_date_is_the_interval_it_names(partial, first, last):
    assert interval(partial) == Interval(first, last)


@pytest.mark.parametrize(
    "written",
    [
        *("2012-13", "2012-00", "2012-02-30", "2011-02-29", "2012-02-00", "0000", "0000-01", "0000-01-01"),
        *("last week", "", " ", "12", "20120225", "2012-2-5", "2012/02/25", "25.02.2012", "-2012", "2012-"),
        *("2012\n", " 2012", "٢٠١٢", "２０１２", "10000", "2012-02-25T10:00", "2012-W08"),
    ],
)
def test_what_is_not_a_date_is_refused_with_the_three_forms(written):
    with pytest.raises(InputError, match="is not a date; write YYYY, YYYY-MM or YYYY-MM-DD") as caught:
        interval(written)
    assert repr(written) in str(caught.value)


def test_a_long_text_is_not_repeated_whole():
    with pytest.raises(InputError) as caught:
        interval("x" * 10_000)
    assert len(str(caught.value)) < 200


@given(st.dates())
def test_a_day_lies_in_its_month_and_its_month_in_its_year(day):
    iso = day.isoformat()
    whole_year, month, one_day = interval(iso[:4]), interval(iso[:7]), interval(iso)
    assert one_day == Interval(day, day)
    assert whole_year.first <= month.first <= day <= month.last <= whole_year.last
    assert month.first.day == 1
    if day.year < 9999:  # the day after a month's last is a first
        assert (month.last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2023-09-26T17:01:22+00:00", "2023-09-26"),
        ("2023-09-26 17:01", "2023-09-26"),
        ("2023-09-26T17:01:22.123Z", "2023-09-26"),
        ("2023-09-26", "2023-09-26"),
        ("2023-09", "2023-09"),
        ("2023-09-26, morning", "2023-09-26, morning"),
        ("last week", "last week"),
    ],
)
def test_a_timestamp_gives_its_date_and_nothing_else_is_cut(written, date):
    assert date_part(written) == date
