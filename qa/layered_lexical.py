"""An index of words of an earlier state and one of what was added since, searched as one."""

from collections.abc import Sequence
from heapq import nlargest

from embeddings.nearest import Ids
from qa.filters import Limits
from qa.lexical import LexicalIndex
from qa.names.widening import Name


class LayeredLexical:
    """See WordSearch: `base` holds rows up to `last`, `added` all rows above it.

    Scores of what was added weigh a term by how many of the added passages hold it: near to what one index
    of all gives, which a writer makes meanwhile.
    """

    def __init__(self, base: LexicalIndex, last: int, added: LexicalIndex) -> None:
        self._base = base
        self._last = last
        self._added = added
        self.analysers = sorted({*base.analysers, *added.analysers})

    def __len__(self) -> int:
        return len(self._base) + len(self._added)

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
        found = self._base.search(question, k, limits, names, rows, most=most)
        found += self._added.search(question, k, limits, names, rows)  # few passages: no word is common
        return nlargest(k, found, key=lambda each: each[1])

    def scores(self, question: str, rows: Sequence[int], names: Sequence[Name] = ()) -> dict[int, float]:
        """See WordSearch."""
        in_base = self._base.scores(question, [row for row in rows if row <= self._last], names)
        return in_base | self._added.scores(question, [row for row in rows if row > self._last], names)

    def left_out(self, question: str, names: Sequence[Name] = (), *, most: float) -> float:
        """See WordSearch."""
        return max(
            self._base.left_out(question, names, most=most), self._added.left_out(question, names, most=1)
        )

    def idf(self, name: str, term: str) -> float:
        """See TermWeights: of the texts of the earlier state, where any of them holds the term."""
        return (self._base if self._base.knows(name, term) else self._added_or_base(name)).idf(name, term)

    def knows(self, name: str, term: str) -> bool:
        """See TermWeights."""
        return self._base.knows(name, term) or self._added.knows(name, term)

    def _added_or_base(self, name: str) -> LexicalIndex:
        return self._added if name in self._added.analysers else self._base
