"""Which rows up to a row are not there, as ranges: rows are given once, so what was removed leaves holes."""

from collections.abc import Iterable, Sequence

import numpy as np

from embeddings.nearest import Ids

Range = tuple[int, int]  # first and last row, both missing
_MOST = 60_000  # characters of one text; Milvus takes 65,535 bytes


def holes_in(rows: Ids, last: int) -> list[Range]:
    """The ranges from 1 to `last` that none of the rows, in order, lies in."""
    edges = np.concatenate([[0], rows[rows <= last], [last + 1]])
    at = np.flatnonzero(np.diff(edges) > 1)
    return list(zip((edges[at] + 1).tolist(), (edges[at + 1] - 1).tolist(), strict=True))


def within(ranges: Sequence[Range]) -> Ids:
    """All rows of the ranges."""
    parts = [np.arange(first, last + 1, dtype=np.int64) for first, last in ranges]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def packed(ranges: Sequence[Range]) -> list[str]:
    """The ranges as texts of limited size."""
    texts: list[str] = []
    line = ""
    for first, last in ranges:
        each = f"{first}-{last}"
        if len(line) + len(each) >= _MOST:
            texts.append(line)
            line = ""
        line = f"{line},{each}" if line else each
    return [*texts, line] if line else texts


def unpacked(texts: Iterable[str]) -> list[Range]:
    """The ranges that were packed, in order. Raises ValueError where a text is damaged."""
    found = []
    for text in texts:
        for each in text.split(","):
            first, last = each.split("-")
            found.append((int(first), int(last)))
    return sorted(found)
