"""The seam between the retriever and what finds the nearest vectors."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

Ids = NDArray[np.int64]


class VectorIndex(Protocol):
    """Vectors under ids, searched by inner product."""

    def __len__(self) -> int:
        """How many vectors are held."""

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds vectors of shape (n, dimension) under n ids that are not held yet."""

    def remove(self, ids: Ids) -> int:
        """Removes those of the ids that are held; returns how many there were."""

    def search(self, vectors: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """Scores and ids of the k nearest of each row, both of shape (rows, min(k, matching)).

        Only ids in `allowed`, each of them held, match where it is given. Best first, ties by id.
        """
