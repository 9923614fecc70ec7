"""What is derived from the database and can be made again: `vectors.faiss` and `lexical/`.

Each lies beside a manifest with the generation it was made from and the SHA-256 of its bytes, is
written under another name first, and takes its place by a rename.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.dates import interval
from embeddings.encoder import Vectors
from embeddings.faiss_index import FaissIndex
from embeddings.nearest import Ids
from qa.analysis import analyser_name
from qa.lexical import Entry, LexicalIndex
from qa.rows import all_passages

VECTORS = "vectors.faiss"
VECTORS_MANIFEST = "vectors.json"
LEXICAL = "lexical"
LEXICAL_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Derived:
    """Both indexes, of one generation."""

    generation: int
    vectors: FaissIndex
    lexical: LexicalIndex


def build_vectors(connection: sqlite3.Connection, *, dimension: int, factory: str) -> FaissIndex:
    """The FAISS index of what the open transaction sees, its rows by article id and start."""
    rows, vectors = [], []
    for row, *_, vector in all_passages(connection):
        rows.append(row)
        vectors.append(vector)
    held: Vectors = np.array(vectors, dtype=np.float32).reshape(len(rows), dimension)
    ids: Ids = np.array(rows, dtype=np.int64)
    return FaissIndex.from_factory(factory, held, ids)


def build_lexical(connection: sqlite3.Connection, folder: Path | None = None) -> LexicalIndex:
    """The lexical index of what the open transaction sees, in `folder` or in memory."""
    facts = {
        id: (source.casefold() if source else None, *_days(published), analyser_name(language, start))
        for id, source, published, language, start in connection.execute(
            "SELECT id, source, published, language, substr(text, 1, 2000) FROM articles"
        )
    }
    entries = (
        Entry(row, facts[id][3], text, title, *facts[id][:3])
        for row, id, _, text, title, _ in all_passages(connection)
    )
    return LexicalIndex.build(entries, sorted({fact[3] for fact in facts.values()}), folder)


def write_vectors(folder: Path, index: FaissIndex, *, generation: int) -> None:
    """Puts the index in its place in the archive's folder."""
    new = folder / f"{VECTORS}.new"
    index.save(new)
    _sync(new)
    manifest = {"generation": generation, "vectors": len(index), "sha256": _sha256(new)}
    os.replace(new, folder / VECTORS)
    _write_json(folder / VECTORS_MANIFEST, manifest)


def write_lexical(connection: sqlite3.Connection, folder: Path, *, generation: int) -> None:
    """Builds the lexical index under `lexical/` and removes those of earlier generations."""
    place = folder / LEXICAL / f"g{generation}"
    new = place.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    index = build_lexical(connection, new)
    manifest = {
        "generation": generation,
        "passages": len(index),
        "analysers": index.analysers,
        "sha256": {file.name: _sha256(file) for file in _index_files(new)},
    }
    for file in _index_files(new):
        _sync(file)
    _write_json(new / LEXICAL_MANIFEST, manifest)
    shutil.rmtree(place, ignore_errors=True)
    os.replace(new, place)
    _sync(place.parent)
    for other in place.parent.iterdir():
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


def open_vectors(folder: Path, *, generation: int) -> FaissIndex | None:
    """The index on disk; None where it is missing, of another generation, or damaged."""
    manifest = _read_json(folder / VECTORS_MANIFEST)
    path = folder / VECTORS
    if manifest.get("generation") != generation or not path.is_file():
        return None
    if _sha256(path) != manifest.get("sha256"):
        return None
    return FaissIndex.load(path)


def open_lexical(folder: Path, *, generation: int) -> LexicalIndex | None:
    """The index on disk; None where it is missing, of another generation, or damaged."""
    place = folder / LEXICAL / f"g{generation}"
    manifest = _read_json(place / LEXICAL_MANIFEST)
    if manifest.get("generation") != generation:
        return None
    found = {file.name: _sha256(file) for file in _index_files(place)}
    if found != manifest.get("sha256"):
        return None
    try:
        return LexicalIndex.open(place, manifest.get("analysers", []))
    except (ValueError, OSError):  # its lock file can't be made in a folder that can't be written
        return None


def fresh(folder: Path, *, generation: int) -> list[str]:
    """Which of the two are there and whole at that generation."""
    there: Sequence[tuple[str, object]] = (
        (VECTORS, open_vectors(folder, generation=generation)),
        (LEXICAL, open_lexical(folder, generation=generation)),
    )
    return [name for name, index in there if index is not None]


def _days(published: str | None) -> tuple[int | None, int | None]:
    if published is None:
        return None, None
    days = interval(published)
    return days.first.toordinal(), days.last.toordinal()


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
