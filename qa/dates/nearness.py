"""How well passages fit the days that a question asks about: those they mention, or appeared on."""

import json
from collections.abc import Iterable, Mapping, Sequence

from corpus.dates import Interval
from qa.connection import Connection
from qa.mentions.lookup import Mentions

WEIGHT = 0.1  # what a passage of the right days gains, in the fused score (DECISIONS.md)
Days = tuple[int, int]  # the first and the last, as ordinals
_PARTLY = 0.5  # the days of the passage reach beyond those asked about, or begin before them


def nearness(asked: Sequence[Days], said: Iterable[Days]) -> float:
    """1 where days said lie within some that were asked about, a half where they overlap, else 0."""
    best = 0.0
    for first, last in said:
        for since, until in asked:
            if since <= first and last <= until:
                return 1.0
            if since <= last and first <= until:
                best = _PARTLY
    return best


def gains(
    archive: Connection, mentioned: Mentions, appeared: Mapping[int, Days], asked: Sequence[Interval]
) -> dict[int, float]:
    """What each passage gains, by its row, in [0, WEIGHT]: for the days it mentions or appeared on.

    `appeared` has the passages' rows, each with the days on which its article appeared.
    """
    found = archive.execute(
        'SELECT passages.row, article, start, "end" FROM json_each(?) AS wanted '
        "JOIN passages ON passages.row = CAST(wanted.value ->> 0 AS BIGINT)",
        (json.dumps([[row] for row in appeared]),),
    ).fetchall()
    wanted = [(days.first.toordinal(), days.last.toordinal()) for days in asked]
    articles = sorted({article for _, article, *_ in found})
    said: dict[int, list[tuple[int, Days]]] = {article: [] for article in articles}
    for since, until in wanted:
        for article, at, first, last in mentioned.dates_in(articles, since, until):
            said[article].append((at, (first, last)))
    return {
        row: WEIGHT
        * nearness(wanted, [appeared[row], *(days for at, days in said[article] if start <= at < end)])
        for row, article, start, end in found
    }
