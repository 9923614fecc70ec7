"""What one article mentions: names, forms that it defines, dates."""

from dataclasses import dataclass

from corpus.dates import interval
from qa.connection import Connection
from qa.dates.resolving import mentions
from qa.names.aliases import definitions, form_key
from qa.names.attested import attested


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Words with how they stand in the article, forms it defines, and dates.

    A definition is the short form, the long one and their keys; a date its offset and the ordinals of
    its first and last day. All are sorted.
    """

    words: tuple[tuple[str, int], ...]
    definitions: tuple[tuple[str, str, str, str], ...]
    dates: tuple[tuple[int, int, int], ...]


def mentioned(archive: Connection, row: int) -> Mentioned:
    """What the article of a row mentions, from its passages."""
    text, published = archive.execute("SELECT text, published FROM articles WHERE row = ?", (row,)).fetchone()
    passages = [
        (start, text[start:end])
        for start, end in archive.execute(
            'SELECT start, "end" FROM passages WHERE article = ? ORDER BY start', (row,)
        )
    ]
    words = [words for _, words in passages]
    told = interval(published) if published else None
    dates = (
        (start + each.start, each.days.first.toordinal(), each.days.last.toordinal())
        for start, passage in passages
        for each in mentions(passage, told)
    )
    return Mentioned(
        tuple(sorted((word, int(kind)) for word, kind in attested(words))),
        tuple(
            (each.short, each.long, form_key(each.short), form_key(each.long))
            for each in sorted(definitions(words))
        ),
        tuple(sorted(dates)),
    )
