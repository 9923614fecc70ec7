"""A sealed index, what was added since, and what was removed since, searched as one."""

import numpy as np

from embeddings.encoder import Vectors
from embeddings.faiss_index import FaissIndex
from embeddings.made_of import MadeOf
from embeddings.nearest import Ids


class LayeredIndex:
    """See VectorIndex for `search`.

    `kept` are the ids of `base` that were not removed, all up to `last`; those of `added` are higher.
    """

    def __init__(self, base: FaissIndex, kept: Ids, last: int, added: FaissIndex) -> None:
        self._base = base
        self._kept = kept
        self._added = added
        self._parted = MadeOf(lambda allowed: (allowed[allowed <= last], allowed[allowed > last]))

    def __len__(self) -> int:
        return len(self._kept) + len(self._added)

    def ids(self) -> set[int]:
        """The ids held."""
        return (self._base.ids() & set(self._kept.tolist())) | self._added.ids()

    def search(self, vectors: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """See VectorIndex."""
        if allowed is None:
            in_base = self._kept if len(self._kept) < len(self._base) else None
            in_added = None
        else:
            in_base, in_added = self._parted(allowed)
        parts = [self._base.search(vectors, k, in_base), self._added.search(vectors, k, in_added)]
        scores = np.concatenate([scores for scores, _ in parts], axis=1)
        ids = np.concatenate([ids for _, ids in parts], axis=1)
        order = np.stack([np.lexsort((row, -score)) for row, score in zip(ids, scores, strict=True)])[:, :k]
        return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
