"""Whether an archive's collection in Milvus agrees with its truth."""

from collections.abc import Iterator, Sequence

import numpy as np

from qa.archive import Archive
from qa.connection import Connection as Truth
from qa.milvus import schema
from qa.milvus.bringing_up import Passage, passages_of
from qa.milvus.collection import Collection
from qa.milvus.schema import Manifest
from qa.milvus.searching import NAME, MilvusSearch
from qa.milvus.term_counts import TermCounts
from qa.milvus.tokens import words
from qa.settings import generation

_COMPARED = 500  # passages that are compared field by field
_COUNTED = 200_000  # passages up to which rows and terms are counted anew
_WINDOW = 4_000  # rows asked for at once
_FACTS = (
    schema.VECTOR, schema.TOKENS, schema.ANALYSER, schema.ARTICLE,
    schema.START, schema.SOURCE, schema.FIRST_DAY, schema.LAST_DAY,
)  # fmt: skip
_TOLERANCE = 1e-5


def faults(archive: Archive, truth: Truth) -> Iterator[str] | None:
    """What disagrees with the truth; None where there is no collection of its generation."""
    milvus = _of(archive)
    collection, manifest = milvus.collection(truth), milvus.manifest(truth)
    if collection is None or manifest is None or manifest.generation != generation(truth):
        return None
    return _faults(collection, manifest, truth)


def mend(archive: Archive) -> Sequence[str]:
    """Brings the collection up, or makes it where it is missing."""
    return archive.mend_derived()


def remake(archive: Archive) -> Sequence[str]:
    """Makes the collection anew."""
    with archive.writing("rebuild") as connection:
        _of(archive).remake(connection)
    return (NAME,)


def _of(archive: Archive) -> MilvusSearch:
    if archive.milvus is None:
        raise ValueError("this archive is not searched by Milvus")
    return archive.milvus


def _faults(collection: Collection, manifest: Manifest, truth: Truth) -> Iterator[str]:
    rows = [row for (row,) in truth.execute("SELECT row FROM passages ORDER BY row")]
    if manifest.passages != len(rows):
        yield f"it says that it has {manifest.passages} passages, the database has {len(rows)}"
        return
    found = collection.count()
    if found != len(rows):
        yield f"it has {found} passages, the database {len(rows)}"
        return
    if len(rows) <= _COUNTED:
        yield from _other_rows(collection, rows)
        yield from _other_counts(collection, manifest, rows, truth)
    step = -(-len(rows) // _COMPARED) or 1
    yield from _differences(collection, list(passages_of(truth, rows[::step])))


def _other_rows(collection: Collection, rows: Sequence[int]) -> Iterator[str]:
    last = rows[-1] if rows else 0
    expected = np.array(rows, dtype=np.int64)
    for low in range(0, last, _WINDOW):
        high = low + _WINDOW
        wanted = expected[np.searchsorted(expected, low, "right") : np.searchsorted(expected, high, "right")]
        if collection.rows(low, high) != wanted.tolist():
            yield f"it has other passages between row {low} and {high}"


def _other_counts(
    collection: Collection, manifest: Manifest, rows: Sequence[int], truth: Truth
) -> Iterator[str]:
    kept = collection.counts(manifest.counts)
    if kept is None:
        yield "its term counts are missing or damaged"
        return
    counted = TermCounts()
    for at in range(0, len(rows), _WINDOW):
        for passage in passages_of(truth, list(rows[at : at + _WINDOW])):
            counted.count(words(passage.analyser, passage.tokens))
    differing = kept.differs(counted)
    if differing:
        yield f"{len(differing)} of its term counts differ, such as that of {differing[0]!r}"


def _differences(collection: Collection, passages: Sequence[Passage]) -> Iterator[str]:
    kept = collection.facts([passage.row for passage in passages], _FACTS)
    for passage in passages:
        expected = passage.fields()
        if passage.row not in kept:
            yield f"passage {passage.row} is missing"
            continue
        for name in _FACTS:
            found = kept[passage.row][name]
            if name == schema.VECTOR:
                agrees = np.abs(np.array(found, dtype=np.float64) - expected[name]).max() <= _TOLERANCE
            else:
                agrees = found == expected[name]
            if not agrees:
                yield f"the {name} of passage {passage.row} differs"
        some = " ".join(passage.tokens[:10])
        found_by = collection.with_words(some, 1, f"{schema.ROW} in [{passage.row}]") if some else [(0, 0.0)]
        if not found_by:
            yield f"passage {passage.row} is not found by its words"
