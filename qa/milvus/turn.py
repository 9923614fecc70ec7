"""Who may write to an archive's collection in Milvus."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

from corpus.errors import ArchiveLocked
from qa.connection import Connection, is_served

_PATIENCE = 20.0  # seconds to wait for another machine that writes there
_LOOK = 0.2


@contextmanager
def writers_turn(truth: Connection, name: str, *, patience: float | None = None) -> Iterator[None]:
    """The right to write to the collection of that name, until the block ends.

    In a folder's archive the caller has it already, by the folder's lock. Of an archive on a server there
    are several writers, on any machine: there it is an advisory lock of the database, which the server takes
    back where its holder is gone. Raises ArchiveLocked where another has it for longer than `patience`.
    """
    if not is_served(truth):
        yield
        return
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])
    until = time.monotonic() + (_PATIENCE if patience is None else patience)
    while not truth.execute(f"SELECT pg_try_advisory_lock({key:d})").fetchone()[0]:
        if time.monotonic() >= until:
            raise ArchiveLocked(
                "another process brings the search in Milvus up to date; try again in a while"
            )
        time.sleep(_LOOK)
    try:
        yield
    finally:
        truth.execute(f"SELECT pg_advisory_unlock({key:d})")
