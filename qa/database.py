"""The archive's SQLite database: how it is made and opened, what its errors mean; transactions of any."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.errors import ArchiveDamaged, ArchiveError, ArchiveLocked
from qa import tables
from qa.connection import Connection

NAME = "archive.db"
FORMAT = tables.FORMAT
_CACHE = 16_000  # KiB at most: the inner pages of a million passages, which SQLite's 2,000 don't hold


def create(path: Path, fill: Callable[[Connection], None]) -> None:
    """A new database with its tables, filled and closed; it takes its place only when it is whole."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    try:
        connection = _connect(f"{new.absolute().as_uri()}?mode=rwc")
        try:
            with transaction(connection):
                for statement in tables.statements(tables.SQLITE):
                    connection.execute(statement)
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
    bring_up(connection, tables.SQLITE)
    connection.execute(tables.SQLITE.more)


def bring_up(connection: Connection, words: tables.Words) -> None:
    """Takes the steps from the format found to today's, each a commit."""
    while format_of(connection) < FORMAT:
        with transaction(connection):
            format = format_of(connection) + 1
            if format <= FORMAT:  # else another was first
                for statement in tables.step(format, words):
                    connection.execute(statement)
                connection.execute("UPDATE settings SET value = ? WHERE name = 'format'", (str(format),))


def format_of(connection: Connection) -> int:
    """The format of the tables."""
    (found,) = connection.execute("SELECT value FROM settings WHERE name = 'format'").fetchone()
    return int(found)


def take_in_the_log(connection: Connection) -> None:
    """Puts what was committed into the database's own file, where it has a log."""
    if isinstance(connection, sqlite3.Connection):
        with suppress(sqlite3.OperationalError):  # on a full disk the log is taken in another time
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


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
def transaction(connection: Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
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
