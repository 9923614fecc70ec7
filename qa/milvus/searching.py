"""An archive's search by Milvus: what reads it, and what writes it after each commit."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial

import numpy as np

from corpus.errors import ArchiveError
from embeddings.encoder import Vectors
from embeddings.faiss_index import FLAT, FaissIndex
from embeddings.index_size import EXACT
from qa import database
from qa.connection import Connection as Truth
from qa.derived import Derived, lexical_after
from qa.lexical import LexicalIndex
from qa.milvus.bringing_up import (
    backlog,
    bring_up,
    give_name,
    is_ahead,
    is_at,
    make_anew,
    merge_counts,
    search_name,
    usable,
)
from qa.milvus.collection import Collection
from qa.milvus.connection import Connection
from qa.milvus.lexical import MilvusLexical, Reading, RememberedWords
from qa.milvus.schema import Manifest
from qa.milvus.term_counts import TermCounts
from qa.milvus.tokens import tokens, words
from qa.milvus.turn import writers_turn
from qa.milvus.vectors import Held, MilvusVectors
from qa.row_counts import count_and_last
from qa.rows import vectors_after
from qa.settings import Settings, generation
from qa.snapshot import Snapshot, read_columns

Writing = Callable[[str], AbstractContextManager[Truth]]
Work = Callable[[Collection, Truth, Settings], Manifest]
NAME = "milvus"
_SOON = 1_000  # passages that a question brings there or removes; of a missing collection it is EXACT
_TRIES = 3  # of reading what a writer may be changing


class MilvusSearch:
    """The collection of one archive. It is connected to when it is first needed; threads may share it.

    `location` tells copies of an archive apart, `reading` gives the truth in a read transaction.
    """

    def __init__(self, address: str, location: str, settings: Settings, reading: Reading) -> None:
        self.address = address
        self.trouble: str | None = None  # why the last commit was not brought there
        self._location = location
        self._settings = settings
        self._connection = Connection(address)
        self._reading = reading
        self._words = RememberedWords(reading)
        self._counts: tuple[tuple[str, ...], TermCounts] | None = None  # with their keys
        self._turn = threading.Lock()

    def close(self) -> None:
        """Lets go of the connection."""
        self._connection.close()

    def collection(self, truth: Truth) -> Collection | None:
        """The archive's collection, which may not be there yet; None where it never had one."""
        name = search_name(truth, self._location)
        return None if name is None else Collection(self._connection, name, self._settings.dimension)

    def manifest(self, truth: Truth) -> Manifest | None:
        """What the collection holds; None where it is missing or of no use to this truth."""
        collection = self.collection(truth)
        found = None if collection is None else collection.manifest()
        return found if usable(found, truth, self._settings) else None

    def check_reached(self) -> None:
        """Raises ArchiveError where Milvus can't be asked."""
        with self._reading() as truth:
            name = search_name(truth, self._location)
        Collection(self._connection, name or "none", self._settings.dimension).manifest()

    def described(self, truth: Truth) -> dict[str, object]:
        """What there is to tell of the collection; where it can't be reached, why."""
        facts: dict[str, object] = {"address": self.address, "collection": search_name(truth, self._location)}
        try:
            manifest = self.manifest(truth)
        except ArchiveError as error:
            return facts | {"state": str(error)}
        if manifest is None:
            return facts | {"state": "to be made"}
        state = "up to date" if manifest.generation == generation(truth) else "to be brought up to date"
        return facts | {
            "state": state,
            "generation": manifest.generation,
            "passages": manifest.passages,
            "index": manifest.index,
        }

    def lacking(self, truth: Truth) -> list[str]:
        """Its name, where it is to be brought to what the open transaction sees."""
        found = self.manifest(truth)
        # Ahead it is where a backup was put back, or for a moment: a writer was faster than this transaction.
        return [] if found is not None and is_at(found, truth) else [NAME]

    def refresh(self, truth: Truth) -> None:
        """Brings the collection to what the truth holds; the caller holds the lock of a folder's archive.

        Raises ArchiveError where Milvus can't be reached or refuses.
        """
        self._write(truth, bring_up)

    def remake(self, truth: Truth) -> None:
        """The same, anew from the truth."""
        self._write(truth, make_anew)

    def optimize(self, truth: Truth) -> None:
        """Brings it up, puts counts together, and lets Milvus put its files together."""
        self._write(truth, _put_together)

    def snapshot(self, writing: Writing | None) -> Snapshot:
        """The archive at its present generation; what the collection lacks is searched beside it.

        By `writing` the collection is brought up first where that is soon done and no one else does it;
        None leaves it as it is.
        """
        if writing is None:
            with self._reading() as truth:
                return self._snapshot(truth, None)
        self._mend(writing)
        with self._reading() as truth:
            before = self.manifest(truth)
        with self._reading() as truth:  # begun after the manifest was read
            return self._snapshot(truth, before if before is not None and is_ahead(before, truth) else None)

    def _mend(self, writing: Writing) -> None:
        """Brings up what is soon brought up: whoever asks waits for it, and more is a writer's work."""
        with self._reading() as truth:
            manifest = self.manifest(truth)
            if manifest is None or is_ahead(manifest, truth):
                pays = count_and_last(truth)[0] <= EXACT
            else:
                pays = not is_at(manifest, truth) and backlog(manifest, truth) <= _SOON
        if pays:
            with suppress(ArchiveError, OSError), writing("rebuild") as connection:
                self._write(connection, partial(bring_up, finishing=False), patience=0)

    def _snapshot(self, truth: Truth, lost: Manifest | None) -> Snapshot:
        """The same in the open transaction; `lost` is of a history that is no longer the truth's."""
        columns = read_columns(truth)
        held = Held(columns.ascending)
        at = generation(truth)
        name = search_name(truth, self._location)
        collection = Collection(self._connection, name or "none", self._settings.dimension)
        manifest, counts = self._found(collection, truth, lost) if name else (None, TermCounts())
        last = manifest.last if manifest is not None else 0
        nothing: Vectors = np.empty((0, self._settings.dimension), dtype=np.float32)
        added = FaissIndex.build(
            FLAT,
            self._settings.dimension,
            lambda: nothing,
            vectors_after(truth, last, self._settings.dimension),
        )
        beside, counts = _beside(truth, last, counts)
        if manifest is None:
            collection = _Nothing(self._connection, "none", self._settings.dimension)
        lexical = MilvusLexical(collection, held, counts, beside, self._words)
        return Snapshot(columns, Derived(at, MilvusVectors(collection, held, added), lexical))

    def _found(
        self, collection: Collection, truth: Truth, lost: Manifest | None
    ) -> tuple[Manifest | None, TermCounts]:
        """Manifest and term counts that belong together; a writer may be putting others in their place."""
        for _ in range(_TRIES):
            manifest = collection.manifest()
            if manifest is None or manifest == lost or not usable(manifest, truth, self._settings):
                return None, TermCounts()
            counts = self._read_counts(collection, manifest)
            if counts is not None:
                return manifest, counts
        return None, TermCounts()

    def _read_counts(self, collection: Collection, manifest: Manifest) -> TermCounts | None:
        """The counts of a manifest; of those read before, only what came since is read."""
        with self._turn:
            known = self._counts
        counts, keys = TermCounts(), manifest.counts
        if known is not None and manifest.counts[: len(known[0])] == known[0]:
            counts.add(known[1])
            keys = manifest.counts[len(known[0]) :]
        more = collection.counts(keys) if keys else TermCounts()
        if more is None:
            return None
        counts.add(more)
        with self._turn:
            self._counts = (manifest.counts, counts)
        return counts

    def _write(self, truth: Truth, work: Work, *, patience: float | None = None) -> None:
        try:
            if search_name(truth, self._location) is None:  # else who commits need not be waited for
                with database.transaction(truth):
                    give_name(truth)
            name = str(search_name(truth, self._location))
            with writers_turn(truth, name, patience=patience), database.transaction(truth, "DEFERRED"):
                work(Collection(self._connection, name, self._settings.dimension), truth, self._settings)
        except ArchiveError as error:
            self.trouble = str(error)
            raise
        self.trouble = None


def _put_together(collection: Collection, truth: Truth, settings: Settings) -> Manifest:
    merged = merge_counts(collection, bring_up(collection, truth, settings), most=1)
    collection.compact()
    return merged


class _Nothing(Collection):
    """In the place of a collection that is missing: everything is searched beside it."""

    def nearest(self, *_: object, **__: object) -> list[tuple[int, float]]:
        return []

    def with_words(self, *_: object, **__: object) -> list[tuple[int, float]]:
        return []


def _beside(truth: Truth, last: int, counts: TermCounts) -> tuple[LexicalIndex, TermCounts]:
    """An index of the passages beyond `last`, and the counts with them counted in."""
    entries = list(lexical_after(truth, last))
    if entries:
        more = TermCounts()
        more.add(counts)
        for entry in entries:
            more.count(words(entry.analyser, tokens(entry.analyser, entry.text, entry.title)))
        counts = more
    return LexicalIndex.of(entries), counts
