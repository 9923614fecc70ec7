"""Every invariant of an archive, checked; what is derived, made again."""

import sqlite3
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corpus.article import sha256_of
from corpus.dates import interval
from corpus.errors import InputError
from corpus.passages import Passage
from embeddings.faiss_index import FaissIndex
from embeddings.layered_index import LayeredIndex
from qa import index_files, rows
from qa.archive import Archive
from qa.lexical import LexicalIndex
from qa.snapshot import sealed_vectors

_NORM_TOLERANCE = 1e-3
_KEPT_TOLERANCE = 0.05  # a quantised index keeps its vectors only about
_COMPARED = 1_000  # vectors at most that are compared one by one with those of the index
_SHOWN = 3  # failures named in a check's detail


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: whether it holds, and what was looked at or found."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All checks, and which derived files were made again."""

    checks: Sequence[Check]
    rebuilt: Sequence[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis as the JSON contract has it."""
        checks = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in self.checks]
        return {"ok": self.ok, "checks": checks, "rebuilt": list(self.rebuilt)}


def diagnose(archive: Archive, *, repair: bool = False) -> Diagnosis:
    """Checks the archive. Derived files that are missing, stale or damaged are made again.

    With `repair`, those that disagree with the database at its own generation are made again too.
    Nothing is made from a database that is not right itself.
    """
    with archive.reading() as connection:
        stored = _stored_checks(connection, archive)
    if not all(check.ok for check in stored):
        return Diagnosis(stored)
    rebuilt = archive.mend_derived()
    indexes = _index_checks(archive)
    if repair and not all(check.ok for check in indexes):
        archive.optimize()
        rebuilt = [index_files.VECTORS, index_files.LEXICAL]
        indexes = _index_checks(archive)
    return Diagnosis([*stored, *indexes], rebuilt)


def _stored_checks(connection: sqlite3.Connection, archive: Archive) -> list[Check]:
    return [
        _check("database", _database_faults(connection), "SQLite finds it whole"),
        _check("articles", _article_faults(connection), "hashes and dates are right, furniture is in bounds"),
        _check("passages", _passage_faults(connection), "whole sentences, in bounds, apart from furniture"),
        _check("vectors", _vector_faults(connection, archive), "of the right length, and of norm 1"),
    ]


def _index_checks(archive: Archive) -> list[Check]:
    in_memory = "it could not be written or opened here; searches make it in memory"
    with archive.reading() as connection:
        ready = index_files.on_disk(archive.path, connection)
        held = {row for (row,) in connection.execute("SELECT row FROM passages")}
        vectors = sealed_vectors(connection, ready, archive.settings)
        lexical = None if index_files.LEXICAL in ready.lacking else ready.lexical
        return [
            _check(
                index_files.VECTORS,
                iter(()) if vectors is None else _index_faults(vectors, held, connection, archive),
                in_memory if vectors is None else "agrees with the database",
            ),
            _check(
                index_files.LEXICAL,
                iter(()) if lexical is None else _lexical_faults(lexical, held),
                in_memory if lexical is None else "agrees with the database",
            ),
        ]


def _check(name: str, faults: Iterator[str], fine: str) -> Check:
    try:
        found = list(faults)
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        found = [f"it can't be read: {error}"]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return Check(name, not found, "; ".join(found[:_SHOWN]) + more if found else fine)


def _database_faults(connection: sqlite3.Connection) -> Iterator[str]:
    for (said,) in connection.execute("PRAGMA integrity_check(10)"):
        if said != "ok":
            yield str(said)
    for table, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield f"a row of {table} belongs to no article"


def _article_faults(connection: sqlite3.Connection) -> Iterator[str]:
    for id, text, published, sha256 in connection.execute("SELECT id, text, published, sha256 FROM articles"):
        if sha256_of(text) != sha256:
            yield f"the text of {id!r} has another hash than was stored"
        if published is not None:
            try:
                interval(published)
            except InputError:
                yield f"{id!r} is dated {published!r}, which is no date"
        last = 0
        for mark in rows.furniture_of(connection, id):
            if not last <= mark.start < mark.end <= len(text):
                yield f"furniture of {id!r} at {mark.start} is out of bounds or order"
            last = mark.end


def _passage_faults(connection: sqlite3.Connection) -> Iterator[str]:
    for id, length in connection.execute("SELECT id, length(text) FROM articles").fetchall():
        furniture, last = rows.furniture_of(connection, id), 0
        for stored in rows.passages_of(connection, id):
            passage = stored.passage
            if not last <= passage.start < passage.end <= length:
                yield f"a passage of {id!r} at {passage.start} is out of bounds or order"
            if not _is_its_sentences(passage):
                yield f"a passage of {id!r} at {passage.start} is not its sentences"
            if any(mark.span.overlaps(passage.span) for mark in furniture):
                yield f"a passage of {id!r} at {passage.start} takes in furniture"
            last = passage.end


def _is_its_sentences(passage: Passage) -> bool:
    """Whether the passage starts and ends as its sentences do, which are in order."""
    edges = [edge for span in passage.sentences for edge in (span.start, span.end)]
    outer = (edges[0], edges[-1]) if edges else None
    return outer == (passage.start, passage.end) and edges == sorted(edges)


def _vector_faults(connection: sqlite3.Connection, archive: Archive) -> Iterator[str]:
    for _, id, start, _, _, vector in rows.all_passages(connection):
        if len(vector) != archive.settings.dimension:
            found, expected = len(vector), archive.settings.dimension
            yield f"the vector of {id!r} at {start} has {found} dimensions, expected {expected}"
        elif not abs(float(np.linalg.norm(vector)) - 1) < _NORM_TOLERANCE:
            yield f"the vector of {id!r} at {start} is not of length 1"


def _index_faults(
    index: FaissIndex | LayeredIndex, held: AbstractSet[int], connection: sqlite3.Connection, archive: Archive
) -> Iterator[str]:
    if index.ids() != held:
        yield f"it holds {len(index)} vectors, the database {len(held)}, or others"
        return
    step = -(-len(held) // _COMPARED) or 1
    compared = rows.vectors_of(connection, sorted(held)[::step], archive.settings.dimension)
    for row, vector in compared.items():
        score, _ = index.search(vector[None, :], 1, np.array([row], dtype=np.int64))
        if abs(float(score[0, 0]) - 1) > _KEPT_TOLERANCE:
            yield f"the vector of passage {row} differs"


def _lexical_faults(index: LexicalIndex, held: AbstractSet[int]) -> Iterator[str]:
    if index.rows() != held:
        yield f"it holds {len(index)} passages, the database {len(held)}, or others"
