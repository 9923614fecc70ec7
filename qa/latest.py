"""An archive's newest state, read once and kept until there is a newer one."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache

from embeddings.nearest import Ids
from qa.archive import Archive
from qa.filters import Limits
from qa.index_files import lexical_is_of
from qa.snapshot import Snapshot

_LIMITS = 4  # whose rows are kept
_AGAIN = 2.0  # seconds after which a provisional snapshot may be taken anew


class Latest:
    """The snapshot of an archive's present generation. Threads may share it."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._kept: tuple[Snapshot, Callable[[Limits], Ids]] | None = None  # with the rows that limits allow
        self._taken = 0.0
        self._turn = threading.Lock()

    def __call__(self) -> Snapshot:
        """The snapshot: the same one until the archive changes, or can be read whole where it was not."""
        with self._turn:
            kept = self._kept
            if (
                kept is None
                or kept[0].generation != self._archive.generation
                or (kept[0].is_provisional and self._can_be_whole())
            ):
                found = self._archive.snapshot()
                kept = self._kept = (found, lru_cache(_LIMITS)(found.columns.rows_within))
                self._taken = time.monotonic()
            return kept[0]

    def rows_within(self, snapshot: Snapshot, within: Limits) -> Ids:
        """The rows that limits allow: of the latest snapshot, those of its last few limits are kept."""
        kept = self._kept
        if kept is None or kept[0] is not snapshot:
            return snapshot.columns.rows_within(within)
        return kept[1](within)

    def _can_be_whole(self) -> bool:
        """Whether a writer has finished what a provisional snapshot lacked."""
        if time.monotonic() < self._taken + _AGAIN:
            return False
        return lexical_is_of(self._archive.path, self._archive.generation)
