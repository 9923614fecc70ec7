"""Every invariant of an archive, checked; what is derived, made again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from embeddings.faiss_index import FaissIndex
from embeddings.layered_index import LayeredIndex
from qa import database, derived_files, index_files, repeated, rows, truth
from qa.adding import mark_anew
from qa.analysis import analyser_name, terms
from qa.archive import Archive
from qa.connection import Connection
from qa.lexical import LexicalIndex
from qa.mentions import check as mentions_check
from qa.row_counts import rows_held
from qa.snapshot import sealed_vectors
from qa.truth import Check, check

_KEPT_TOLERANCE = 0.05  # a quantised index keeps its vectors only about
_COMPARED = 1_000  # vectors at most that are compared one by one with those of the index
_SEARCHED, _WORDS = 100, 10  # passages, and words of each, that are looked for in the lexical index
LINES = "lines"  # that articles share, counted in the database itself
_IN_MEMORY = "it could not be written or opened here; searches make it in memory"


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived file that the doctor looks after.

    `faults` gives what disagrees with the database, or None where there is no such file of the present
    generation. `mend` writes what is missing, stale or damaged, `remake` everything anew; both tell the
    names of what they wrote. Files that share such a function are written by it together.
    """

    name: str
    faults: Callable[[Archive, Connection], Iterator[str] | None]
    mend: Callable[[Archive], Sequence[str]]
    remake: Callable[[Archive], Sequence[str]]


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
        stored = truth.checks(connection, archive.settings)
    if not all(check.ok for check in stored):
        return Diagnosis(stored)
    looked_after = derived_of(archive)
    rebuilt = _written(archive, [each.mend for each in looked_after])
    derived = _derived_checks(archive)
    if repair and not all(check.ok for check in derived):
        wrong = [each.remake for each, check in zip(looked_after, derived, strict=True) if not check.ok]
        remade = _written(archive, wrong)
        rebuilt = remade + [name for name in rebuilt if name not in remade]
        derived = _derived_checks(archive)
    return Diagnosis([*stored, *derived], rebuilt)


def _written(archive: Archive, ways: Sequence[Callable[[Archive], Sequence[str]]]) -> list[str]:
    return [name for write in dict.fromkeys(ways) for name in write(archive)]


def _derived_checks(archive: Archive) -> list[Check]:
    found = []
    for each in derived_of(archive):
        with archive.reading() as connection:
            faults = each.faults(archive, connection)
            fine = _IN_MEMORY if faults is None else "agrees with the database"
            found.append(check(each.name, iter(()) if faults is None else faults, fine))
    return found


def _vector_faults(archive: Archive, connection: Connection) -> Iterator[str] | None:
    ready = index_files.on_disk(archive.path, connection)
    index = sealed_vectors(connection, ready, archive.settings, rows_held(connection))
    return None if index is None else _faults_of_vectors(index, connection, archive)


def _faults_of_vectors(
    index: FaissIndex | LayeredIndex, connection: Connection, archive: Archive
) -> Iterator[str]:
    held = set(rows_held(connection).tolist())
    if index.ids() != held:
        yield f"it holds {len(index)} vectors, the database {len(held)}, or others"
        return
    step = -(-len(held) // _COMPARED) or 1
    compared = rows.vectors_of(connection, sorted(held)[::step], archive.settings.dimension)
    for row, vector in zip(*compared, strict=True):
        score, _ = index.search(vector[None, :], 1, np.array([row], dtype=np.int64))
        if abs(float(score[0, 0]) - 1) > _KEPT_TOLERANCE:
            yield f"the vector of passage {row} differs"


def _lexical_faults(archive: Archive, connection: Connection) -> Iterator[str] | None:
    ready = index_files.on_disk(archive.path, connection)
    if ready.lexical is None or index_files.LEXICAL in ready.lacking:
        return None
    return _faults_of_words(ready.lexical, connection)


def _faults_of_words(index: LexicalIndex, connection: Connection) -> Iterator[str]:
    held = set(rows_held(connection).tolist())
    if index.rows() != held:
        yield f"it holds {len(index)} passages, the database {len(held)}, or others"
        return
    step = -(-len(held) // _SEARCHED) or 1
    for row, stored in rows.stored_passages(connection, sorted(held)[::step]).items():
        article = stored.article
        analyser = analyser_name(article.language, article.text)
        for word in stored.passage.span.of(article.text).split()[:_WORDS]:
            if terms(analyser, word) and row not in index.scores(word, [row]):
                yield f"passage {row} is not found by its word {word[:30]!r}"


def _remade_indexes(archive: Archive) -> Sequence[str]:
    archive.optimize()
    return index_files.NAMES


def _line_faults(_: Archive, connection: Connection) -> Iterator[str]:
    for fault in repeated.faults(connection):
        yield f"{fault}; `doctor --repair` counts them anew"


def _nothing(_: Archive) -> Sequence[str]:
    return ()


def _counted_anew(archive: Archive) -> Sequence[str]:
    """Counts again which lines outlets repeat, and marks articles by that."""
    with archive.writing("learn") as connection:
        with database.transaction(connection):
            repeated.forget(connection)
        words = archive.settings.passage_words
        mark_anew(connection, words=words, encoder=lambda: archive.encoder)
        derived_files.refresh_if_possible(connection, archive.path, archive.settings, archive.milvus)
    return (LINES,)


DERIVED = (
    Derived(index_files.VECTORS, _vector_faults, Archive.mend_derived, _remade_indexes),
    Derived(index_files.LEXICAL, _lexical_faults, Archive.mend_derived, _remade_indexes),
    Derived(mentions_check.NAME, mentions_check.faults, mentions_check.mend, mentions_check.remake),
    Derived(LINES, _line_faults, _nothing, _counted_anew),
)


def derived_of(archive: Archive) -> Sequence[Derived]:
    """What is derived of an archive; what Milvus has, where it searches, stands for the embedded indexes."""
    if archive.milvus is None:
        return DERIVED
    from qa.milvus import check as milvus  # noqa: PLC0415  (only where it is asked for)
    from qa.milvus.searching import NAME  # noqa: PLC0415

    others = [each for each in DERIVED if each.name not in index_files.NAMES]
    return (Derived(NAME, milvus.faults, milvus.mend, milvus.remake), *others)
