"""The tables of what is mentioned, and how they are brought to the state of an archive."""

import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np

from corpus.dates import interval
from qa.dates.resolving import mentions
from qa.names.aliases import definitions, form_key
from qa.names.attested import Kind, attested
from qa.names.folding import keys
from qa.settings import generation

FORMAT = 1  # raised whenever the tables or what fills them change; others are made anew

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
"""


def create(tables: sqlite3.Connection) -> None:
    """Empty tables, of no archive yet."""
    tables.executescript(_TABLES)
    tables.execute("INSERT INTO about VALUES ('format', ?)", (str(FORMAT),))


def state(archive: sqlite3.Connection) -> str:
    """What sets one state of an archive apart: its generation, how many articles it has and the last row."""
    count, last = archive.execute("SELECT count(*), max(row) FROM articles").fetchone()
    return f"{generation(archive)} {count} {last}"


def state_of(tables: sqlite3.Connection) -> str | None:
    """The state they were last brought to; None where they are of another format, or no tables at all."""
    try:
        about = dict(tables.execute("SELECT name, value FROM about"))
    except sqlite3.DatabaseError:
        return None
    return about.get("state", "") if about.get("format") == str(FORMAT) else None


def bring_up(tables: sqlite3.Connection, archive: sqlite3.Connection) -> None:
    """Forgets articles that are gone and takes in those that are new, as the open transaction sees them."""
    held = {row for (row,) in tables.execute("SELECT row FROM articles")}
    present = [row for (row,) in archive.execute("SELECT row FROM articles ORDER BY row")]
    with tables:
        _forget(tables, sorted(held.difference(present)))
        for row in present:
            if row not in held:
                _take_in(tables, archive, row)
        tables.execute("INSERT OR REPLACE INTO about VALUES ('state', ?)", (state(archive),))


def _take_in(tables: sqlite3.Connection, archive: sqlite3.Connection, row: int) -> None:
    text, published = archive.execute("SELECT text, published FROM articles WHERE row = ?", (row,)).fetchone()
    passages = [
        (start, text[start:end])
        for start, end in archive.execute('SELECT start, "end" FROM passages WHERE article = ?', (row,))
    ]
    words = [words for _, words in passages]
    numbers = sorted(_number(tables, word, kind) for word, kind in sorted(attested(words)))
    tables.execute("INSERT INTO articles VALUES (?, ?)", (row, np.array(numbers, dtype="<u4").tobytes()))
    tables.executemany(
        "INSERT INTO definitions VALUES (?, ?, ?, ?, ?)",
        [
            (row, each.short, each.long, form_key(each.short), form_key(each.long))
            for each in sorted(definitions(words))
        ],
    )
    told = interval(published) if published else None
    tables.executemany(
        "INSERT INTO dates VALUES (?, ?, ?, ?)",
        [
            (row, start + each.start, each.days.first.toordinal(), each.days.last.toordinal())
            for start, passage in passages
            for each in mentions(passage, told)
        ],
    )


def _number(tables: sqlite3.Connection, word: str, kind: Kind) -> int:
    """The number of a word, one article more of which has it so."""
    found = tables.execute(
        "UPDATE words SET articles = articles + 1 WHERE word = ? AND kind = ? RETURNING number", (word, kind)
    ).fetchone()
    if found is None:
        found = tables.execute(
            "INSERT INTO words (word, kind, lower, articles) VALUES (?, ?, ?, 1) RETURNING number",
            (word, kind, word.casefold()),
        ).fetchone()
        if kind != Kind.PLAIN:
            tables.executemany("INSERT INTO keys VALUES (?, ?)", [(key, found[0]) for key in keys(word)])
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
