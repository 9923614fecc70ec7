"""The obvious index: every vector compared, in numpy. The oracle that FAISS is tested against."""

import numpy as np

from embeddings.encoder import Vectors
from embeddings.nearest import Ids


class ExactIndex:
    """See VectorIndex; inner products in float64."""

    def __init__(self, dimension: int) -> None:
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._vectors: Vectors = np.empty((0, dimension), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See VectorIndex."""
        self._ids = np.concatenate([self._ids, ids])
        self._vectors = np.concatenate([self._vectors, vectors])

    def remove(self, ids: Ids) -> int:
        """See VectorIndex."""
        kept = ~np.isin(self._ids, ids)
        removed = len(self._ids) - int(kept.sum())
        self._ids, self._vectors = self._ids[kept], self._vectors[kept]
        return removed

    def search(self, vectors: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """See VectorIndex."""
        ids, held = self._ids, self._vectors
        if allowed is not None:
            matching = np.isin(ids, allowed)
            ids, held = ids[matching], held[matching]
        scores = vectors.astype(np.float64) @ held.astype(np.float64).T
        order = np.stack([np.lexsort((ids, -row)) for row in scores])[:, :k]
        found = np.take_along_axis(scores, order, axis=1).astype(np.float32)
        return found, ids[order]
