"""The candidates of one search: the best of it, and what scores the same as the last of them."""

from collections.abc import Callable, Sequence

from embeddings.encoder import Vectors
from embeddings.nearest import Ids
from qa.filters import Limits
from qa.fusion import rounded
from qa.meaning import Meaning
from qa.snapshot import Snapshot

_FEW = 2_000  # passages: where a filter allows no more, all of them are candidates


def nearest(
    snapshot: Snapshot, vector: Vectors | None, allowed: Ids | None, within: Limits | None, k: int
) -> Sequence[int]:
    """The rows of the k nearest passages and their ties, or of all where few are allowed."""
    if vector is None:
        return ()
    if allowed is not None and len(allowed) <= _FEW:
        few: list[int] = allowed.tolist()
        return few
    return [row for row, _ in with_ties(by_meaning(snapshot, vector, allowed, within), k)]


def by_meaning(
    snapshot: Snapshot, vector: Vectors, allowed: Ids | None, within: Limits | None = None
) -> Callable[[int], list[tuple[int, float]]]:
    """A search for the k rows nearest to a vector, with their scores; see Snapshot.nearest."""
    return lambda k: snapshot.nearest(vector, k, allowed, within)


def best_of(snapshot: Snapshot, meant: Meaning, vector: Vectors | None, rows: Ids, k: int) -> Sequence[int]:
    """The k best of the rows by their words, and the k nearest of them."""
    words = snapshot.derived.lexical.scores(meant.question, rows.tolist(), meant.names)
    order = dict(zip(words, snapshot.orders(list(words)), strict=True))
    best = sorted(words, key=lambda row: (-rounded(words[row]), order[row]))[:k]
    near = () if vector is None else with_ties(by_meaning(snapshot, vector, rows), k)
    return [*best, *(row for row, _ in near)]


def with_ties(search: Callable[[int], Sequence[tuple[int, float]]], k: int) -> Sequence[tuple[int, float]]:
    """The k best that a search finds, and all that score the same as the last of them."""
    asked = k + 1
    while True:
        found = search(asked)
        if len(found) < asked or rounded(found[-1][1]) < rounded(found[k - 1][1]):
            last = rounded(found[min(k, len(found)) - 1][1]) if found else 0.0
            return [*found[:k], *((row, score) for row, score in found[k:] if rounded(score) >= last)]
        asked *= 2
