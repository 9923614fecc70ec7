"""How many passages there will be: from those so far, and how much of the files they took."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from corpus.article import Article
from corpus.passages import Passage
from embeddings.encoder import Progress


class Split(Protocol):
    """An article and its passages."""

    @property
    def article(self) -> Article:
        """The article."""

    @property
    def passages(self) -> Sequence[Passage]:
        """Its passages."""


class Expected:
    """Tells, after each part that was read, how many passages the whole will have, about."""

    def __init__(self, paths: Iterable[str | Path], *, told: Progress | None) -> None:
        self._told = told
        self._bytes = sum(map(_size, map(Path, paths))) if told is not None else 0
        self._read = 0
        self._passages = 0

    def read(self, articles: Iterable[Split]) -> None:
        """Counts what was read."""
        if self._told is None:
            return
        for each in articles:
            self._read += len(each.article.text.encode())
            self._passages += len(each.passages)
        self._told(max(self._passages, self._passages * self._bytes // max(1, self._read)))


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 where they can't be seen."""
    try:
        files = path.rglob("*") if path.is_dir() else [path]
        return sum(file.stat().st_size for file in files if file.is_file())
    except OSError:
        return 0
