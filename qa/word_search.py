"""The seam between the retriever and what finds passages by their words."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from embeddings.nearest import Ids
from qa.filters import Limits
from qa.names.widening import Name


class TermWeights(Protocol):
    """What is known of the terms of all passages."""

    @property
    def analysers(self) -> Sequence[str]:
        """The analysers of the passages there are."""

    def idf(self, name: str, term: str) -> float:
        """Inverse document frequency of a term in the texts of one analyser."""

    def knows(self, name: str, term: str) -> bool:
        """Whether any text or title holds the term."""


class WordSearch(TermWeights, Protocol):
    """Passages by their words; scores are BM25 over the most that the question's terms could give."""

    def __len__(self) -> int:
        """How many passages are held."""

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
        """The k rows that score highest, with their scores; see LexicalIndex.search."""

    def scores(self, question: str, rows: Sequence[int], names: Sequence[Name] = ()) -> Mapping[int, float]:
        """The score of each of the rows that shares a term with the question."""

    def left_out(self, question: str, names: Sequence[Name] = (), *, most: float) -> float:
        """More than a score can be above what `search` gives, found or not; 0 where that is it."""
