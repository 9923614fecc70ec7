"""Rows are counted by the index on them: their table holds the vectors, and is large."""

from pathlib import Path

import numpy as np
import pytest

from qa import Archive
from qa.row_counts import count_and_last, count_up_to, rows_held

VELL = Path(__file__).parent / "data" / "vell"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("counted") / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        archive.remove(["lighthouse"])
        yield archive


def test_what_is_there_is_counted(archive):
    with archive.reading() as connection:
        rows = sorted(row for (row,) in connection.execute("SELECT row FROM passages"))
        assert rows != list(range(1, len(rows) + 1)), "some in the middle are gone"
        assert count_and_last(connection) == (len(rows), rows[-1])
        np.testing.assert_array_equal(rows_held(connection), rows)
        for last in (0, rows[0], rows[-1] // 2, rows[-1], rows[-1] + 9):
            assert count_up_to(connection, last) == sum(row <= last for row in rows)


def test_nothing_is_counted_as_nothing(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive, archive.reading() as empty:
        assert (count_and_last(empty), count_up_to(empty, 5), len(rows_held(empty))) == ((0, 0), 0, 0)


@pytest.mark.parametrize(
    "count", [count_and_last, lambda connection: count_up_to(connection, 3), rows_held], ids=str
)
def test_the_table_is_not_gone_through(archive, count):
    with archive.reading() as connection:
        asked = []
        connection.set_trace_callback(asked.append)
        count(connection)
        connection.set_trace_callback(None)
        plans = [row[3] for each in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {each}")]
    assert [plan for plan in plans if plan.startswith("SCAN passages")]
    assert all("COVERING INDEX" in plan for plan in plans if plan.startswith("SCAN passages"))
