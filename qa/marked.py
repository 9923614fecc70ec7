"""What is marked as furniture in an archive: which words, of which outlet, in how many articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.connection import Connection


@dataclass(frozen=True, slots=True)
class Marked:
    """Words that are marked, alike, in so many articles of a source."""

    source: str | None
    kind: str
    words: str
    articles: int


def marked_words(connection: Connection, id: str | None = None) -> Sequence[Marked]:
    """All that is marked, or what is in one article; what most articles have first."""
    # SQLite counts code points from 1, as our offsets do from 0.
    found = connection.execute(
        'SELECT a.source, f.kind, substr(a.text, f.start + 1, f."end" - f.start) AS words, '
        "count(DISTINCT a.row) "
        "FROM furniture f JOIN articles a ON a.row = f.article WHERE CAST(? AS TEXT) IS NULL OR a.id = ? "
        "GROUP BY a.source, f.kind, words ORDER BY 4 DESC, a.source NULLS FIRST, f.kind, words",
        (id, id),
    )
    return [Marked(*row) for row in found]
