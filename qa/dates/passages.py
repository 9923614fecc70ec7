"""Which passages are of some days: those that mention them, or whose articles appeared on them."""

import json
from collections.abc import Sequence

import numpy as np

from corpus.dates import Interval
from embeddings.nearest import Ids
from qa.connection import Connection
from qa.filters import Limits
from qa.mentions.lookup import Mentions
from qa.snapshot import Columns

MOST = 2_000  # passages of the days asked about; more are not searched by themselves


def rows_that_mention(archive: Connection, columns: Columns, mentioned: Mentions, limits: Limits) -> Ids:
    """Rows of the passages of the limits' sources that mention a day within them."""
    places = mentioned.places_of(limits.since, limits.until)
    return np.intersect1d(
        columns.rows_within(Limits(sources=limits.sources)), _rows_at(archive, places or ())
    )


def rows_of_days(
    archive: Connection, columns: Columns, mentioned: Mentions, asked: Sequence[Interval]
) -> Ids:
    """Rows of the passages that mention the days or appeared on them; none where they are more than MOST."""
    places: list[tuple[int, int]] = []
    for days in asked:
        found = mentioned.places_of(days.first, days.last, MOST)
        if found is None:
            return np.empty(0, dtype=np.int64)
        places += found
    appeared = (columns.rows_within(Limits(since=days.first, until=days.last)) for days in asked)
    rows = np.unique(np.concatenate([_rows_at(archive, places), *appeared]))
    return rows if len(rows) <= MOST else rows[:0]


def _rows_at(archive: Connection, places: Sequence[tuple[int, int]]) -> Ids:
    """Rows of the passages that hold the places, each an article's row and an offset in its text."""
    found = archive.execute(
        "SELECT DISTINCT passages.row FROM json_each(?) AS place JOIN passages "
        "ON article = CAST(place.value ->> 0 AS BIGINT) AND start <= CAST(place.value ->> 1 AS BIGINT) "
        'AND "end" > CAST(place.value ->> 1 AS BIGINT)',
        (json.dumps(places),),
    )
    return np.array(sorted(row for (row,) in found), dtype=np.int64)
