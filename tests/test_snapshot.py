"""A snapshot: facts of one generation as columns."""

from datetime import date
from pathlib import Path

import pytest

from qa import Archive
from qa.filters import Limits

VELL = Path(__file__).parent / "data" / "vell"


@pytest.fixture
def archive(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        yield archive


def test_columns_hold_every_passage_by_article_id_and_start(archive):
    with archive.reading() as connection:
        passages = connection.execute(
            "SELECT passages.row, id, start FROM passages JOIN articles ON article = articles.row"
        ).fetchall()
    snapshot = archive.snapshot()
    columns = snapshot.columns
    by_order = sorted(passages, key=lambda each: (each[1], each[2]))
    assert columns.row.tolist() == [row for row, _, _ in by_order]
    assert [columns.id[at] for at in columns.article] == [id for _, id, _ in by_order]
    assert snapshot.orders([row for row, _, _ in by_order]) == list(range(len(passages)))
    assert columns.ascending.tolist() == sorted(columns.row.tolist())


@pytest.mark.parametrize(
    ("date", "nearest"),
    [("1875", "2031"), ("2040-01", "2032-01-15"), ("2031-04-09", "2031"), ("2031-06", "2031-06-10")],
)
def test_the_nearest_date_is_that_of_the_article_whose_interval_is(archive, date, nearest):
    assert archive.snapshot().columns.nearest_to(date) == nearest


def test_an_archive_without_dates_has_no_nearest(tmp_path):
    (tmp_path / "undated.txt").write_text("Fog came to Vell.")
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(tmp_path / "undated.txt")
        assert archive.snapshot().columns.nearest_to("2031") is None


def test_days_and_sources_are_those_of_the_articles(archive):
    columns = archive.snapshot().columns
    at = columns.id.index("strike")  # published 2031-04 by Marrow Post
    assert columns.source[at] == columns.sources["marrow post"]
    assert (columns.first_day[at], columns.last_day[at]) == (
        date(2031, 4, 1).toordinal(),
        date(2031, 4, 30).toordinal(),
    )
    at = columns.id.index("census.txt")
    assert (columns.source[at], columns.first_day[at], columns.last_day[at]) == (0, 0, 0)


def test_rows_within_limits_are_those_of_the_articles_within(archive):
    columns = archive.snapshot().columns
    rows = columns.rows_within(Limits(("tern gazette",), since=date(2032, 1, 1))).tolist()
    assert rows == [
        row
        for row, at in zip(columns.row.tolist(), columns.article.tolist(), strict=True)
        if columns.id[at] == "lighthouse"
    ]
    assert columns.rows_within(Limits()).tolist() == columns.row.tolist()
    assert columns.rows_within(Limits(until=date(1900, 1, 1))).tolist() == []


def test_a_snapshot_stays_at_its_generation_when_the_archive_moves_on(archive):
    before = archive.snapshot()
    archive.remove(["flood"])
    after = archive.snapshot()
    assert (before.generation, after.generation) == (1, 2)
    assert "flood" in before.columns.id
    assert "flood" not in after.columns.id
    assert len(before.derived.vectors) == len(before.columns.row)
    assert len(after.derived.lexical) == len(after.columns.row) < len(before.columns.row)


def test_an_empty_archive_has_an_empty_snapshot(tmp_path):
    with Archive.create(tmp_path / "empty", model="hashed-words") as archive:
        snapshot = archive.snapshot()
        assert (snapshot.generation, len(snapshot.columns.row), snapshot.holding([1])) == (0, 0, [])
        assert snapshot.columns.undated(Limits(since=date(2031, 1, 1))) == 0
