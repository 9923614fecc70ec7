"""Where an archive's truth is: the seam between an archive and the database it is in."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from corpus.errors import ArchiveError, ArchiveMissing, InputError
from qa import database
from qa.address import Address
from qa.connection import Connection
from qa.new_folder import check_empty
from qa.settings import is_discardable
from qa.write_lock import NAME as LOCK
from qa.write_lock import write_lock

Fill = Callable[[Connection], None]


class Storage(Protocol):
    """The truth of one archive. `name` tells it apart in messages and holds no secret.

    `folder` is of this machine: there is what is derived, or all of an archive that is a folder.
    """

    @property
    def name(self) -> str:
        """The address, as it could be typed."""

    @property
    def folder(self) -> Path:
        """A folder of this machine."""

    def check_free(self) -> None:
        """Raises InputError where something is there already, ArchiveThere where that is an archive."""

    def filling(self, work: str) -> AbstractContextManager[None]:
        """Keeps all others from filling a new archive there. Raises ArchiveLocked where one does so."""

    def create(self, fill: Fill, keep: Callable[[], None]) -> None:
        """Makes the tables, all or none; `keep` then puts into the folder what is to be there."""

    def read(self) -> Connection:
        """A connection to read by; raises ArchiveMissing where there is no archive."""

    def writing(self, work: str) -> AbstractContextManager[Connection]:
        """A connection to write by, its tables of today's format; `work` is the word others are told."""

    def plain_errors(self) -> AbstractContextManager[None]:
        """Turns the database's errors into the archive's, with the way out."""

    def give_back_space(self, connection: Connection) -> None:
        """Gives back the space that removals left."""

    def bytes(self, connection: Connection) -> int:
        """What the truth takes beside the folder."""

    def discard(self) -> None:
        """Removes an archive if it is unfinished, or if nothing was ever added to it nor will be by others.

        Raises ArchiveLocked where one writes.
        """


def storage_at(address: Address) -> Storage:
    """The storage at an address. Raises InputError where what it needs is not installed."""
    if isinstance(address.truth, Path):
        return FolderStorage(address.truth)
    try:
        from qa.postgres.storage import PostgresStorage  # noqa: PLC0415  (only who asks for it needs psycopg)
    except ImportError:
        raise InputError(
            "an archive in PostgreSQL needs psycopg; install what requirements-scale.txt names"
        ) from None
    return PostgresStorage.at(address.truth)


class FolderStorage:
    """A folder with SQLite's database in it. One writer at a time, by a lock in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = str(folder)
        self._is_filling = False  # then its lock is held already

    def check_free(self) -> None:
        """Raises InputError where the folder holds something."""
        check_empty(self.folder)

    @contextmanager
    def filling(self, work: str) -> Iterator[None]:
        """Holds the folder's lock; a folder made for it goes where it stayed empty.

        Raises InputError where the folder holds something other than an archive.
        """
        if not (self.folder / database.NAME).exists():
            check_empty(self.folder)
        is_new = not self.folder.exists()
        self._make()
        with write_lock(self.folder, work):
            self._is_filling = True
            try:
                yield
            finally:
                self._is_filling = False
                if is_new and [file.name for file in self.folder.iterdir()] == [LOCK]:
                    shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, fill: Fill, keep: Callable[[], None]) -> None:
        """Makes the folder and the database, under its lock."""
        self._make()
        with self._locked("create"), self.plain_errors():
            check_empty(self.folder)  # another process may have been first
            database.create(self.folder / database.NAME, fill)
            keep()

    def read(self) -> Connection:
        """The database, as it lies where the folder can't be written."""
        file = self.folder / database.NAME
        if not file.is_file():
            raise ArchiveMissing(
                f"{self.folder}: no archive there; "
                f"make one with `python -m qa add FOLDER --archive {self.folder}`"
            )
        return database.connect_to_read(file)

    @contextmanager
    def writing(self, work: str) -> Iterator[Connection]:
        """The database under the folder's lock."""
        with self._locked(work), self.plain_errors():
            connection = database.connect(self.folder / database.NAME)
            try:
                database.migrate(connection)
                yield connection
            finally:
                connection.close()

    def plain_errors(self) -> AbstractContextManager[None]:
        """SQLite's errors as the archive's."""
        return database.plain_errors(self.folder)

    def give_back_space(self, connection: Connection) -> None:
        """Writes the database anew."""
        connection.execute("VACUUM")

    def bytes(self, connection: Connection) -> int:  # noqa: ARG002  (all of it is in the folder)
        """Nothing beside the folder."""
        return 0

    def discard(self) -> None:
        """Removes the folder, but for its lock while that is held to fill it anew.

        What another process added meanwhile stays.
        """
        with self._locked("discard"):
            file = self.folder / database.NAME
            if not file.exists() or not self._is_discardable():
                return
            file.unlink()  # half of the rest is no archive
            for file in self.folder.iterdir():
                if file.is_dir() and not file.is_symlink():
                    shutil.rmtree(file)
                elif file.name != LOCK:
                    file.unlink()
            if not self._is_filling:
                shutil.rmtree(self.folder)

    def _is_discardable(self) -> bool:
        with self.plain_errors():
            connection = database.connect(self.folder / database.NAME)
            try:
                return is_discardable(connection)
            finally:
                connection.close()

    def _make(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"{self.folder} can't be made: {error.strerror}") from None

    def _locked(self, work: str) -> AbstractContextManager[None]:
        return nullcontext() if self._is_filling else write_lock(self.folder, work)


def derived_folder() -> Path:
    """Where this machine keeps what is derived of archives on servers: `$QA_DERIVED`, else `var/derived`."""
    return Path(os.environ.get("QA_DERIVED") or Path("var") / "derived")
