"""The indexes' files: `vectors.faiss` and `lexical/`, which can be made again from the database.

Each lies beside a manifest with the generation it was made from and the SHA-256 of its bytes, is
written under another name first, and takes its place by a rename. In a small archive both are made
anew at each commit. In a large one the vectors' file, once sealed, serves later generations too, and
the lexical index is extended.
"""

import errno
import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from embeddings.faiss_index import FaissIndex
from embeddings.index_size import EXACT
from qa.connection import Connection
from qa.derived import build_lexical, build_vectors, extend_lexical
from qa.lexical import LexicalIndex
from qa.row_counts import count_and_last, count_up_to
from qa.settings import Settings, commit_token, generation, seal, sealed
from qa.whole_file import read_json, sha256_of, sync, version_of, write_json

VECTORS = "vectors.faiss"
VECTORS_MANIFEST = "vectors.json"
LEXICAL = "lexical"
NAMES = (VECTORS, LEXICAL)
LEXICAL_MANIFEST = "manifest.json"
_BESIDE = 0.2  # of a sealed index: what may be kept beside it in memory

Index = TypeVar("Index")


@dataclass(frozen=True, slots=True)
class Made:
    """What a file was made of: a generation, its highest row, and how many passages it had.

    `sealed` is the hash of the vectors' file that it was made with or is, in a large archive; None
    where the file serves its own generation only.
    """

    generation: int
    last: int
    passages: int
    sealed: str | None

    def serves_after(self, connection: Connection) -> bool:
        """Whether it serves the generation that the open transaction sees, with what came since."""
        serves = self.sealed is not None and self.sealed == sealed(connection)
        return serves and self.generation <= generation(connection)


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What there is of both indexes on disk, whole and of use at that generation, or None."""

    generation: int
    vectors: FaissIndex | None
    vectors_made: Made | None
    lexical: LexicalIndex | None
    lexical_made: Made | None

    @property
    def lacking(self) -> list[str]:
        """The names of those that are missing, stale or damaged."""
        found = [] if self.vectors_made is not None else [VECTORS]
        if self.lexical_made is None or self.lexical_made.generation != self.generation:
            found.append(LEXICAL)
        return found


def write(connection: Connection, folder: Path, settings: Settings, names: Collection[str]) -> None:
    """Makes the named indexes from what the open transaction sees, each put in its place when whole.

    Raises OSError where one can't be written.
    """
    if VECTORS in names:
        # Held by no name here: it goes before the other takes memory too.
        _write_vectors(
            connection,
            folder,
            build_vectors(connection, dimension=settings.dimension, factory=settings.index),
        )
    if LEXICAL in names:
        _write_lexical(connection, folder)


def refresh(connection: Connection, folder: Path, settings: Settings) -> None:
    """Brings both indexes to what the open transaction sees, writing no more than that needs.

    Raises OSError where one can't be written.
    """
    ready = on_disk(folder, connection)
    count, _ = count_and_last(connection)
    vectors, lexical = ready.vectors_made, ready.lexical_made
    if count <= EXACT or vectors is None or vectors.sealed is None or _has_outgrown(connection, vectors):
        write(connection, folder, settings, NAMES)
    elif lexical is None or lexical.sealed is None:
        _write_lexical(connection, folder)
    elif lexical.generation != ready.generation:
        _write_lexical(connection, folder, since=lexical)


def _has_outgrown(connection: Connection, made: Made) -> bool:
    """Whether more was added to and removed from a sealed file than is well kept beside it."""
    kept = count_up_to(connection, made.last)
    count, _ = count_and_last(connection)
    return bool((count - kept) + (made.passages - kept) > max(EXACT, made.passages * _BESIDE))


def _write_vectors(connection: Connection, folder: Path, index: FaissIndex) -> None:
    new = folder / f"{VECTORS}.new"
    try:
        _save(index, new)
        sync(new)
        digest = sha256_of(new)
        manifest = _manifest(connection, vectors=len(index)) | {"sha256": digest}
        if len(index) > EXACT:
            seal(connection, digest)
            manifest["sealed"] = sealed(connection)
        os.replace(new, folder / VECTORS)
    finally:
        new.unlink(missing_ok=True)
    write_json(folder / VECTORS_MANIFEST, manifest)


def _write_lexical(connection: Connection, folder: Path, *, since: Made | None = None) -> None:
    """Builds the index under `lexical/`, or extends the one made before, and removes that."""
    place = folder / LEXICAL / f"g{generation(connection)}"
    new = place.with_suffix(".new")
    if not place.parent.is_dir():
        place.parent.unlink(missing_ok=True)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        index = None
        if since is not None:
            for file in _index_files(place.with_name(f"g{since.generation}")):
                os.link(file, new / file.name)  # its bytes never change: tantivy replaces files whole
            index = _written(lambda: extend_lexical(connection, new, since.last))
        if index is None:
            shutil.rmtree(new)
            new.mkdir()
            index = _written(lambda: build_lexical(connection, new))
        for file in _index_files(new):
            sync(file)
        manifest = _manifest(connection, passages=len(index)) | {
            "sha256": {file.name: sha256_of(file) for file in _index_files(new)}
        }
        if len(index) > EXACT:
            manifest["sealed"] = sealed(connection)
        write_json(new / LEXICAL_MANIFEST, manifest)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(new, place)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    sync(place.parent)
    for other in place.parent.iterdir():
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


def _manifest(connection: Connection, **counts: int) -> dict[str, Any]:
    _, last = count_and_last(connection)
    at = generation(connection)
    return {"generation": at, **counts, "last": last, "commit": commit_token(connection, at)}


def lexical_is_of(folder: Path, at: int) -> bool:
    """Whether a lexical index of that generation is in its place, to judge by its name."""
    return (folder / LEXICAL / f"g{at}").is_dir()


def on_disk(folder: Path, connection: Connection) -> OnDisk:
    """Both indexes as far as they are on disk, whole and of use to what the open transaction sees."""
    vectors, vectors_made = _open_vectors(folder, connection)
    lexical, lexical_made = _open_lexical(folder, connection)
    return OnDisk(generation(connection), vectors, vectors_made, lexical, lexical_made)


def _open_vectors(folder: Path, connection: Connection) -> tuple[FaissIndex, Made] | tuple[None, None]:
    manifest = read_json(folder / VECTORS_MANIFEST)
    made = _made(manifest, "vectors", connection)
    path = folder / VECTORS
    if made is None:
        return None, None
    try:
        before = version_of(path)
        if sha256_of(path) != manifest.get("sha256"):
            return None, None
        index = FaissIndex.load(path)
        # A writer may have put another in its place since its bytes were looked at.
        return (index, made) if version_of(path) == before else (None, None)
    except (OSError, RuntimeError):  # gone meanwhile, or written by a FAISS that this one can't read
        return None, None


def _open_lexical(folder: Path, connection: Connection) -> tuple[LexicalIndex, Made] | tuple[None, None]:
    """The index of that generation, else the newest that may serve it."""
    try:
        places = sorted((folder / LEXICAL).glob("g*[0-9]"), key=lambda place: -int(place.name[1:]))
    except (ValueError, OSError):
        return None, None
    for place in places:
        manifest = read_json(place / LEXICAL_MANIFEST)
        made = _made(manifest, "passages", connection)
        if made is None:
            continue
        try:
            found = {file.name: sha256_of(file) for file in _index_files(place)}
            if found == manifest.get("sha256"):
                return LexicalIndex.open(place), made
        except (ValueError, OSError):  # gone meanwhile; or its lock file can't be made in this folder
            continue
    return None, None


def _made(manifest: dict[str, Any], counted: str, connection: Connection) -> Made | None:
    """What a manifest says; None where what it describes is of no use to what the transaction sees."""
    at, last, passages = (manifest.get(name) for name in ("generation", "last", counted))
    token = manifest.get("sealed")
    if not isinstance(at, int) or not isinstance(token, str | None):
        return None
    if manifest.get("commit") != commit_token(connection, at):
        return None
    made = Made(at, last if isinstance(last, int) else 0, passages if isinstance(passages, int) else 0, token)
    return made if at == generation(connection) or made.serves_after(connection) else None


def _save(index: FaissIndex, path: Path) -> None:
    try:
        index.save(path)
    except RuntimeError as error:  # all that FAISS tells of a write that failed
        raise _not_written(error) from None


def _written(build: Callable[[], Index]) -> Index:
    try:
        return build()
    except ValueError as error:  # all that tantivy tells of a write that failed
        if "IO error" not in str(error):
            raise
        raise _not_written(error) from None


def _not_written(error: Exception) -> OSError:
    full = os.strerror(errno.ENOSPC) in str(error)
    return OSError(
        errno.ENOSPC if full else errno.EIO, os.strerror(errno.ENOSPC) if full else str(error)[-200:]
    )


def _index_files(folder: Path) -> list[Path]:
    """The index's own files, without the manifest and tantivy's lock files."""
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and file.name != LEXICAL_MANIFEST and not file.name.endswith(".lock")
    )
