"""A folder that several runs use at once: the mark it is known by, and whether a run is alone in it.

Of locks that a folder's file system doesn't have, none is held, and no run is ever alone. NFS has none of
folders: there, of two runs on two machines that look at the same moment, one may be thought gone.
"""

import errno
import fcntl
import os
import secrets
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

MARK = "this-folder"
_MOST = 100  # bytes of a mark
_TRIES = 100  # of making a folder that others remove


def mark_of(folder: Path) -> str:
    """What the folder's mark says. Raises OSError where it has none."""
    with (folder / MARK).open("rb") as mark:
        return mark.read(_MOST).decode("latin-1")


class Use:
    """A run's use of a folder, told to others by a shared lock on its mark, which goes with the process."""

    def __init__(self, folder: Path, descriptor: int) -> None:
        self.mark = os.pread(descriptor, _MOST, 0).decode("latin-1")
        self._folder = folder
        self._descriptor = descriptor
        self.end = weakref.finalize(self, _let_go, descriptor)

    @classmethod
    def begin(cls, folder: Path) -> Self:
        """Makes the folder and its mark where there is none. Raises OSError where that can't be."""
        for left in reversed(range(_TRIES)):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                with _in_turn(folder):
                    descriptor = _marked(folder)
                    _has(descriptor, fcntl.LOCK_SH)
                    return cls(folder, descriptor)
            except FileNotFoundError:  # another run has just removed it
                if not left:
                    raise
        raise AssertionError("unreachable")

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other run uses the folder; where that is so, none begins to while in the block.

        Not to be asked after the end.
        """
        with ExitStack() as turn:
            try:
                turn.enter_context(_in_turn(self._folder))
                ours = os.path.samestat(os.fstat(self._descriptor), (self._folder / MARK).stat())
            except OSError:  # somebody has removed it
                ours = False
            # A lock that is to become exclusive and can't is lost: hence in turn.
            alone = ours and _has(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                yield alone
            finally:
                _has(self._descriptor, fcntl.LOCK_SH)


@contextmanager
def _in_turn(folder: Path) -> Iterator[None]:
    """No other run begins to use the folder, or asks who does. Raises FileNotFoundError where it is gone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _has(descriptor, fcntl.LOCK_EX)
        if not os.path.samestat(os.fstat(descriptor), folder.stat()):
            raise FileNotFoundError(errno.ENOENT, "it was removed", str(folder))
        yield
    finally:
        _let_go(descriptor)


def _marked(folder: Path) -> int:
    """The folder's mark, opened."""
    path = folder / MARK
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except PermissionError:  # another user's
        return os.open(path, os.O_RDONLY)
    if not os.fstat(descriptor).st_size:
        os.write(descriptor, secrets.token_hex(16).encode())
    return descriptor


def _has(descriptor: int, lock: int) -> bool:
    """Takes the lock, unless others have it or the file system has none."""
    try:
        fcntl.flock(descriptor, lock)
    except OSError:
        return False
    return True


def _let_go(descriptor: int) -> None:
    _has(descriptor, fcntl.LOCK_UN)  # for all who inherited it; closing is for us alone
    os.close(descriptor)
