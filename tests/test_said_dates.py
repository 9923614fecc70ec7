import pytest

from corpus.formats.said_dates import iso_day, pdf_day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2021-03-18", "2021-03-18"),
        ("2021-03-18T23:30:00+02:00", "2021-03-18"),
        ("20210318", "2021-03-18"),
        ("2021-03", "2021-03"),
        ("2021", "2021"),
        ("Thu, 18 Mar 2021 23:30:00 +0200", "2021-03-18"),
        ("2021-13-01", None),
        ("18/03/2021", None),
        ("March", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_days_are_taken_from_times_and_nothing_else(written, day):
    assert iso_day(written) == day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("D:20210318093000+02'00'", "2021-03-18"),
        ("D:2021", "2021"),
        ("D:20211399", None),
        ("x", None),
        (None, None),
    ],
)
def test_a_pdfs_times(written, day):
    assert pdf_day(written) == day
