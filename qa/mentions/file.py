"""`mentions.db` in an archive's folder: written beside, renamed, and made anew where it is of no use.

`mentions.json` beside it has the state of the archive it was made from and the SHA-256 of its bytes.
"""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from qa.connection import Connection
from qa.mentions import tables
from qa.mentions.lookup import Mentions
from qa.whole_file import read_json, sha256_of, sync, version_of, write_json

NAME = "mentions.db"
MANIFEST = "mentions.json"


def opened(folder: Path, archive: Connection) -> Mentions | None:
    """What the file mentions, where it is of the state that the open transaction sees; else None.

    A file that takes its place meanwhile does not change what is read: the connection keeps its own.
    """
    found = open_tables(folder, archive)
    return None if found is None else Mentions(found)


def open_tables(folder: Path, archive: Connection) -> sqlite3.Connection | None:
    """The file's tables, to read, where they are of the state that the open transaction sees; else None."""
    found = _whole(folder)
    if found is not None and tables.state_of(found) == tables.state(archive):
        return found
    if found is not None:
        found.close()
    return None


def in_memory(folder: Path, archive: Connection) -> Mentions:
    """The same tables in memory, from those of the file as far as they serve."""
    made = _connect(":memory:")
    old = _before(folder, archive)
    if old is None:
        tables.create(made)
    else:
        with closing(old):
            old.backup(made)
    tables.bring_up(made, archive)
    return Mentions(made)


def write(folder: Path, archive: Connection) -> None:
    """Brings the file to the state that the open transaction sees. The caller holds the write lock.

    Raises OSError where it can't be written; what was there stays then.
    """
    new = folder / f"{NAME}.new"
    new.unlink(missing_ok=True)
    try:
        old = _before(folder, archive)
        if old is not None:
            old.close()
            shutil.copyfile(folder / NAME, new)
        try:
            with closing(_connect(f"{new.absolute().as_uri()}?mode=rwc")) as made:
                made.execute("PRAGMA journal_mode = OFF")  # what is not written whole is thrown away
                made.execute("PRAGMA synchronous = OFF")
                if old is None:
                    tables.create(made)
                tables.bring_up(made, archive)
        except sqlite3.OperationalError as error:
            raise OSError(f"{new} can't be written: {error}") from error
        sync(new)
        manifest = {"state": tables.state(archive), "sha256": sha256_of(new)}
        new.replace(folder / NAME)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    write_json(folder / MANIFEST, manifest)


def _before(folder: Path, archive: Connection) -> sqlite3.Connection | None:
    """The file's tables, to read, where they are of some state of that archive; else None."""
    found = _whole(folder)
    if found is not None and not tables.is_of_its_past(archive, tables.state_of(found) or ""):
        found.close()
        return None
    return found


def _whole(folder: Path) -> sqlite3.Connection | None:
    """The file's tables, to read, if its bytes are those that were written and of this format."""
    file = folder / NAME
    try:
        before = version_of(file)
        found = _connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1")
    except (OSError, sqlite3.Error):
        return None
    with suppress(OSError):  # gone meanwhile
        is_its = sha256_of(file) == read_json(folder / MANIFEST).get("sha256")
        if is_its and tables.state_of(found) is not None and version_of(file) == before:
            return found
    found.close()
    return None


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, isolation_level="DEFERRED", check_same_thread=False)
