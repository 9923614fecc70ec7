"""How much the archive holds, counted anew when it has changed."""

from dataclasses import dataclass

from qa.archive import Archive
from qa.row_counts import count_and_last
from qa.settings import generation


@dataclass(frozen=True, slots=True)
class Holding:
    """Articles and passages at a generation."""

    generation: int
    articles: int
    passages: int


class Counted:
    """An archive's holding."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._last: Holding | None = None

    def __call__(self) -> Holding:
        """What it holds now. Raises ArchiveError where it can't be read."""
        with self._archive.reading() as connection:
            at = generation(connection)
            if self._last is None or self._last.generation != at:
                passages, _ = count_and_last(connection)
                self._last = Holding(at, len(self._archive), passages)
            return self._last
