"""Files on disk, inside a ZIP and in object storage, opened and measured alike."""

import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from corpus.errors import InputError


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a ZIP; its path goes on where the ZIP's own ends."""

    path: Path
    container: zipfile.ZipFile
    info: zipfile.ZipInfo


@dataclass(frozen=True, slots=True)
class Stored:
    """An object of object storage; its path is its URL, by which nothing can be opened."""

    path: Path
    size: int  # bytes
    open: Callable[[], IO[bytes]]  # raises OSError


File = Path | Member | Stored


def path_of(file: File) -> Path:
    """Where the file is; for a member of a ZIP or an object a path by which nothing can be opened."""
    return file if isinstance(file, Path) else file.path


def opened(file: File) -> IO[bytes]:
    """The file, open for reading.

    Raises InputError where it is a pipe or a device: reading it might never end.
    """
    if isinstance(file, Member):
        return file.container.open(file.info)
    if isinstance(file, Stored):
        return file.open()
    if not stat.S_ISREG(file.stat().st_mode):
        raise InputError("it is not a regular file")
    return file.open("rb")


def bytes_of(file: File, most: int) -> bytes:
    """All of the file. Raises InputError where it has none or, before it is read, more than `most` bytes."""
    size = _size(file)
    if size > most:
        raise InputError(f"the file has {size:,} bytes, at most {most:,} are taken as one article; split it")
    with opened(file) as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise InputError(
            f"the file grew to more than {most:,} bytes while it was read; as one article no more are taken"
        )
    if not raw:
        raise InputError("the file is empty")
    return raw


def _size(file: File) -> int:
    if isinstance(file, Path):
        return file.stat().st_size
    return file.size if isinstance(file, Stored) else file.info.file_size
