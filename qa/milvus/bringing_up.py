"""Brings an archive's collection in Milvus to what its truth holds; nothing is encoded for that.

A part at a time: passages first, then what is counted of them, then the manifest, and only then is
removed what is gone. A writer that is stopped in between leaves rows that the manifest doesn't speak
of, which the next one takes away, or rows that are gone from the truth, which no reader shows.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corpus.errors import ArchiveError
from embeddings.encoder import Vectors
from embeddings.nearest import Ids
from qa.analysis import analyser_name
from qa.connection import Connection as Truth
from qa.connection import Served, is_served
from qa.milvus import schema
from qa.milvus.collection import Collection
from qa.milvus.holes import Range, holes_in, packed, within
from qa.milvus.schema import LONGEST_FACT, SCHEMA, Manifest, identity, index_for
from qa.milvus.term_counts import TermCounts
from qa.milvus.tokens import tokens, words
from qa.row_counts import count_and_last, count_up_to, rows_held
from qa.rows import days_named
from qa.settings import SEARCH_ID, Settings, commit_token, generation

_PART = 5_000  # passages between two manifests
_GONE = 4_000  # rows removed between two manifests
_MERGED = 50  # parts of term counts, after which they become one


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as Milvus gets it."""

    row: int
    article: int
    start: int
    analyser: str
    tokens: list[str]
    source: str
    first_day: int
    last_day: int
    vector: Vectors

    def fields(self) -> dict[str, Any]:
        """Its fields in the collection."""
        return {
            schema.ROW: self.row,
            schema.VECTOR: self.vector,
            schema.TOKENS: " ".join(self.tokens),
            schema.ANALYSER: self.analyser,
            schema.ARTICLE: self.article,
            schema.START: self.start,
            schema.SOURCE: self.source,
            schema.FIRST_DAY: self.first_day,
            schema.LAST_DAY: self.last_day,
        }


def search_name(truth: Truth, location: str) -> str | None:
    """The name of an archive's collection; None where it was never given one.

    Copies of an archive have the same truth and may go different ways: `location` tells those of a folder
    apart; of a database, the server, the database and the schema do.
    """
    found = truth.execute("SELECT value FROM settings WHERE name = ?", (SEARCH_ID,)).fetchone()
    if found is None:
        return None
    place = _server_of(truth) if is_served(truth) else [location]
    return "onrecord_" + hashlib.sha256(json.dumps([found[0], *place]).encode()).hexdigest()[:20]


def _server_of(truth: Served) -> list[str]:
    """What tells the schema that the connection reads from any other, whatever address leads there."""
    names = truth.execute("SELECT current_database(), current_schema()").fetchone()
    (may,) = truth.execute(_MAY).fetchone()
    server = truth.execute(_SYSTEM if may else _PLACE).fetchone()
    return [str(each) for each in (*server, *names)]


_MAY = "SELECT has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')"
_SYSTEM = "SELECT system_identifier FROM pg_control_system()"
_PLACE = "SELECT coalesce(host(inet_server_addr()), ''), current_setting('port')"


def give_name(truth: Truth) -> None:
    """Gives the archive what its collection's name is made of, inside the transaction that is open."""
    found = truth.execute("SELECT value FROM settings WHERE name = ?", (SEARCH_ID,)).fetchone()
    if found is None:
        truth.execute("INSERT INTO settings (name, value) VALUES (?, ?)", (SEARCH_ID, secrets.token_hex(16)))


def usable(manifest: Manifest | None, truth: Truth, settings: Settings) -> bool:
    """Whether what is stored is of this truth: it may be behind, or ahead of a reader.

    Also one of a history that was lost is ahead, where a backup was put back; see `is_ahead`.
    Raises ArchiveError where a newer Onrecord made it.
    """
    if manifest is None:
        return False
    if manifest.schema > SCHEMA:
        raise ArchiveError(
            f"its collection in Milvus has schema version {manifest.schema}, this program knows up to "
            f"{SCHEMA}; update Onrecord"
        )
    if manifest.schema != SCHEMA or manifest.identity != identity(settings):
        return False
    return is_ahead(manifest, truth) or manifest.commit == commit_token(truth, manifest.generation)


def is_ahead(manifest: Manifest, truth: Truth) -> bool:
    """Whether it is of a later commit; in a transaction begun after it was read, of one that was lost."""
    return manifest.generation > generation(truth)


def is_at(manifest: Manifest, truth: Truth) -> bool:
    """Whether it holds what the open transaction sees, and no more."""
    return manifest.generation == generation(truth) and not manifest.gone


def backlog(manifest: Manifest, truth: Truth) -> int:
    """How many passages it lacks, and how many that are gone from the truth it has."""
    there, _ = count_and_last(truth)
    beyond = truth.execute("SELECT count(*) FROM passages WHERE row > ?", (manifest.last,)).fetchone()[0]
    return int(beyond + abs(manifest.passages - (there - beyond)))


def bring_up(collection: Collection, truth: Truth, settings: Settings, *, finishing: bool = True) -> Manifest:
    """Stores what the open transaction of the truth sees.

    It was begun in the writer's turn, so nobody else writes to the collection meanwhile, and one that is
    ahead is of a history that was lost when a backup was put back. A successor that a writer left half
    made is finished first, if that is wished.
    """
    for each in (collection.successor(), collection) if finishing else (collection,):
        manifest = each.manifest()
        if manifest is None or not usable(manifest, truth, settings) or is_ahead(manifest, truth):
            continue
        if each is collection and is_at(manifest, truth):
            return manifest
        holes = each.holes(manifest.holes)
        if holes is not None:
            if manifest.gone:
                each.delete(manifest.gone)
                manifest = replace(manifest, gone=())
                each.write(manifest)
            each.delete_beyond(manifest.last)
            return _go_on(each, truth, manifest, holes)
    return make_anew(collection, truth, settings)


def make_anew(collection: Collection, truth: Truth, settings: Settings) -> Manifest:
    """Makes the collection anew from the truth; one that may be searched is searched until that is done."""
    count, _ = count_and_last(truth)
    before = collection.manifest()
    empty = Manifest(
        SCHEMA,
        identity(settings),
        commit=commit_token(truth, 0),
        index=index_for(count, is_lite=collection.is_lite),
        place=secrets.token_hex(4),
    )
    if before is not None and usable(before, truth, settings) and not is_ahead(before, truth):
        collection = collection.successor()
    collection.make(empty)
    return _go_on(collection, truth, empty, [])


def merge_counts(collection: Collection, manifest: Manifest, *, most: int | None = None) -> Manifest:
    """Puts the term counts of many parts together, once they are more than `most`."""
    parts = list(dict.fromkeys(key.split("-")[0] for key in manifest.counts))
    if len(parts) <= (_MERGED if most is None else most):
        return manifest
    counts = collection.counts(manifest.counts)
    if counts is None:
        return manifest
    keys = collection.write_texts(
        counts.packed(), at=f"m{manifest.place}.{manifest.generation}.{manifest.last}"
    )
    merged = replace(manifest, counts=keys)
    collection.write(merged)
    collection.keep_texts([*merged.counts, *merged.holes])
    return merged


def _go_on(collection: Collection, truth: Truth, manifest: Manifest, holes: list[Range]) -> Manifest:
    """Stores what is in the truth beyond the manifest, part by part, and removes what is gone."""
    at = generation(truth)
    gone = _gone(truth, manifest, holes)
    whole, highest = count_and_last(truth)
    is_last = is_at(manifest, truth)
    while not is_last:
        part = list(_passages_after(truth, manifest.last))
        counts = TermCounts()
        for passage in part:
            counts.count(words(passage.analyser, passage.tokens))
        leaving, gone = gone[:_GONE], gone[_GONE:]
        for each in collection.words(leaving.tolist()):
            counts.count(each, -1)
        collection.insert([passage.fields() for passage in part])
        is_last = not len(gone) and (not part or part[-1].row >= highest)
        last = part[-1].row if part else manifest.last
        mark = f"{manifest.place}.{at}.{last}.{len(gone)}"
        holes = _with(holes, leaving, [passage.row for passage in part], manifest.last, last)
        manifest = replace(
            manifest,
            generation=at if is_last else manifest.generation,
            commit=commit_token(truth, at) if is_last else manifest.commit,
            last=last,
            passages=manifest.passages + len(part) - len(leaving),
            counts=(*manifest.counts, *collection.write_texts(counts.packed(), at=mark)),
            holes=collection.write_texts(packed(holes), at=f"h{mark}"),
            gone=tuple(leaving.tolist()),
        )
        collection.settle()
        collection.write(manifest)
        if manifest.gone:
            collection.delete(manifest.gone)
            manifest = replace(manifest, gone=())
            collection.write(manifest)
    wanted = index_for(whole, is_lite=collection.is_lite)
    if wanted != manifest.index:
        collection.remake_index(wanted)
        manifest = replace(manifest, index=wanted)
        collection.write(manifest)
    collection.take_place(manifest)
    manifest = merge_counts(collection, manifest)
    collection.settle()
    return manifest


def _gone(truth: Truth, manifest: Manifest, holes: list[Range]) -> Ids:
    """Rows of the collection that are no longer in the truth."""
    if count_up_to(truth, manifest.last) == manifest.passages:
        return np.empty(0, dtype=np.int64)
    return np.setdiff1d(within(holes_in(rows_held(truth), manifest.last)), within(holes))


def _with(holes: list[Range], leaving: Ids, added: list[int], before: int, last: int) -> list[Range]:
    """The holes up to `last`, where rows leave and others were added beyond `before`."""
    beyond = [
        (first + before, end + before)
        for first, end in holes_in(np.array(added, dtype=np.int64) - before, last - before)
    ]
    if not len(leaving):
        return [*holes, *beyond]
    missing = np.union1d(within(holes), leaving)
    held = np.setdiff1d(np.arange(1, before + 1, dtype=np.int64), missing, assume_unique=True)
    return [*holes_in(held, before), *beyond]


def passages_of(truth: Truth, rows: list[int]) -> Iterator[Passage]:
    """Those of the rows that are passages of the truth, as Milvus should have them."""
    for start in range(0, len(rows), 500):
        some = rows[start : start + 500]
        for found in truth.execute(f"{_PASSAGES} WHERE p.row IN ({', '.join('?' * len(some))})", some):
            yield _passage(*found)


_PASSAGES = (
    'SELECT p.row, p.article, p.start, substr(a.text, p.start + 1, p."end" - p.start), '
    "substr(a.text, 1, 2000), a.title, a.source, a.published, a.language, p.vector "
    "FROM passages p JOIN articles a ON a.row = p.article"
)


def _passages_after(truth: Truth, last: int) -> Iterator[Passage]:
    for found in truth.execute(f"{_PASSAGES} WHERE p.row > ? ORDER BY p.row LIMIT ?", (last, _PART)):
        yield _passage(*found)


def _passage(
    row: int,
    article: int,
    start: int,
    text: str,
    beginning: str,
    title: str | None,
    source: str | None,
    published: str | None,
    language: str | None,
    vector: bytes,
) -> Passage:
    days = days_named(published) if published else None
    name = analyser_name(language, beginning)
    return Passage(
        row=row,
        article=article,
        start=start,
        analyser=name,
        tokens=tokens(name, text, title),
        source=stored_source(source.casefold()) if source else "",
        first_day=days.first.toordinal() if days else 0,
        last_day=days.last.toordinal() if days else 0,
        vector=np.frombuffer(vector, dtype="<f4"),
    )


def stored_source(source: str) -> str:
    """A source, case-folded, as it is stored: of one that is too long its hash."""
    if len(source.encode()) <= LONGEST_FACT:
        return source
    return "sha256:" + hashlib.sha256(source.encode()).hexdigest()
