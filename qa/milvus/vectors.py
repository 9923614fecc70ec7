"""The nearest vectors: those in Milvus, less what is gone, and those added since, as one."""

from collections.abc import Sequence

import numpy as np

from embeddings.encoder import Vectors
from embeddings.faiss_index import FaissIndex
from embeddings.nearest import Ids
from qa.filters import Limits
from qa.milvus.collection import MOST_HITS, Collection
from qa.milvus.expressions import expression, of_rows


class Held:
    """The rows of one state of the truth: what Milvus finds beyond them is dropped."""

    def __init__(self, rows: Ids) -> None:
        self._rows = rows  # in order

    def __len__(self) -> int:
        return len(self._rows)

    def among(self, hits: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
        """The hits that are among the rows."""
        if not hits or not len(self._rows):
            return []
        wanted = np.array([row for row, _ in hits], dtype=np.int64)
        places = np.minimum(np.searchsorted(self._rows, wanted), len(self._rows) - 1)
        is_held = (self._rows[places] == wanted).tolist()
        return [hit for hit, held in zip(hits, is_held, strict=True) if held]


class MilvusVectors:
    """Searches the vectors of one state of the truth. `added` are those that Milvus doesn't have yet."""

    def __init__(self, collection: Collection, held: Held, added: FaissIndex) -> None:
        self._collection = collection
        self._held = held
        self._added = added

    def __len__(self) -> int:
        return len(self._held)

    def search(
        self, vectors: Vectors, k: int, allowed: Ids | None = None, within: Limits | None = None
    ) -> tuple[Vectors, Ids]:
        """See VectorIndex; where the allowed are those `within` limits, the limits are Milvus's filter."""
        found = [self._nearest(vector, k, allowed, within) for vector in vectors]
        shortest = min(map(len, found))
        scores = np.array([[score for _, score in hits[:shortest]] for hits in found], dtype=np.float32)
        ids = np.array([[row for row, _ in hits[:shortest]] for hits in found], dtype=np.int64)
        return scores.reshape(len(found), shortest), ids.reshape(len(found), shortest)

    def _nearest(
        self, vector: Vectors, k: int, allowed: Ids | None, within: Limits | None
    ) -> list[tuple[int, float]]:
        if k == 0 or (allowed is not None and not len(allowed)):
            return []
        found: dict[int, float] = {}
        if allowed is None or (within is not None and not within.events):
            found.update(self._until(vector, k, expression(within)))
        else:
            for some in of_rows(allowed.tolist()):
                found.update(self._until(vector, k, some))
        in_added = None if allowed is None else allowed[np.isin(allowed, sorted(self._added.ids()))]
        scores, ids = self._added.search(vector[None, :], k, in_added)
        found.update(zip(ids[0].tolist(), scores[0].tolist(), strict=True))
        return sorted(found.items(), key=lambda hit: (-hit[1], hit[0]))[:k]

    def _until(self, vector: Vectors, k: int, within: str) -> list[tuple[int, float]]:
        """The k nearest that are held, or all there are: more are asked for until they are found."""
        asked = k
        while True:
            hits = self._collection.nearest(vector, asked, within)
            held = self._held.among(hits)
            if len(held) >= k or len(hits) < asked or asked >= MOST_HITS:
                return held[:k]
            asked = min(2 * asked + 100, MOST_HITS)
