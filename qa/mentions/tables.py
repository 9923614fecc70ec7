"""The tables of what is mentioned, and how they are brought to the state of an archive."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Self

import numpy as np

from qa.connection import Connection
from qa.mentions.mentioned import mentioned
from qa.names.attested import Kind
from qa.names.folding import keys
from qa.settings import commit_token, generation

_KEPT = 100_000  # words whose numbers are kept in memory
FORMAT = 3  # raised whenever the tables or what fills them change; others are made anew

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    row INTEGER PRIMARY KEY, -- that of the archive, where no row is used twice
    words BLOB NOT NULL      -- little-endian uint32, numbers of words
);
CREATE TABLE words (
    number INTEGER PRIMARY KEY,
    word TEXT NOT NULL,
    kind INTEGER NOT NULL,
    lower TEXT NOT NULL,
    articles INTEGER NOT NULL, -- how many have it so
    UNIQUE (word, kind)
);
CREATE INDEX words_by_lower ON words (lower);
CREATE TABLE keys (key TEXT NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (key, word)) WITHOUT ROWID;
CREATE TABLE definitions (
    article INTEGER NOT NULL,
    short TEXT NOT NULL,
    long TEXT NOT NULL,
    short_key TEXT NOT NULL,
    long_key TEXT NOT NULL,
    PRIMARY KEY (article, short, long)
) WITHOUT ROWID;
CREATE INDEX definitions_by_short ON definitions (short_key);
CREATE INDEX definitions_by_long ON definitions (long_key);
CREATE TABLE dates (
    article INTEGER NOT NULL,
    start INTEGER NOT NULL, -- in the article's text
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    PRIMARY KEY (article, start)
) WITHOUT ROWID;
CREATE INDEX dates_by_day ON dates (first_day, last_day, article, start);
CREATE INDEX long_dates ON dates (first_day, last_day, article, start) WHERE last_day - first_day > 365;
"""


def create(tables: sqlite3.Connection) -> None:
    """Empty tables, of no archive yet."""
    tables.executescript(_TABLES)
    tables.execute("INSERT INTO about VALUES ('format', ?)", (str(FORMAT),))


def state(archive: Connection) -> str:
    """What sets one state of an archive apart: its generation, how many articles it has and the last row.

    On a server the token of its last commit, too.
    """
    count, last = archive.execute("SELECT count(*), max(row) FROM articles").fetchone()
    at = generation(archive)
    token = commit_token(archive, at)
    return f"{at} {count} {last}" + (f" {token}" if token is not None else "")


def is_of_its_past(archive: Connection, state: str) -> bool:
    """Whether the archive was once in that state, as far as commits' tokens tell."""
    match state.split(" "):
        case [at, _, _, token]:
            return commit_token(archive, int(at)) == token
        case _:
            return commit_token(archive, 0) is None


def state_of(tables: sqlite3.Connection) -> str | None:
    """The state they were last brought to; None where they are of another format, or no tables at all."""
    try:
        about = dict(tables.execute("SELECT name, value FROM about"))
    except sqlite3.DatabaseError:
        return None
    return about.get("state", "") if about.get("format") == str(FORMAT) else None


def bring_up(tables: sqlite3.Connection, archive: Connection) -> None:
    """Forgets articles that are gone and takes in those that are new, as the open transaction sees them."""
    held = {row for (row,) in tables.execute("SELECT row FROM articles")}
    present = [row for (row,) in archive.execute("SELECT row FROM articles ORDER BY row")]
    with tables:
        _forget(tables, sorted(held.difference(present)))
        with _Words(tables) as words:
            for row in present:
                if row not in held:
                    _take_in(tables, archive, row, words)
        tables.execute("INSERT OR REPLACE INTO about VALUES ('state', ?)", (state(archive),))


def _take_in(tables: sqlite3.Connection, archive: Connection, row: int, words: "_Words") -> None:
    found = mentioned(archive, row)
    numbers = sorted(words.counted(word, Kind(kind)) for word, kind in found.words)
    tables.execute("INSERT INTO articles VALUES (?, ?)", (row, np.array(numbers, dtype="<u4").tobytes()))
    tables.executemany(
        "INSERT INTO definitions VALUES (?, ?, ?, ?, ?)", [(row, *each) for each in found.definitions]
    )
    tables.executemany("INSERT INTO dates VALUES (?, ?, ?, ?)", [(row, *each) for each in found.dates])


class _Words:
    """Words with their numbers and in how many more articles they are, written when its `with` block ends."""

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._tables = tables
        self._numbers: dict[tuple[str, Kind], int] = {}
        self._more: Counter[int] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._write()

    def counted(self, word: str, kind: Kind) -> int:
        """The number of a word, one article more of which has it so."""
        number = self._numbers.get((word, kind))
        if number is None:
            if len(self._numbers) >= _KEPT:
                self._write()
            number = self._numbers[word, kind] = self._number(word, kind)
        self._more[number] += 1
        return number

    def _write(self) -> None:
        self._tables.executemany(
            "UPDATE words SET articles = articles + ? WHERE number = ?",
            [(more, number) for number, more in self._more.items()],
        )
        self._numbers.clear()
        self._more.clear()

    def _number(self, word: str, kind: Kind) -> int:
        found = self._tables.execute(
            "SELECT number FROM words WHERE word = ? AND kind = ?", (word, kind)
        ).fetchone()
        if found is None:
            found = self._tables.execute(
                "INSERT INTO words (word, kind, lower, articles) VALUES (?, ?, ?, 0) RETURNING number",
                (word, kind, word.casefold()),
            ).fetchone()
            if kind != Kind.PLAIN:
                self._tables.executemany(
                    "INSERT INTO keys VALUES (?, ?)", [(key, found[0]) for key in keys(word)]
                )
        return int(found[0])


def _forget(tables: sqlite3.Connection, rows: Iterable[int]) -> None:
    for row in rows:
        (words,) = tables.execute("SELECT words FROM articles WHERE row = ?", (row,)).fetchone()
        numbers = np.frombuffer(words, dtype="<u4").tolist()
        tables.executemany(
            "UPDATE words SET articles = articles - 1 WHERE number = ?", [(number,) for number in numbers]
        )
        tables.execute("DELETE FROM articles WHERE row = ?", (row,))
        tables.execute("DELETE FROM definitions WHERE article = ?", (row,))
        tables.execute("DELETE FROM dates WHERE article = ?", (row,))
    tables.execute("DELETE FROM keys WHERE word IN (SELECT number FROM words WHERE articles = 0)")
    tables.execute("DELETE FROM words WHERE articles = 0")


def contents(tables: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """All that a lookup can see, in an order that does not depend on how it came to be."""
    yield from tables.execute("SELECT word, kind, articles FROM words ORDER BY word, kind")
    yield from tables.execute(
        "SELECT key, words.word, kind FROM keys JOIN words ON number = keys.word "
        "ORDER BY key, words.word, kind"
    )
    yield from tables.execute("SELECT * FROM definitions ORDER BY article, short, long")
    yield from tables.execute("SELECT * FROM dates ORDER BY article, start")
