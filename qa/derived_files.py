"""The files of an archive that are derived from its database, written under its write lock."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from qa import database, index_files
from qa.mentions import file as mentions_file
from qa.settings import Settings


def refresh(connection: sqlite3.Connection, folder: Path, settings: Settings) -> None:
    """Brings the indexes up to date, anew where they are small.

    Raises OSError where they can't be written.
    """
    with database.transaction(connection, "DEFERRED"):
        index_files.refresh(connection, folder, settings)
    _take_in_the_log(connection)


def write(
    connection: sqlite3.Connection,
    folder: Path,
    settings: Settings,
    names: Sequence[str] = index_files.NAMES,
) -> None:
    """Makes those indexes anew. Raises OSError where they can't be written."""
    with database.transaction(connection, "DEFERRED"):
        index_files.write(connection, folder, settings, names)
    _take_in_the_log(connection)


def write_mentions(connection: sqlite3.Connection, folder: Path) -> None:
    """Brings the names, aliases and days that articles mention up to date, if they can be written."""
    with suppress(OSError), database.transaction(connection, "DEFERRED"):
        mentions_file.write(folder, connection)


def _take_in_the_log(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.OperationalError):  # on a full disk the log is taken in another time
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
