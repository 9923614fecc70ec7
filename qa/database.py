"""The archive's SQLite database: its tables, how it is opened, what its errors mean."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import ArchiveDamaged, ArchiveError, ArchiveLocked

NAME = "archive.db"
_CACHE = 16_000  # KiB at most: the inner pages of a million passages, which SQLite's 2,000 don't hold
FORMAT = 3  # raised whenever the tables change; opening refuses a higher one

# Which lines an outlet's articles share; derived, as `qa.repeated` tells.
_FORMS = """
CREATE TABLE forms (
    number INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    form TEXT NOT NULL,
    articles INTEGER NOT NULL,  -- of that source, how many have such a line
    marked INTEGER NOT NULL,    -- whether it is marked in them
    unsettled INTEGER NOT NULL, -- whether that is to change
    UNIQUE (source, form)
);
CREATE INDEX unsettled_forms ON forms (number) WHERE unsettled;
CREATE TABLE form_articles (
    article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
    form INTEGER NOT NULL REFERENCES forms (number),
    PRIMARY KEY (article, form)
) WITHOUT ROWID;
CREATE INDEX articles_by_form ON form_articles (form, article);
"""

# What opening reads of every article: a row of the table itself lies behind the article's text.
_FACTS = "CREATE INDEX IF NOT EXISTS articles_facts ON articles (id, source, published)"

_TABLES = f"""
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    title TEXT,
    source TEXT,
    author TEXT,
    published TEXT,
    url TEXT,
    language TEXT,
    sha256 TEXT NOT NULL,
    origin TEXT NOT NULL,
    origin_line INTEGER
);
{_FACTS};
CREATE TABLE furniture (
    article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (article, start)
) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    is_note INTEGER NOT NULL,
    sentences BLOB NOT NULL, -- little-endian uint32 pairs, start and end of each sentence
    vector BLOB NOT NULL     -- little-endian float32
);
CREATE INDEX passages_by_article ON passages (article, start);
{_FORMS}"""

# What takes a database from the format before to this one; run under the write lock.
_MIGRATIONS = {
    2: (
        "INSERT INTO settings (name, value) VALUES ('passage_variant', 'fp32'), ('question_variant', 'fp32')",
        "UPDATE settings SET value = 'auto' WHERE name = 'index' AND value = 'Flat'",
    ),
    3: tuple(statement for statement in _FORMS.split(";\n") if statement.strip()),
}


def create(path: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
    """A new database with its tables, filled and closed; it takes its place only when it is whole."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    try:
        connection = _connect(f"{new.absolute().as_uri()}?mode=rwc")
        try:
            connection.executescript(_TABLES)
            with transaction(connection):
                fill(connection)
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """The database at `path`, to write to it."""
    return _connect(f"{path.absolute().as_uri()}?mode=rw")


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a database of an earlier format to this one; the caller holds the write lock."""
    (found,) = connection.execute("SELECT value FROM settings WHERE name = 'format'").fetchone()
    for format in range(int(found) + 1, FORMAT + 1):
        with transaction(connection):
            for statement in _MIGRATIONS[format]:
                connection.execute(statement)
            connection.execute("UPDATE settings SET value = ? WHERE name = 'format'", (str(format),))
    connection.execute(_FACTS)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """The database at `path`; read as it lies where the folder can't be written or the disk is full."""
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        try:
            return connect(path)
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_IOERR_SHM"):  # no room for its shared memory
                raise
    # `immutable` doesn't look at the log, so what was last committed might not be seen.
    mode = "mode=ro" if _holds_something(path.with_name(f"{path.name}-wal")) else "immutable=1"
    return _connect(f"{path.absolute().as_uri()}?{mode}")


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    except UnicodeDecodeError as error:  # what SQLite tells of the fault holds bytes of the file
        connection.close()
        raise sqlite3.DatabaseError(f"its tables can't be read: {error}") from None
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """Commits on leaving, or rolls back if an exception leaves with it."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def plain_errors(folder: Path) -> Iterator[None]:
    """Turns SQLite's errors into the archive's, with the way out."""
    try:
        yield
    except sqlite3.ProgrammingError as error:  # SQLite has nothing against the file
        if "closed" not in str(error):
            raise
        raise ArchiveError(f"{folder}: this archive was closed; open it again") from None
    except sqlite3.DatabaseError as error:
        raise _plain(error, folder) from None


def _plain(error: sqlite3.DatabaseError, folder: Path) -> ArchiveError:
    code = getattr(error, "sqlite_errorname", "")  # none where Python can't decode a text
    said = str(error)[:200]
    if code == "SQLITE_FULL" or code.startswith("SQLITE_IOERR"):
        return ArchiveError(
            f"{folder}: the disk is full or failing ({said}); nothing was lost that was stored "
            "before: free some space and try again"
        )
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return ArchiveLocked(f"{folder} is busy ({said}); try again in a moment")
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return ArchiveError(f"{folder} can't be opened or written ({said}); check its permissions")
    return ArchiveDamaged(
        f"{folder / NAME} is damaged or no archive ({said}); restore it from a copy, "
        "or add the articles again to a new archive"
    )
