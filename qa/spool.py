"""Vectors that were encoded and not yet committed, on disk: what a stop finds here is not encoded again.

A file holds the vectors of a block of texts, each under the hash of the encoder and the text. It appears
whole, under a name that is the hash of its keys, and goes when the last of its vectors is committed.
"""

import hashlib
import logging
import os
import secrets
import time
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.errors import InputError
from embeddings.encoder import Encoder, Vectors

FOLDER = "encoded"  # of an archive
MOST_BYTES = 512_000_000  # of a folder; some 330,000 vectors of 384
_MARK = "this-folder"
_STALE = 3_600.0  # seconds after which a file that was never finished is nobody's
_DAMAGES = (ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)

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
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError), (folder / _MARK).open("x") as new:
                new.write(secrets.token_hex(16))
            return cls(folder.resolve(), repr(maker), (folder / _MARK).read_text("ascii"))
        except OSError as error:
            raise _unusable(folder, error) from None

    def is_seen(self) -> bool:
        """Whether the folder of that path is the same one here."""
        try:
            return (self.folder / _MARK).read_text("ascii") == self.mark
        except (OSError, ValueError):
            return False

    def key(self, text: str) -> bytes:
        """32 bytes that change with the text and the encoder."""
        return hashlib.sha256(f"{self.encoder}\0{text}".encode("utf-8", "surrogatepass")).digest()

    def put(self, texts: Sequence[str], vectors: Vectors) -> Path:
        """Writes a file of these, in order. Raises OSError where it can't be written."""
        keys = b"".join(map(self.key, texts))
        file = self.folder / f"{hashlib.sha256(keys).hexdigest()}.npz"
        new = self.folder / f"{file.stem}.{os.getpid()}.new"
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
    """What lies on a shelf, as the one process that adds to an archive knows it."""

    def __init__(self, shelf: Shelf, *, most_bytes: int) -> None:
        self.shelf = shelf
        self._most = most_bytes
        self._held: dict[bytes, Path] = {}
        self._left: dict[Path, set[bytes]] = {}  # of each file, the keys that are not committed
        self._sizes: dict[Path, int] = {}
        self._old: list[Path] = []  # of other runs, oldest first
        self._told = False

    @classmethod
    def open(cls, shelf: Shelf, *, most_bytes: int = MOST_BYTES) -> "Spool":
        """What an earlier run left there, damaged files removed. Raises InputError where it can't be used."""
        spool = cls(shelf, most_bytes=most_bytes)
        try:
            files = sorted(shelf.folder.iterdir(), key=lambda file: (file.stat().st_mtime, file))
            for file in files:
                if file.suffix == ".new" and file.stat().st_mtime < time.time() - _STALE:
                    file.unlink(missing_ok=True)
                elif file.suffix == ".npz":
                    spool._found(file)
        except OSError as error:
            raise _unusable(shelf.folder, error) from None
        return spool

    @property
    def has_room(self) -> bool:
        """Whether more may be put on the shelf, once what other runs left has made way."""
        while self._bytes() >= self._most and self._old:
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

    def close(self) -> None:
        """Removes the folder where nothing is left in it. No one else may be using it."""
        if not self._left:
            with suppress(OSError):
                (self.shelf.folder / _MARK).unlink()
                self.shelf.folder.rmdir()

    def _found(self, file: Path) -> None:
        try:
            with file.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
                keys = held["keys"]
            if keys.dtype != np.uint8 or keys.ndim != 2 or keys.shape[1] != 32:
                raise ValueError("no keys")
        except _DAMAGES:
            file.unlink(missing_ok=True)
            return
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
            with file.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
                keys, vectors = held["keys"], held["vectors"]
            if vectors.dtype != np.float32 or vectors.ndim != 2 or not np.isfinite(vectors).all():
                raise ValueError("no vectors")
            return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}
        except (*_DAMAGES, OSError):
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


def _unusable(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"{folder}: encoded passages can't be kept there ({error.strerror}); "
        "name a folder that can be written, --spool DIR"
    )
