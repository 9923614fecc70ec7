"""What was made of the last arrays of ids: a filter that is used again is not worked out again."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.nearest import Ids

Made = TypeVar("Made")
_KEPT = 4  # arrays


class MadeOf(Generic[Made]):
    """Calls `make` once for each array of ids, as long as it is among the last few. Threads may share it.

    Arrays are told apart by identity: they must not be changed.
    """

    def __init__(self, make: Callable[[Ids], Made]) -> None:
        self._make = make
        self._kept: tuple[tuple[Ids, Made], ...] = ()

    def __call__(self, ids: Ids) -> Made:
        """What `make` makes of the ids."""
        for held, made in self._kept:
            if held is ids:
                return made
        made = self._make(ids)
        self._kept = ((ids, made), *self._kept[: _KEPT - 1])
        return made


def members(ids: Ids) -> NDArray[np.bool_]:
    """Whether each number up to the highest is among the ids."""
    table = np.zeros(int(ids.max(initial=-1)) + 1, dtype=bool)
    table[ids] = True
    return table
