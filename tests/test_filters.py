"""Filters: partial dates as the intervals they name, sources as whole names in any case."""

import calendar
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from qa import Archive, Retriever
from qa.filters import Limits, limits

VELL = Path(__file__).parent / "data" / "vell"
PUBLISHED = {
    "bridge": "2031-06-10",
    "census.txt": None,
    "flood": "2031",
    "harbour": "2031-04-02",
    "letter-1": "2031-05-03",
    "letter-2": "2031-04-20",
    "lighthouse": "2032-01-15",
    "strike": "2031-04",
}
SOURCES = ["Marrow Post", "Tern Gazette", "Вестник Велла"]


@pytest.fixture(scope="module")
def retriever(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("filters") / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        yield Retriever(archive)


def days(partial):
    """First and last day of a partial date, by the calendar."""
    year, month, day = [*map(int, partial.split("-")), None, None][:3]
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])


def expected(since=None, until=None):
    """The design's words: ends on or after D's first day; begins on or before D's last day."""
    return {
        id
        for id, published in PUBLISHED.items()
        if published is not None
        and (since is None or days(published)[1] >= days(since)[0])
        and (until is None or days(published)[0] <= days(until)[1])
    }


def found(retriever, **filters):
    hits = {mode: retriever.search("Vell", 50, mode=mode, **filters) for mode in ("hybrid", "dense")}
    ids = {mode: {hit.article_id for hit in of_mode} for mode, of_mode in hits.items()}
    assert ids["hybrid"] == ids["dense"]
    return ids["dense"]


@pytest.mark.parametrize(
    ("since", "until", "ids"),
    [
        # A month is in a range that touches any of its days; so is a year.
        ("2031-04-30", None, {"bridge", "flood", "letter-1", "lighthouse", "strike"}),
        ("2031-05-01", None, {"bridge", "flood", "letter-1", "lighthouse"}),
        (None, "2031-04-01", {"flood", "strike"}),
        (None, "2031-03", {"flood"}),
        ("2031-04", "2031-04", {"flood", "harbour", "letter-2", "strike"}),
        ("2032", None, {"lighthouse"}),
        ("2032-01-16", None, set()),
        (None, "2030", set()),
        ("2031", "2031", {"bridge", "flood", "harbour", "letter-1", "letter-2", "strike"}),
    ],
)
def test_ranges_keep_the_articles_worked_out_by_hand(retriever, since, until, ids):
    assert found(retriever, since=since, until=until) == ids == expected(since, until)


partial_dates = st.one_of(
    st.integers(2030, 2033).map(str),
    st.tuples(st.integers(2031, 2032), st.integers(1, 12)).map(lambda ym: f"{ym[0]}-{ym[1]:02}"),
    st.dates(date(2031, 1, 1), date(2032, 3, 1)).map(str),
)


@given(since=st.none() | partial_dates, until=st.none() | partial_dates)
def test_every_range_keeps_what_the_definition_says(retriever, since, until):
    if since and until and days(since)[0] > days(until)[1]:
        with pytest.raises(InputError, match="is after until"):
            retriever.search("Vell", since=since, until=until)
    elif since or until:
        assert found(retriever, since=since, until=until) == expected(since, until)
        within = retriever.limits(None, since, until)
        snapshot = retriever.snapshot()
        rows = [row for row, _ in snapshot.derived.lexical.search("Vell", 50, within)]
        articles = snapshot.columns.article[snapshot.orders(rows)]
        assert {snapshot.columns.id[at] for at in articles} <= expected(since, until)


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("Tern Gazette", {"flood", "harbour", "lighthouse"}),
        ("tern GAZETTE", {"flood", "harbour", "lighthouse"}),
        (" Tern Gazette ", {"flood", "harbour", "lighthouse"}),
        ("вестник велла", {"bridge"}),
        (["Marrow Post", "ВЕСТНИК ВЕЛЛА"], {"bridge", "letter-1", "letter-2", "strike"}),
        (("Marrow Post", "marrow post"), {"letter-1", "letter-2", "strike"}),
    ],
)
def test_a_source_is_a_whole_name_in_any_case(retriever, source, ids):
    assert found(retriever, source=source) == ids


def test_sources_and_dates_both_bind(retriever):
    assert found(retriever, source="Marrow Post", since="2031-05") == {"letter-1"}


@pytest.mark.parametrize("part", ["Tern", "Gazette", "Tern Gazette.", "tern  gazette"])
def test_part_of_a_name_is_unknown_and_the_nearest_is_named(retriever, part):
    with pytest.raises(InputError, match=r"no article's source is .*; the nearest are 'Tern Gazette'"):
        retriever.search("harbour", source=part)


def test_a_name_like_none_lists_what_there_is():
    with pytest.raises(InputError, match="the nearest are 'Marrow Post', 'Tern Gazette', 'Вестник Велла'"):
        limits("Qqqq", None, None, known_sources=SOURCES)
    with pytest.raises(InputError, match="no article in the archive has a source"):
        limits("Qqqq", None, None, known_sources=[])


def test_one_unknown_of_two_is_an_error(retriever):
    with pytest.raises(InputError, match="'Tern Gazet'"):
        retriever.search("harbour", source=["Marrow Post", "Tern Gazet"])


def test_an_empty_source_is_an_error_and_no_sources_are_no_filter(retriever):
    with pytest.raises(InputError, match="no article's source is ''; the nearest are"):
        retriever.search("harbour", source="")
    assert retriever.limits([], None, None) is None
    assert found(retriever, source=[]) == set(PUBLISHED)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "yesterday",
        "2031-13",
        "2031-02-30",
        "31-01-01",
        "2031-1-1",
        "2031-01-01T00:00",
        "２０３１",
        "0000",
    ],
)
def test_what_is_no_date_is_an_error_that_says_how_to_write_one(retriever, wrong):
    for filters in ({"since": wrong}, {"until": wrong}):
        with pytest.raises(InputError, match="is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"):
            retriever.search("harbour", **filters)


def test_since_and_until_are_compared_by_the_days_they_name():
    def of(since, until):
        return limits(None, since, until, known_sources=[])

    assert of("2031-04", "2031-04-01") == Limits((), date(2031, 4, 1), date(2031, 4, 1))
    assert of("2031-04-30", "2031-04") == Limits((), date(2031, 4, 30), date(2031, 4, 30))
    with pytest.raises(InputError, match="since 2031-05 is after until 2031-04"):
        of("2031-05", "2031-04")


def test_no_filter_is_none():
    assert limits(None, None, None, known_sources=SOURCES) is None


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"since": "2031"}, 1),  # census.txt
        ({"until": "1900"}, 1),
        ({"source": "Tern Gazette"}, 0),
        ({"source": "Tern Gazette", "since": "2031"}, 0),  # census.txt is left out by its source
    ],
)
def test_undated_articles_that_only_the_dates_leave_out_are_counted(retriever, filters, count):
    within = retriever.limits(filters.get("source"), filters.get("since"), filters.get("until"))
    assert retriever.snapshot().columns.undated(within) == count
