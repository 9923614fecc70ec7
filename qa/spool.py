"""Vectors that were encoded and not yet committed, on disk: what a stop finds here is not encoded again.

A file holds the vectors of a block of texts, each under the hash of the encoder and the text. It appears
whole, under a name that is the hash of its keys, and goes when the last of its vectors is committed.
Several runs may use a folder: each finds what lay there when it began, and any of it may be gone by and by.
"""

import errno
import hashlib
import logging
import os
import secrets
import time
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from embeddings.encoder import Encoder, Vectors
from qa.shared_folder import MARK, Use, mark_of

FOLDER = "encoded"  # of an archive
MOST_BYTES = 512_000_000  # of a folder; some 330,000 vectors of 384
_STALE = 3_600.0  # seconds after which a file that was never finished is nobody's
_DAMAGES = (ValueError, TypeError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
_DAMAGED = (None, errno.EINVAL)  # what an OSError of reading says where it isn't the disk
_GONE = (errno.ENOENT, errno.ESTALE)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder and the encoder whose vectors are put there; workers are handed one."""

    folder: Path
    encoder: str  # name, weights, variant and dimension
    mark: str  # what a file in the folder says, by which it is known on other machines

    @classmethod
    def of(cls, folder: Path, encoder: Encoder) -> "Shelf":
        """The shelf of an encoder in a folder, which is made. Raises InputError where it can't be written."""
        maker = (encoder.name, encoder.weights_sha256, encoder.passage_variant, encoder.dimension)
        try:
            use = Use.begin(folder)
            use.end()
            return cls(folder.resolve(), repr(maker), use.mark)
        except OSError as error:
            raise _unusable(folder, error) from None

    def is_seen(self) -> bool:
        """Whether the folder of that path is the same one here."""
        try:
            return mark_of(self.folder) == self.mark
        except OSError:
            return False

    def key(self, text: str) -> bytes:
        """32 bytes that change with the text and the encoder."""
        return hashlib.sha256(f"{self.encoder}\0{text}".encode("utf-8", "surrogatepass")).digest()

    def put(self, texts: Sequence[str], vectors: Vectors) -> Path:
        """Writes a file of these, in order. Raises OSError where it can't be written."""
        keys = b"".join(map(self.key, texts))
        file = self.folder / f"{hashlib.sha256(keys).hexdigest()}.npz"
        new = self.folder / f"{file.stem}.{secrets.token_hex(4)}.new"
        try:
            with new.open("wb") as stream:
                np.savez(stream, keys=np.frombuffer(keys, np.uint8).reshape(-1, 32), vectors=vectors)
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
        return file


class Spool:
    """What lies on a shelf, as a process that adds to an archive knows it."""

    def __init__(self, shelf: Shelf, use: Use, *, most_bytes: int) -> None:
        self.shelf = shelf
        self._use = use
        self._most = most_bytes
        self._held: dict[bytes, Path] = {}
        self._left: dict[Path, set[bytes]] = {}  # of each file, the keys that are not committed
        self._sizes: dict[Path, int] = {}
        self._old: list[Path] = []  # of other runs, oldest first
        self._told = False

    @classmethod
    def open(cls, shelf: Shelf, *, most_bytes: int = MOST_BYTES) -> "Spool":
        """What an earlier run left there, damaged files removed. Raises InputError where it can't be used."""
        try:
            use = Use.begin(shelf.folder)
            spool = cls(replace(shelf, mark=use.mark), use, most_bytes=most_bytes)
            for changed, file in _oldest_first(shelf.folder):
                if file.suffix == ".new" and changed < time.time() - _STALE:
                    file.unlink(missing_ok=True)
                elif file.suffix == ".npz":
                    spool._found(file)
        except OSError as error:
            raise _unusable(shelf.folder, error) from None
        return spool

    @property
    def has_room(self) -> bool:
        """Whether more may be put on the shelf, once what other runs left has made way, if they are gone."""
        if self._bytes() >= self._most and self._old:
            with self._use.alone() as alone:
                while alone and self._bytes() >= self._most and self._old:
                    self._remove(self._old.pop(0))
        return self._bytes() < self._most

    def take(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """The vectors of those of the texts that are there."""
        files: dict[Path, list[str]] = {}
        for text in texts:
            file = self._held.get(self.shelf.key(text))
            if file is not None:
                files.setdefault(file, []).append(text)
        found: dict[str, Vectors] = {}
        for file, wanted in files.items():
            vectors = self._read(file)
            found |= {text: vectors[key] for text in wanted if (key := self.shelf.key(text)) in vectors}
        return found

    def put(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Puts a block there, if there is room. Where it can't be written, that is logged once."""
        if not self.has_room:
            return
        try:
            self.was_put(self.shelf.put(texts, vectors), texts)
        except OSError as error:
            if not self._told:
                _log.warning(
                    "note: %s: encoded passages can't be kept there (%s); "
                    "what a stop finds not committed is encoded again",
                    self.shelf.folder,
                    error.strerror,
                )
            self._told = True

    def was_put(self, file: Path, texts: Sequence[str]) -> None:
        """Told that a worker has put these there."""
        self._hold(file, list(map(self.shelf.key, texts)))

    def drop(self, texts: Iterable[str]) -> None:
        """Lets go of what is committed."""
        for key in map(self.shelf.key, texts):
            file = self._held.pop(key, None)
            if file is not None:
                self._left[file].discard(key)
                if not self._left[file]:
                    self._remove(file)

    def close(self, *, keeps_folder: bool = False) -> None:
        """Ends its use; removes the folder where nothing is left in it, no one uses it and it isn't kept."""
        with self._use.alone() as alone, suppress(OSError):
            if alone and not keeps_folder and os.listdir(self.shelf.folder) == [MARK]:
                (self.shelf.folder / MARK).unlink()
                self.shelf.folder.rmdir()
        self._use.end()

    def _found(self, file: Path) -> None:
        try:
            (keys,) = _arrays(file, "keys")
            if keys.dtype != np.uint8 or keys.ndim != 2 or keys.shape[1] != 32:
                raise ValueError("no keys")
        except ValueError:
            file.unlink(missing_ok=True)
            return
        except OSError as error:
            if error.errno in _GONE:
                return
            raise
        self._old.append(file)
        self._hold(file, [key.tobytes() for key in keys])

    def _hold(self, file: Path, keys: Sequence[bytes]) -> None:
        with suppress(OSError):
            self._sizes[file] = file.stat().st_size
        self._left[file] = set(keys)
        for key in keys:
            other = self._held.get(key)
            if other is not None and other != file:
                self._left[other].discard(key)
                if not self._left[other]:
                    self._remove(other)
            self._held[key] = file

    def _read(self, file: Path) -> dict[bytes, Vectors]:
        """A file's vectors by key; none, and the file is removed, where it is damaged."""
        try:
            keys, vectors = _arrays(file, "keys", "vectors")
            if vectors.dtype != np.float32 or vectors.ndim != 2 or not np.isfinite(vectors).all():
                raise ValueError("no vectors")
            return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}
        except (ValueError, OSError):
            self._remove(file)
            return {}

    def _remove(self, file: Path) -> None:
        for key in self._left.pop(file, set()):
            self._held.pop(key, None)
        self._sizes.pop(file, None)
        if file in self._old:
            self._old.remove(file)
        with suppress(OSError):
            file.unlink()

    def _bytes(self) -> int:
        return sum(self._sizes.values())


def _oldest_first(folder: Path) -> list[tuple[float, Path]]:
    """The files there, each after the time when it was changed."""
    found = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            about = file.stat()
            if S_ISREG(about.st_mode):
                found.append((about.st_mtime, file))
    return sorted(found)


def _arrays(file: Path, *names: str) -> list[NDArray[Any]]:
    """Arrays of a file. Raises ValueError where it is damaged, OSError where it can't be read."""
    try:
        with zipfile.ZipFile(file) as held:
            infos = [held.getinfo(f"{name}.npy") for name in names]
            if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
                raise ValueError("it is packed")
            contents = [held.read(info) for info in infos]  # whole, so that its checksum is looked at first
        return [np.lib.format.read_array(BytesIO(content), allow_pickle=False) for content in contents]
    except _DAMAGES as error:
        raise ValueError(f"{file} is damaged: {error}") from error
    except OSError as error:
        if error.errno in _DAMAGED:
            raise ValueError(f"{file} is damaged: {error}") from error
        raise


def _unusable(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"{folder}: encoded passages can't be kept there ({error.strerror}); "
        "name a folder that can be written, --spool DIR"
    )
