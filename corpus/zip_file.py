"""ZIP files as folders: what is in them, within limits, without anything written to disk."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from corpus.errors import InputError
from corpus.file import File, Member, bytes_of, opened, path_of

MAX_MEMBERS = 50_000
MAX_UNPACKED = 4_000_000_000  # bytes of all members together
MAX_RATIO = 200  # unpacked to packed, of members above a megabyte
MAX_INNER = 100_000_000  # bytes of a ZIP inside a ZIP
_SMALL = 1_000_000  # bytes
# What reading a member may raise: a wrong checksum, data that can't be unpacked, a method that is not known.
DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError)


@contextmanager
def members(file: File) -> Iterator[list[Member | tuple[str, str]]]:
    """The files in a ZIP, by name, while it is open; or, for those that must not be read, name and reason.

    Raises InputError where it is no ZIP, or would unpack to too much.
    """
    inner = isinstance(file, Member)
    with (
        io.BytesIO(bytes_of(file, MAX_INNER)) if inner else opened(file) as stream,
        _container(stream) as container,
    ):
        yield list(_members(container, path_of(file)))


def _container(stream: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise InputError(f"it is no ZIP that can be read ({error}); save it anew") from None


def _members(container: zipfile.ZipFile, place: Path) -> Iterator[Member | tuple[str, str]]:
    infos = [info for info in container.infolist() if not info.filename.endswith("/")]
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS:
        raise InputError(f"it holds {len(infos):,} files, at most {MAX_MEMBERS:,} are read")
    if unpacked > MAX_UNPACKED:
        raise InputError(f"it unpacks to {unpacked:,} bytes, at most {MAX_UNPACKED:,} are read")
    names: set[str] = set()
    for info in sorted(infos, key=lambda info: info.filename):
        reason = _refusal(info, names)
        names.add(info.filename)
        yield (info.filename, reason) if reason else Member(place / info.filename, container, info)


def _refusal(info: zipfile.ZipInfo, names: set[str]) -> str | None:
    """Why a member must not be read; None where it may."""
    if not info.filename:
        return "it has no name"
    path = PurePosixPath(info.filename)
    if path.is_absolute() or ".." in path.parts or "\0" in info.orig_filename:
        return "its name leads out of the ZIP"
    if info.filename in names:
        return "the ZIP holds two files of this name"
    if info.flag_bits & 1:
        return "it is locked by a password; pack it without one"
    if info.file_size > max(_SMALL, MAX_RATIO * info.compress_size):
        return (
            f"it unpacks from {info.compress_size:,} to {info.file_size:,} bytes, which no honest file does"
        )
    return None
