"""The indexes' files: `vectors.faiss` and `lexical/`, which can be made again from the database.

Each lies beside a manifest with the generation it was made from and the SHA-256 of its bytes, is
written under another name first, and takes its place by a rename.
"""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.faiss_index import FaissIndex
from qa.derived import build_lexical, build_vectors
from qa.lexical import LexicalIndex
from qa.settings import Settings, generation

VECTORS = "vectors.faiss"
VECTORS_MANIFEST = "vectors.json"
LEXICAL = "lexical"
NAMES = (VECTORS, LEXICAL)
LEXICAL_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What there is of both indexes on disk, whole and of that generation; None where there is none."""

    generation: int
    vectors: FaissIndex | None
    lexical: LexicalIndex | None

    @property
    def lacking(self) -> list[str]:
        """The names of those that are missing, stale or damaged."""
        there = ((VECTORS, self.vectors), (LEXICAL, self.lexical))
        return [name for name, index in there if index is None]


def write(connection: sqlite3.Connection, folder: Path, settings: Settings, names: Collection[str]) -> None:
    """Makes the named indexes from what the open transaction sees, each put in its place when whole.

    Raises OSError where one can't be written.
    """
    at = generation(connection)
    if VECTORS in names:
        index = build_vectors(connection, dimension=settings.dimension, factory=settings.index)
        _write_vectors(folder, index, generation=at)
    if LEXICAL in names:
        _write_lexical(connection, folder, generation=at)


def _write_vectors(folder: Path, index: FaissIndex, *, generation: int) -> None:
    new = folder / f"{VECTORS}.new"
    try:
        _save(index, new)
        _sync(new)
        manifest = {"generation": generation, "vectors": len(index), "sha256": _sha256(new)}
        os.replace(new, folder / VECTORS)
    finally:
        new.unlink(missing_ok=True)
    _write_json(folder / VECTORS_MANIFEST, manifest)


def _write_lexical(connection: sqlite3.Connection, folder: Path, *, generation: int) -> None:
    """Builds the index under `lexical/` and removes those of other generations."""
    place = folder / LEXICAL / f"g{generation}"
    new = place.with_suffix(".new")
    if not place.parent.is_dir():
        place.parent.unlink(missing_ok=True)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        index = _build_on_disk(connection, new)
        for file in _index_files(new):
            _sync(file)
        manifest = {
            "generation": generation,
            "passages": len(index),
            "sha256": {file.name: _sha256(file) for file in _index_files(new)},
        }
        _write_json(new / LEXICAL_MANIFEST, manifest)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(new, place)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    _sync(place.parent)
    for other in place.parent.iterdir():
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


def on_disk(folder: Path, *, generation: int) -> OnDisk:
    """Both indexes as far as they are on disk, whole and of that generation."""
    return OnDisk(
        generation, _open_vectors(folder, generation=generation), _open_lexical(folder, generation=generation)
    )


def _open_vectors(folder: Path, *, generation: int) -> FaissIndex | None:
    manifest = _read_json(folder / VECTORS_MANIFEST)
    path = folder / VECTORS
    if manifest.get("generation") != generation:
        return None
    try:
        before = _version(path)
        if _sha256(path) != manifest.get("sha256"):
            return None
        index = FaissIndex.load(path)
        # A writer may have put another in its place since its bytes were looked at.
        return index if _version(path) == before else None
    except (OSError, RuntimeError):  # gone meanwhile, or written by a FAISS that this one can't read
        return None


def _open_lexical(folder: Path, *, generation: int) -> LexicalIndex | None:
    place = folder / LEXICAL / f"g{generation}"
    manifest = _read_json(place / LEXICAL_MANIFEST)
    if manifest.get("generation") != generation:
        return None
    try:
        found = {file.name: _sha256(file) for file in _index_files(place)}
        return LexicalIndex.open(place) if found == manifest.get("sha256") else None
    except (ValueError, OSError):  # gone meanwhile; or its lock file can't be made in this folder
        return None


def _save(index: FaissIndex, path: Path) -> None:
    try:
        index.save(path)
    except RuntimeError as error:  # all that FAISS tells of a write that failed
        raise _not_written(error) from None


def _build_on_disk(connection: sqlite3.Connection, folder: Path) -> LexicalIndex:
    try:
        return build_lexical(connection, folder)
    except ValueError as error:  # all that tantivy tells of a write that failed
        if "IO error" not in str(error):
            raise
        raise _not_written(error) from None


def _not_written(error: Exception) -> OSError:
    full = os.strerror(errno.ENOSPC) in str(error)
    return OSError(
        errno.ENOSPC if full else errno.EIO, os.strerror(errno.ENOSPC) if full else str(error)[-200:]
    )


def _version(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _index_files(folder: Path) -> list[Path]:
    """The index's own files, without the manifest and tantivy's lock files."""
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and file.name != LEXICAL_MANIFEST and not file.name.endswith(".lock")
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    _sync(new)
    os.replace(new, path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
