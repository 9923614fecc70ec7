"""Whether `mentions.db` says what the archive's text does; as the doctor looks after a derived file."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress

import numpy as np

from corpus.errors import ArchiveError
from qa import derived_files
from qa.archive import Archive
from qa.connection import Connection
from qa.mentions import file
from qa.mentions.mentioned import Mentioned, mentioned

NAME = file.NAME
_COMPARED = 300  # articles at most that are read again


def faults(archive: Archive, connection: Connection) -> Iterator[str] | None:
    """What of the file disagrees with the database; None where there is no file of its state to look at.

    `connection` is in a transaction of the archive's.
    """
    tables = file.open_tables(archive.path, connection)
    return None if tables is None else _faults(tables, connection)


def mend(archive: Archive) -> list[str]:
    """Writes the file where it is missing, stale or damaged, if it can be; tells whether by its name."""
    if _is_ready(archive):
        return []
    archive.mentions().close()
    return [NAME] if _is_ready(archive) else []


def remake(archive: Archive) -> list[str]:
    """Writes the file anew, if it can be; tells whether by its name."""
    with suppress(ArchiveError, OSError), archive.writing("rebuild") as connection:
        (archive.path / file.MANIFEST).unlink(missing_ok=True)
        derived_files.write_mentions(connection, archive.path)
    return [NAME] if _is_ready(archive) else []


def _is_ready(archive: Archive) -> bool:
    with archive.reading() as connection:
        tables = file.open_tables(archive.path, connection)
    if tables is not None:
        tables.close()
    return tables is not None


def _faults(tables: sqlite3.Connection, connection: Connection) -> Iterator[str]:
    with closing(tables):
        held = {row for (row,) in connection.execute("SELECT row FROM articles")}
        words = {
            row: np.frombuffer(numbers, dtype="<u4").tolist()
            for row, numbers in tables.execute("SELECT row, words FROM articles")
        }
        if words.keys() != held:
            yield f"it knows {len(words)} articles, the database {len(held)}, or others"
            return
        counted = Counter(number for numbers in words.values() for number in numbers)
        for number, word, articles in tables.execute("SELECT number, word, articles FROM words"):
            if counted[number] != articles:
                yield f"it has {word!r} in {articles} articles, and {counted[number]} of them name it"
        for row in sorted(held)[:: -(-len(held) // _COMPARED) or 1]:
            if _stored(tables, row, words[row]) != mentioned(connection, row):
                (id,) = connection.execute("SELECT id FROM articles WHERE row = ?", (row,)).fetchone()
                yield f"what it says of {id!r} is not what that mentions"


def _stored(tables: sqlite3.Connection, row: int, numbers: list[int]) -> Mentioned:
    found = (
        tables.execute("SELECT word, kind FROM words WHERE number = ?", (number,)).fetchone()
        for number in numbers
    )
    definitions = tables.execute(
        "SELECT short, long, short_key, long_key FROM definitions WHERE article = ? ORDER BY short, long",
        (row,),
    )
    dates = tables.execute(
        "SELECT start, first_day, last_day FROM dates WHERE article = ? ORDER BY start", (row,)
    )
    return Mentioned(tuple(sorted(each for each in found if each)), tuple(definitions), tuple(dates))
