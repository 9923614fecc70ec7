"""The files of an archive that are derived from its database, written under its write lock."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ArchiveError
from qa import database, index_files
from qa.mentions import file as mentions_file
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.milvus.lexical import Reading
    from qa.milvus.searching import MilvusSearch

_KEPT_UP = 10_000  # passages after which what is derived follows; a minute or two of encoding


def refresh(
    connection: sqlite3.Connection, folder: Path, settings: Settings, milvus: "MilvusSearch | None" = None
) -> None:
    """Brings the indexes up to date, anew where they are small; or, in their place, what is in Milvus.

    Raises OSError where they can't be written, ArchiveError where Milvus can't be.
    """
    with database.transaction(connection, "DEFERRED"):
        if milvus is not None:
            milvus.refresh(connection)
        else:
            index_files.refresh(connection, folder, settings)
    _take_in_the_log(connection)


def refresh_if_possible(
    connection: sqlite3.Connection, folder: Path, settings: Settings, milvus: "MilvusSearch | None" = None
) -> None:
    """Brings the indexes and what articles mention up to date, as far as they can be written."""
    with suppress(OSError, ArchiveError):
        refresh(connection, folder, settings, milvus)
    write_mentions(connection, folder)


class KeepingUp:
    """Brings what is derived up to date now and then in a long add: a stop leaves little of it to be made."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        folder: Path,
        settings: Settings,
        milvus: "MilvusSearch | None" = None,
    ) -> None:
        self._connection = connection
        self._milvus = milvus
        self._folder = folder
        self._settings = settings
        self._waiting = 0

    def __call__(self, passages: int) -> None:
        """To be told how many passages each commit brought."""
        self._waiting += passages
        if self._waiting >= _KEPT_UP:
            self._waiting = 0
            refresh_if_possible(self._connection, self._folder, self._settings, self._milvus)


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


def optimize(
    connection: sqlite3.Connection, folder: Path, settings: Settings, milvus: "MilvusSearch | None" = None
) -> None:
    """Makes all that is derived anew; what is in Milvus is put together.

    Raises ArchiveError where it can't be written.
    """
    if milvus is not None:
        with database.transaction(connection, "DEFERRED"):
            milvus.optimize(connection)
    else:
        try:
            write(connection, folder, settings)
        except OSError as error:
            raise ArchiveError(
                f"{folder}: the indexes can't be written ({error.strerror}); free some space"
            ) from None
    write_mentions(connection, folder)


def milvus(
    address: str | None, folder: Path, settings: Settings, reading: "Reading"
) -> "MilvusSearch | None":
    """What searches the archive in a folder at a search address; None where the embedded indexes do."""
    if address is None:
        return None
    from qa.milvus.searching import MilvusSearch  # noqa: PLC0415  (only where it is asked for)

    return MilvusSearch(address, str(folder.resolve()), settings, reading)


def write_mentions(connection: sqlite3.Connection, folder: Path) -> None:
    """Brings the names, aliases and days that articles mention up to date, if they can be written."""
    with suppress(OSError), database.transaction(connection, "DEFERRED"):
        mentions_file.write(folder, connection)


def _take_in_the_log(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.OperationalError):  # on a full disk the log is taken in another time
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
