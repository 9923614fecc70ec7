"""Files on disk and files inside a ZIP, opened and measured alike."""

import stat
import zipfile
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


File = Path | Member


def path_of(file: File) -> Path:
    """Where the file is; for a member of a ZIP a path by which nothing can be opened."""
    return file if isinstance(file, Path) else file.path


def opened(file: File) -> IO[bytes]:
    """The file, open for reading.

    Raises InputError where it is a pipe or a device: reading it might never end.
    """
    if isinstance(file, Member):
        return file.container.open(file.info)
    if not stat.S_ISREG(file.stat().st_mode):
        raise InputError("it is not a regular file")
    return file.open("rb")


def bytes_of(file: File, most: int) -> bytes:
    """All of the file. Raises InputError where it has none or, before it is read, more than `most` bytes."""
    size = file.stat().st_size if isinstance(file, Path) else file.info.file_size
    if size > most:
        raise InputError(f"the file has {size:,} bytes, at most {most:,} are taken as one article; split it")
    with opened(file) as stream:
        raw = stream.read(most)
    if not raw:
        raise InputError("the file is empty")
    return raw
