"""From a question to the passages nearest to it: two searches, filtered first, then fused."""

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, get_args

from corpus.errors import InputError
from embeddings.encoder import Encoder, Vectors
from embeddings.nearest import Ids
from embeddings.remembering import MOST, RememberingEncoder
from qa import rows
from qa.archive import Archive
from qa.candidates import Candidate, candidates
from qa.closing import Closing
from qa.filters import Limits, limits
from qa.fusion import rounded
from qa.hit import Hit
from qa.question import checked_question
from qa.reader.calibration import Calibration
from qa.reader.loading import load_reader
from qa.reader.onnx_reader import NAME as READER
from qa.reader.reading import Reader
from qa.scoring import cosines, scored
from qa.settings import generation
from qa.snapshot import Snapshot

Mode = Literal["hybrid", "dense", "bm25"]
MODES: tuple[Mode, ...] = get_args(Mode)
READ = 8  # passages that the reader reads; what other numbers give is in DECISIONS.md
_POOL = 100  # candidates of each search at least


class Retriever(Closing):
    """Searches an archive, as it is at the moment of each question. Threads may share it.

    `reader` is one, or the name or folder of one, loaded at first use; `calibration` a file that
    `python -m qa calibrate` wrote for it, in place of its own. `reads` passages are read a question.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        reader: str | Reader = READER,
        calibration: str | Path | None = None,
        reads: int = READ,
        remembered: int = MOST,
    ) -> None:
        self.archive = archive
        self.reads = reads
        self._named_reader = reader
        self._calibration_file = calibration
        self._remembered = remembered  # texts whose vectors are kept
        self._reader: Reader | None = None
        self._calibration: Calibration | None = None
        self._snapshot: Snapshot | None = None
        self._encoder: Encoder | None = None
        self._turn = threading.Lock()

    @classmethod
    def open(
        cls, path: str | Path, *, reader: str = READER, calibration: str | Path | None = None
    ) -> "Retriever":
        """A retriever on the archive in a folder; see Archive.open for what it raises."""
        return cls(Archive.open(path), reader=reader, calibration=calibration)

    def close(self) -> None:
        """Closes the archive."""
        self.archive.close()

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        source: str | Iterable[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        mode: Mode = "hybrid",
        rerank: bool = False,
    ) -> list[Hit]:
        """The k best passages, best first; k of them whenever so many match the filters.

        `bm25` finds only passages that share a word with the question. Ties are broken by article
        id, then start. `rerank` puts the passages that `ask` would read first, best sentence first.
        Raises InputError for a question without words, an unknown source or mode, or a wrong date.
        """
        question = checked_question(question)
        if k < 1:
            raise InputError(f"k is {k}; ask for at least 1 passage")
        if mode not in MODES:
            raise InputError(f"{mode!r} is not a mode; take one of {', '.join(MODES)}")
        within = self.limits(source, since, until)
        hits, snapshot = self.found(question, max(k, self.reads) if rerank else k, within, mode)
        return self.reranked(question, hits, snapshot)[:k] if rerank else hits

    @property
    def encoder(self) -> Encoder:
        """The archive's encoder, remembering its last texts; loaded at first use."""
        with self._turn:
            if self._encoder is None:
                self._encoder = RememberingEncoder(self.archive.encoder, most=self._remembered)
            return self._encoder

    @property
    def reader(self) -> Reader:
        """The reader; loaded at first use. Raises InputError where there is none of that name."""
        with self._turn:
            if self._reader is None:
                named = self._named_reader
                self._reader = load_reader(named) if isinstance(named, str) else named
            return self._reader

    @property
    def calibration(self) -> Calibration:
        """The reader's calibration, or that of the file given. Raises InputError where it can't be used."""
        if self._calibration is None:
            reader, file = self.reader, self._calibration_file
            self._calibration = (
                reader.calibration
                if file is None
                else Calibration.from_file(Path(file), reader.weights_sha256)
            )
        return self._calibration

    def candidates(self, question: str, hits: Sequence[Hit], snapshot: Snapshot) -> list[Candidate]:
        """Every sentence of the first `reads` passages as the reader sees it, best first."""
        read = hits[: self.reads]
        readings = self.reader.read(question, read)
        return candidates(question, read, readings, self.calibration, snapshot.derived.lexical)

    def reranked(self, question: str, hits: Sequence[Hit], snapshot: Snapshot) -> list[Hit]:
        """The passages that are read, in the order of their best candidates; then the rest."""
        chosen = self.candidates(question, hits, snapshot)
        first = list(dict.fromkeys(candidate.hit for candidate in chosen))
        return first + [hit for hit in hits if hit not in first]

    def limits(
        self, source: str | Iterable[str] | None = None, since: str | None = None, until: str | None = None
    ) -> Limits | None:
        """The user's filters, checked against the archive; None where there are none."""
        with self.archive.reading() as connection:
            known = rows.sources(connection) if source is not None else []
        return limits(source, since, until, known_sources=known)

    def snapshot(self) -> Snapshot:
        """The archive at its present generation, to search in."""
        with self._turn:
            if self._snapshot is None or self._snapshot.generation != self.archive.generation:
                self._snapshot = self.archive.snapshot()
            return self._snapshot

    def found(
        self, question: str, k: int, within: Limits | None, mode: Mode = "hybrid"
    ) -> tuple[list[Hit], Snapshot]:
        """The k best passages of a question that was checked, and the state of the archive they are of."""
        vector = None if mode == "bm25" else self.encoder.encode_question(question)
        snapshot = self.snapshot()
        hits = self._search_in(snapshot, question, vector, k, within, mode)
        # Once more, in a state that is held still: a writer may commit faster than we read.
        while hits is None:
            with self.archive.reading():
                snapshot = self.archive.snapshot(mend=False)
                hits = self._search_in(snapshot, question, vector, k, within, mode)
        return hits, snapshot

    def _search_in(
        self,
        snapshot: Snapshot,
        question: str,
        vector: Vectors | None,
        k: int,
        within: Limits | None,
        mode: Mode,
    ) -> list[Hit] | None:
        """The hits; None where the archive was changed since the snapshot was taken."""
        allowed = None if within is None else snapshot.columns.rows_within(within)
        pool = max(_POOL, 5 * k)
        found: set[int] = set()
        if vector is not None:
            found.update(row for row, _ in _with_ties(_dense(snapshot, vector, allowed), pool))
        lexical = snapshot.derived.lexical
        if mode != "dense":
            found.update(row for row, _ in _with_ties(lambda n: lexical.search(question, n, within), pool))
        # A row that no passage has: the database was put back, its indexes were not.
        candidates = snapshot.holding(found)
        with self.archive.reading() as connection:
            if generation(connection) != snapshot.generation:
                return None
            dense = {}
            if vector is not None:
                held = rows.vectors_of(connection, candidates, self.archive.settings.dimension)
                dense = cosines(vector, held)
            words = {} if mode == "dense" else lexical.scores(question, candidates)
            best = scored(mode, candidates, dense, words, snapshot)[:k]
            stored = rows.stored_passages(connection, [each.row for each in best])
        return [
            Hit(stored[each.row].article, stored[each.row].passage, each.score, each.dense, each.lexical)
            for each in best
        ]


def _dense(
    snapshot: Snapshot, vector: Vectors, allowed: Ids | None
) -> Callable[[int], list[tuple[int, float]]]:
    def search(k: int) -> list[tuple[int, float]]:
        scores, ids = snapshot.derived.vectors.search(vector[None, :], k, allowed)
        return list(zip(ids[0].tolist(), scores[0].tolist(), strict=True))

    return search


def _with_ties(search: Callable[[int], Sequence[tuple[int, float]]], k: int) -> Sequence[tuple[int, float]]:
    """The k best, and all that score the same as the last of them."""
    asked = k + 1
    while True:
        found = search(asked)
        if len(found) < asked or rounded(found[-1][1]) < rounded(found[k - 1][1]):
            last = rounded(found[min(k, len(found)) - 1][1]) if found else 0.0
            return [*found[:k], *((row, score) for row, score in found[k:] if rounded(score) >= last)]
        asked *= 2
