"""The files of an archive that are derived from its database, written under its folder's lock.

Who writes to a folder's database holds that lock already. Of an archive on a server each machine has files
of its own, and only who writes these takes the lock: storing articles keeps nobody out.
"""

import errno
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ArchiveError
from embeddings.index_size import EXACT
from qa import database, index_files
from qa.connection import Connection, is_served
from qa.mentions import file as mentions_file
from qa.row_counts import count_and_last
from qa.settings import Settings
from qa.storage import FolderStorage, Storage
from qa.write_lock import write_lock

if TYPE_CHECKING:
    from qa.milvus.lexical import Reading
    from qa.milvus.searching import MilvusSearch

_KEPT_UP = 10_000  # passages after which what is derived follows; a minute or two of encoding
_PATIENCE = 20.0  # seconds to wait for another process of this machine that writes them


def refresh(
    connection: Connection,
    folder: Path,
    settings: Settings,
    milvus: "MilvusSearch | None" = None,
    *,
    patience: float = _PATIENCE,
) -> None:
    """Brings the indexes up to date, anew where they are small; or, in their place, what is in Milvus.

    Raises OSError where they can't be written, ArchiveError where Milvus can't be.
    """
    if milvus is not None:
        milvus.refresh(connection)
        return
    with _turn(connection, folder, patience), database.transaction(connection, "DEFERRED"):
        index_files.refresh(connection, folder, settings)
    database.take_in_the_log(connection)


def refresh_if_possible(
    connection: Connection, folder: Path, settings: Settings, milvus: "MilvusSearch | None" = None
) -> None:
    """Brings the indexes and what articles mention up to date, as far as they can be written."""
    with suppress(OSError, ArchiveError):
        refresh(connection, folder, settings, milvus)
    write_mentions(connection, folder)


class KeepingUp:
    """Brings what is derived up to date now and then in a long add: a stop leaves little of it to be made."""

    def __init__(
        self,
        connection: Connection,
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
    connection: Connection,
    folder: Path,
    settings: Settings,
    names: Sequence[str] = index_files.NAMES,
    *,
    patience: float = _PATIENCE,
) -> None:
    """Makes those indexes anew. Raises OSError where they can't be written."""
    with _turn(connection, folder, patience), database.transaction(connection, "DEFERRED"):
        index_files.write(connection, folder, settings, names)
    database.take_in_the_log(connection)


def mend(
    connection: Connection,
    folder: Path,
    settings: Settings,
    names: Sequence[str],
    milvus: "MilvusSearch | None" = None,
) -> None:
    """Makes what is named anew, or brings it up to date where that is more than is soon made.

    Who searches waits for no other process that writes these files.
    Raises OSError or ArchiveError where it can't be written.
    """
    count, _ = count_and_last(connection)
    if milvus is not None or count > EXACT:
        refresh(connection, folder, settings, milvus, patience=0)
    else:
        write(connection, folder, settings, names, patience=0)


def optimize(
    connection: Connection, folder: Path, settings: Settings, milvus: "MilvusSearch | None" = None
) -> None:
    """Makes all that is derived anew; what is in Milvus is put together.

    Raises ArchiveError where it can't be written.
    """
    if milvus is not None:
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
    address: str | None, storage: Storage, settings: Settings, reading: "Reading"
) -> "MilvusSearch | None":
    """What searches the archive of a storage at a search address; None where embedded indexes do."""
    if address is None:
        return None
    from qa.milvus.searching import MilvusSearch  # noqa: PLC0415  (only where it is asked for)

    # Copies of a folder have one truth and may go different ways; a server's database tells where it is.
    location = str(storage.folder.resolve()) if isinstance(storage, FolderStorage) else ""
    return MilvusSearch(address, location, settings, reading)


def write_mentions(connection: Connection, folder: Path, *, patience: float = _PATIENCE) -> None:
    """Brings the names, aliases and days that articles mention up to date, if they can be written."""
    with (
        suppress(OSError),
        _turn(connection, folder, patience),
        database.transaction(connection, "DEFERRED"),
    ):
        mentions_file.write(folder, connection)


@contextmanager
def _turn(connection: Connection, folder: Path, patience: float) -> Iterator[None]:
    """The right to write these files; raises BlockingIOError where another has it for longer."""
    if not is_served(connection):
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(write_lock(folder, "rebuild", patience=patience))
        except ArchiveError as error:
            raise BlockingIOError(errno.EAGAIN, str(error)) from None
        yield
