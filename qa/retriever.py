"""From a question to the passages nearest to it: two searches of what filters allow, then fused."""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from corpus.dates import interval
from corpus.errors import InputError
from embeddings.cores import usable_cores
from embeddings.encoder import Encoder, Vectors
from embeddings.index_size import EXACT
from embeddings.nearest import Ids
from embeddings.remembering import MOST, RememberingEncoder
from qa import rows
from qa.archive import Archive
from qa.beside import beside
from qa.candidates import Candidate, candidates
from qa.closing import Closing
from qa.dates.nearness import gains
from qa.dates.passages import rows_of_days, rows_that_mention
from qa.filters import DatesOf, Limits, limits
from qa.found import Found
from qa.hit import Hit
from qa.latest import Latest
from qa.meaning import Meaning, meaning
from qa.mentions.lookup import Mentions
from qa.parts import ALL, Parts
from qa.pool import best_of, nearest, with_ties
from qa.question import checked_question
from qa.reader.calibration import Calibration
from qa.reader.loading import load_reader
from qa.reader.onnx_reader import NAME as READER
from qa.reader.reading import PassageReading, Reader
from qa.scoring import Near, Said, scored, vectors_under
from qa.settings import generation
from qa.snapshot import Snapshot
from qa.stages import Watch, unwatched
from qa.truth import whole_passages

Mode = Literal["hybrid", "dense", "bm25"]
MODES: tuple[Mode, ...] = get_args(Mode)
READ = 8  # passages that the reader reads; what other numbers give is in DECISIONS.md
_POOL = 100  # candidates of each search at least
_COMMON = 0.25  # of a large archive's passages: words that more of them hold find no candidates


class Retriever(Closing):
    """Searches an archive, as it is at the moment of each question. Threads may share it.

    `reader` is one, or the name or folder of one, loaded at first use; `calibration` a file that
    `python -m qa calibrate` wrote for it, in place of its own. `reads` passages are read a question;
    `watch` is told of its stages.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        reader: str | Reader = READER,
        calibration: str | Path | None = None,
        reads: int = READ,
        remembered: int = MOST,
        watch: Watch = unwatched,
    ) -> None:
        self.archive = archive
        self.reads = reads
        self.watch = watch
        self._named_reader = reader
        self._calibration_file = calibration
        self._remembered = remembered  # texts whose vectors are kept
        self._reader: Reader | None = None
        self._calibration: Calibration | None = None
        self._mentions: tuple[int, Mentions] | None = None  # with the generation they are of
        self._sources: tuple[int, Sequence[str]] | None = None  # likewise
        self._latest = Latest(archive)
        self._encoder: Encoder | None = None
        self._turn = threading.Lock()

    @classmethod
    def open(
        cls, path: str | Path, *, reader: str = READER, calibration: str | Path | None = None
    ) -> "Retriever":
        """A retriever on the archive in a folder or at an address; see Archive.open for what it raises."""
        return cls(Archive.open(path), reader=reader, calibration=calibration)

    def close(self) -> None:
        """Closes the archive."""
        self.archive.close()
        if self._mentions is not None:
            self._mentions[1].close()

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        source: str | Iterable[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        by: DatesOf = "published",
        mode: Mode = "hybrid",
        rerank: bool = False,
        parts: Parts = ALL,
        today: str | None = None,
    ) -> list[Hit]:
        """The k best passages, best first; k of them whenever so many match the filters.

        `bm25` finds only passages that share a word with the question. Ties are broken by article
        id, then start. `rerank` puts the passages that `ask` would read first, best sentence first.
        `by` event limits the days that passages mention, in place of those on which their articles
        appeared. `parts` and `today` are as Answerer.ask has them.
        Raises InputError for a question without words, an unknown source or mode, or a wrong date.
        """
        question = checked_question(question)
        if k < 1:
            raise InputError(f"k is {k}; ask for at least 1 passage")
        if mode not in MODES:
            raise InputError(f"{mode!r} is not a mode; take one of {', '.join(MODES)}")
        if today is not None:
            interval(today)
        within = self.limits(source, since, until, by)
        found = self.found(question, max(k, self.reads) if rerank else k, within, mode, parts, today)
        return self.reranked(found)[:k] if rerank else list(found.hits)

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

    def candidates(self, found: Found) -> list[Candidate]:
        """Every sentence of the first `reads` passages as the reader sees it, best first.

        Each passage is read with the question's names as that passage has them.
        """
        hits = found.hits[: self.reads]
        asked = [found.meaning.as_in(hit.article, hit.text) for hit in hits]
        read: dict[Hit, PassageReading | None] = {}
        with self.watch("read"):
            for question in dict.fromkeys(asked):
                of_it = [hit for hit, put in zip(hits, asked, strict=True) if put == question]
                read.update(zip(of_it, self.reader.read(question, of_it), strict=True))
        readings = [read[hit] for hit in hits]
        return candidates(asked, hits, readings, self.calibration, found.snapshot.derived.lexical)

    def reranked(self, found: Found) -> list[Hit]:
        """The passages that are read, in the order of their best candidates; then the rest."""
        first = list(dict.fromkeys(candidate.hit for candidate in self.candidates(found)))
        return first + [hit for hit in found.hits if hit not in first]

    def limits(
        self,
        source: str | Iterable[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        by: DatesOf = "published",
    ) -> Limits | None:
        """The user's filters, checked against the archive; None where there are none."""
        known = self._known_sources() if source is not None else ()
        return limits(source, since, until, known_sources=known, by=by)

    def _known_sources(self) -> Sequence[str]:
        """The sources that articles name, kept until the archive's next generation."""
        with self.archive.reading() as connection:
            at = generation(connection)
            if self._sources is None or self._sources[0] != at:
                self._sources = (at, rows.sources(connection))
            return self._sources[1]

    def snapshot(self) -> Snapshot:
        """The archive at its present generation, to search in."""
        return self._latest()

    def meaning(self, question: str, parts: Parts = ALL, today: str | None = None) -> Meaning:
        """What a question that was checked means to the archive at its present generation."""
        return self._meaning(question, self.snapshot(), parts, today)

    def found(
        self,
        question: str,
        k: int,
        within: Limits | None,
        mode: Mode = "hybrid",
        parts: Parts = ALL,
        today: str | None = None,
    ) -> Found:
        """The k best passages of a question that was checked."""
        encoder = None if mode == "bm25" else self.encoder
        snapshot = self.snapshot()
        # From here on no thread takes its turn at the retriever: it may have its turn at the archive.
        meant = self._meaning(question, snapshot, parts, today)
        hits = self._search_in(snapshot, meant, encoder, k, within, mode)
        # Once more, in a state that is held still: a writer may commit faster than we read.
        while hits is None:
            with self.archive.reading():
                snapshot = self.archive.snapshot(mend=False)
                meant = self._meaning(question, snapshot, parts, today)
                hits = self._search_in(snapshot, meant, encoder, k, within, mode)
        return Found(hits, meant, snapshot)

    def _meaning(self, question: str, snapshot: Snapshot, parts: Parts, today: str | None) -> Meaning:
        if not parts.variants and not parts.dates:
            return Meaning(question)
        return meaning(question, self._mentioned(snapshot), parts, today or snapshot.columns.newest)

    def _mentioned(self, snapshot: Snapshot) -> Mentions:
        """What the archive mentions, kept until its next generation; without a lock (see `found`)."""
        kept = self._mentions
        if kept is None or kept[0] != snapshot.generation:
            kept = self._mentions = (snapshot.generation, self.archive.mentions())
        return kept[1]

    def _search_in(
        self,
        snapshot: Snapshot,
        meant: Meaning,
        encoder: Encoder | None,
        k: int,
        within: Limits | None,
        mode: Mode,
    ) -> list[Hit] | None:
        """The hits; None where the archive was changed since the snapshot was taken."""

        @cache
        def encoded() -> Vectors | None:
            if encoder is None:
                return None
            with self.watch("encode"):
                return encoder.encode_question(meant.encoded)

        pays = mode == "hybrid" and len(snapshot.derived.lexical) > EXACT and usable_cores() > 1
        if not pays:
            encoded()
        with self.watch("search"):
            return self._found_by(snapshot, meant, encoded, pays, k, within, mode)

    def _found_by(
        self,
        snapshot: Snapshot,
        meant: Meaning,
        encoded: Callable[[], Vectors | None],
        pays: bool,
        k: int,
        within: Limits | None,
        mode: Mode,
    ) -> list[Hit] | None:
        allowed = None if within is None else self._latest.rows_within(snapshot, within)
        if within is not None and within.events:
            with self.archive.reading() as connection:
                mentioned = self._mentioned(snapshot)
                allowed = rows_that_mention(connection, snapshot.columns, mentioned, within)
        pool = max(_POOL, 5 * k)
        lexical, question, names = snapshot.derived.lexical, meant.question, meant.names
        most = _COMMON if len(lexical) > EXACT else 1
        close = beside(lambda: nearest(snapshot, encoded(), allowed, within, pool), pays=pays)
        by_words = partial(lexical.search, question, limits=within, names=names, rows=allowed, most=most)
        hits = dict(with_ties(by_words, pool)) if mode != "dense" else {}
        found, vector = {*hits, *close()}, encoded()
        if meant.days and mode == "hybrid":
            found.update(self._dated(snapshot, meant, vector, allowed))
        # A row that no passage has: the database was put back, its indexes were not.
        candidates = snapshot.holding(found)
        said = None if mode == "dense" else Said.after(lexical, question, names, candidates, hits, most=most)
        with self.archive.reading() as connection:
            if generation(connection) != snapshot.generation:
                return None
            near, gained = None, {}
            if vector is not None:
                near = Near(vector, vectors_under(connection, candidates, snapshot, len(vector)))
            if meant.days and mode == "hybrid":
                appeared = snapshot.appearances(candidates)
                gained = gains(connection, self._mentioned(snapshot), appeared, meant.days)
            best = scored(mode, k, candidates, near, said, snapshot, gained)
            stored = whole_passages(connection, [each.row for each in best])
        return [
            Hit(of.article, of.passage, each.score, each.dense, each.lexical, each.gained)
            for each in best
            for of in (stored[each.row],)
        ]

    def _dated(
        self, snapshot: Snapshot, meant: Meaning, vector: Vectors | None, allowed: Ids | None
    ) -> Iterable[int]:
        """The best passages of the days asked about, where these are few: others stand in the pool anyway."""
        with self.archive.reading() as connection:
            dated = rows_of_days(connection, snapshot.columns, self._mentioned(snapshot), meant.days)
        held = snapshot.columns.row if allowed is None else allowed
        dated = dated[np.isin(dated, held, kind="table")]
        if not len(dated):
            return ()
        return best_of(snapshot, meant, vector, dated, _POOL)
