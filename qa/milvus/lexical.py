"""BM25 with Milvus: it finds the candidates, and each gets the score that the embedded index gives it.

Milvus's own score serves to find candidates only. It takes text and title for one length, on a cluster its
idf is of a shard, in milvus-lite of a file; and it knows nothing of names with several spellings.
"""

import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

from embeddings.nearest import Ids
from qa import rows as stored
from qa.analysis import analyser_name
from qa.connection import Connection as Truth
from qa.filters import Limits
from qa.lexical import LexicalIndex
from qa.milvus.bm25 import Asked, Bm25
from qa.milvus.collection import MOST_HITS, Collection
from qa.milvus.expressions import EVERYTHING, expression, of_rows
from qa.milvus.term_counts import TermCounts
from qa.milvus.tokens import Words, tokens, words
from qa.milvus.vectors import Held
from qa.names.widening import Name

_MORE = 2  # candidates for each that is asked for: Milvus's order is not ours
_LEAST = 200  # candidates
_SCORED = 2_000  # rows whose words are read at once to score them
_REMEMBERED = 2_000  # passages whose words are kept

Reading = Callable[[], AbstractContextManager[Truth]]


class RememberedWords:
    """The words of passages, read from the truth and kept for a while: under a row they never change."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._kept: dict[int, Words] = {}
        self._turn = threading.Lock()

    def of(self, rows: Sequence[int]) -> Mapping[int, Words]:
        """By row, the words of those of the rows that are there, or were when they were read."""
        with self._turn:
            known = {row: self._kept[row] for row in rows if row in self._kept}
        missing = [row for row in rows if row not in known]
        if not missing:
            return known
        with self._reading() as connection:
            read = dict(_words_of(connection, missing))
        with self._turn:
            self._kept.update(read)
            for row in list(self._kept)[: max(0, len(self._kept) - _REMEMBERED)]:
                del self._kept[row]
        return known | read


def _words_of(connection: Truth, wanted: Sequence[int]) -> Iterator[tuple[int, Words]]:
    for row, found in stored.stored_passages(connection, wanted).items():
        article = found.article
        name = analyser_name(article.language, article.text)
        yield row, words(name, tokens(name, found.passage.span.of(article.text), article.title))


class MilvusLexical:
    """See WordSearch. `added` is an index of what Milvus doesn't have yet; `counts` are of all passages."""

    def __init__(
        self,
        collection: Collection,
        held: Held,
        counts: TermCounts,
        added: LexicalIndex,
        remembered: RememberedWords,
    ) -> None:
        self._collection = collection
        self._held = held
        self._counts = counts
        self._bm25 = Bm25(counts)
        self._added = added
        self._words = remembered

    def __len__(self) -> int:
        return len(self._held)

    @property
    def analysers(self) -> list[str]:
        """See TermWeights."""
        return self._counts.analysers

    def idf(self, name: str, term: str) -> float:
        """See TermWeights."""
        return self._bm25.idf(name, term)

    def knows(self, name: str, term: str) -> bool:
        """See TermWeights."""
        return self._bm25.knows(name, term)

    def search(
        self,
        question: str,
        k: int,
        limits: Limits | None = None,
        names: Sequence[Name] = (),
        rows: Ids | None = None,
        *,
        most: float = 1,
    ) -> list[tuple[int, float]]:
        """See WordSearch."""
        asked = self._bm25.asked(question, names)
        looked_for = asked if most >= 1 else self._bm25.asked(question, names, most)
        if not looked_for.tokens or k == 0:
            return []
        if limits is not None and limits.events:
            within = list(of_rows(() if rows is None else sorted(rows.tolist())))
        else:
            within = [expression(limits)]
        found = {row for each in within for row in self._candidates(looked_for, k, each)}
        # Its own scores are by its own counts, and of no use here.
        found.update(row for row, _ in self._added.search(question, _more(k), limits, names, rows, most=most))
        scores = self._scored(asked, sorted(found))
        return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))[:k]

    def scores(self, question: str, rows: Sequence[int], names: Sequence[Name] = ()) -> dict[int, float]:
        """See WordSearch."""
        asked = self._bm25.asked(question, names)
        if not asked.tokens:
            return {}
        parts = (rows[at : at + _SCORED] for at in range(0, len(rows), _SCORED))
        return {row: score for part in parts for row, score in self._scored(asked, part).items()}

    def left_out(self, question: str, names: Sequence[Name] = (), *, most: float) -> float:  # noqa: ARG002
        """See WordSearch; Milvus goes by counts of its own, so what it passes over may score anything."""
        return math.inf

    def _scored(self, asked: Asked, rows: Sequence[int]) -> dict[int, float]:
        found = self._words.of(rows)
        return {row: score for row in rows if row in found and (score := asked.score(found[row])) > 0}

    def _candidates(self, asked: Asked, k: int, within: str = EVERYTHING) -> list[int]:
        """Rows that Milvus finds for the tokens, more than k where there are."""
        text = " ".join(token for token, times in asked.tokens.items() for _ in range(times))
        wanted = asked_for = _more(k)
        while True:
            hits = self._collection.with_words(text, asked_for, within)
            held = self._held.among(hits)
            if len(held) >= wanted or len(hits) < asked_for or asked_for >= MOST_HITS:
                return [row for row, _ in held]
            asked_for = min(2 * asked_for + 100, MOST_HITS)


def _more(k: int) -> int:
    return min(max(_MORE * k, _LEAST), MOST_HITS)
