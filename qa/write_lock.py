"""One writer at a time: an OS lock on a file that says who holds it."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import ArchiveError, ArchiveLocked

NAME = "write.lock"
_LOOK = 0.02  # seconds between two tries


@contextmanager
def write_lock(folder: Path, work: str, *, patience: float = 0) -> Iterator[None]:
    """Holds the archive's write lock; `work` is the word others are told ("add", "remove").

    `patience` is how many seconds it waits for another to let go.

    The kernel lets go of the lock when the process ends, however it ends.
    Raises ArchiveLocked, naming the holder, where another process writes; ArchiveError where the
    folder can't be written.
    """
    descriptor = _taken(folder, time.monotonic() + patience)
    try:
        _say_who(descriptor, f"process {os.getpid()} on {socket.gethostname()} ({work})")
        try:
            yield
        finally:
            _say_who(descriptor, "")
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # for all who inherited it; closing is for us alone
    finally:
        os.close(descriptor)


def _taken(folder: Path, ends: float) -> int:
    """The lock's file, locked; taken again where whoever held it removed that file with the folder."""
    path = folder / NAME
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ArchiveError(f"{folder} can't be written: {error.strerror}") from None
        try:
            while not _is_ours(descriptor):
                if time.monotonic() < ends:
                    time.sleep(_LOOK)
                    continue
                holder = os.read(descriptor, 200).decode("utf-8", "replace").strip() or "another process"
                raise ArchiveLocked(
                    f"{folder} is being written by {holder}; wait for it to end and try again"
                ) from None
        except BaseException:
            os.close(descriptor)
            raise
        if _is_there(descriptor, path):
            return descriptor
        os.close(descriptor)


def _is_there(descriptor: int, path: Path) -> bool:
    """Whether the file that is open is the one that others open by its name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _is_ours(descriptor: int) -> bool:
    """Takes the lock, if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _say_who(descriptor: int, holder: str) -> None:
    """Writes the holder's name; a full disk must not keep anyone from the lock."""
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
    except OSError:
        return
