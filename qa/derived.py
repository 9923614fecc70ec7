"""What is derived from the database and can be made again: a FAISS and a lexical index."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.dates import interval
from embeddings.encoder import Vectors
from embeddings.faiss_index import FaissIndex
from embeddings.nearest import Ids
from qa.analysis import analyser_name
from qa.lexical import Entry, LexicalIndex
from qa.rows import all_passages


@dataclass(frozen=True, slots=True)
class Derived:
    """Both indexes, of one generation."""

    generation: int
    vectors: FaissIndex
    lexical: LexicalIndex


def build_vectors(connection: sqlite3.Connection, *, dimension: int, factory: str) -> FaissIndex:
    """The FAISS index of what the open transaction sees, its rows by article id and start."""
    rows, vectors = [], []
    for row, *_, vector in all_passages(connection):
        rows.append(row)
        vectors.append(vector)
    held: Vectors = np.array(vectors, dtype=np.float32).reshape(len(rows), dimension)
    ids: Ids = np.array(rows, dtype=np.int64)
    return FaissIndex.from_factory(factory, held, ids)


def build_lexical(connection: sqlite3.Connection, folder: Path | None = None) -> LexicalIndex:
    """The lexical index of what the open transaction sees, in `folder` or in memory."""
    facts = {
        id: (source.casefold() if source else None, *_days(published), analyser_name(language, start))
        for id, source, published, language, start in connection.execute(
            "SELECT id, source, published, language, substr(text, 1, 2000) FROM articles"
        )
    }
    entries = (
        Entry(row, facts[id][3], text, title, *facts[id][:3])
        for row, id, _, text, title, _ in all_passages(connection)
    )
    return LexicalIndex.build(entries, sorted({fact[3] for fact in facts.values()}), folder)


def _days(published: str | None) -> tuple[int | None, int | None]:
    if published is None:
        return None, None
    days = interval(published)
    return days.first.toordinal(), days.last.toordinal()
