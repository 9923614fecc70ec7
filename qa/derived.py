"""What is derived from the database and can be made again: a FAISS and a lexical index."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.encoder import Vectors
from embeddings.faiss_index import FLAT, FaissIndex
from embeddings.index_size import AUTO, PER_LIST, factory_for, lists_for
from embeddings.layered_index import LayeredIndex
from embeddings.nearest import Ids
from qa.analysis import analyser_name
from qa.connection import Connection
from qa.lexical import Entry, LexicalIndex
from qa.row_counts import count_and_last, count_up_to, rows_held
from qa.rows import days_named, texts_after, vectors_after, vectors_of
from qa.word_search import WordSearch

if TYPE_CHECKING:
    from qa.milvus.vectors import MilvusVectors


@dataclass(frozen=True, slots=True)
class Derived:
    """Both indexes, of one generation: embedded ones, or what searches in Milvus."""

    generation: int
    vectors: "FaissIndex | LayeredIndex | MilvusVectors"
    lexical: WordSearch


def build_vectors(connection: Connection, *, dimension: int, factory: str) -> FaissIndex:
    """The FAISS index of what the open transaction sees, its rows by article id and start.

    `factory` is `auto` or an index-factory string. Vectors are read a part at a time.
    """
    count, _ = count_and_last(connection)
    chosen = factory_for(count) if factory == AUTO else factory
    parts = vectors_after(connection, 0, dimension)
    return FaissIndex.build(chosen, dimension, lambda: _sample(connection, dimension, count), parts)


def overlay(connection: Connection, base: FaissIndex, kept: Ids, last: int, dimension: int) -> LayeredIndex:
    """A sealed index of rows up to `last`, of which `kept` are still there, with all rows added since."""
    nothing: Vectors = np.empty((0, dimension), dtype=np.float32)
    added = FaissIndex.build(FLAT, dimension, lambda: nothing, vectors_after(connection, last, dimension))
    return LayeredIndex(base, kept, last, added)


def build_lexical(connection: Connection, folder: Path | None = None) -> LexicalIndex:
    """The lexical index of what the open transaction sees, in `folder` or in memory."""
    facts = _facts(connection, 0)
    names = sorted({fact[3] for fact in facts.values()})
    return LexicalIndex.build(_entries(connection, facts, 0), names, folder)


def extend_lexical(connection: Connection, folder: Path, last: int) -> LexicalIndex | None:
    """The index in `folder`, of rows up to `last`, brought to what the open transaction sees.

    None, and the folder is as it was, where a text needs an analyser that the index doesn't have.
    """
    index = LexicalIndex.open(folder)
    facts = _facts(connection, last)
    if not {fact[3] for fact in facts.values()} <= set(index.analysers):
        return None
    gone: set[int] = set()
    if count_up_to(connection, last) < len(index):
        gone = index.rows() - set(rows_held(connection).tolist())
    return LexicalIndex.extend(folder, _entries(connection, facts, last), gone)


def lexical_after(connection: Connection, last: int) -> Iterator[Entry]:
    """What a lexical index takes of the passages above that row."""
    yield from _entries(connection, _facts(connection, last), last)


_Facts = dict[str, tuple[str | None, int | None, int | None, str]]


def _facts(connection: Connection, last: int) -> _Facts:
    """Source, first and last day, and analyser of the articles with passages above that row, by id."""
    return {
        id: (source.casefold() if source else None, *_days(published), analyser_name(language, start))
        for id, source, published, language, start in connection.execute(
            "SELECT id, source, published, language, substr(text, 1, 2000) FROM articles "
            "WHERE row IN (SELECT DISTINCT article FROM passages WHERE row > ?)",
            (last,),
        )
    }


def _entries(connection: Connection, facts: _Facts, last: int) -> Iterator[Entry]:
    for row, id, text, title in texts_after(connection, last):
        yield Entry(row, facts[id][3], text, title, *facts[id][:3])


def _sample(connection: Connection, dimension: int, count: int) -> Vectors:
    """Vectors to train on, evenly spread over the rows."""
    rows = [row for (row,) in connection.execute("SELECT row FROM passages ORDER BY article, start")]
    chosen = rows[:: max(1, count // (PER_LIST * lists_for(max(1, count))))]
    held, vectors = vectors_of(connection, chosen, dimension)
    place = {row: at for at, row in enumerate(held)}
    return vectors[[place[row] for row in chosen]]


def _days(published: str | None) -> tuple[int | None, int | None]:
    if published is None:
        return None, None
    days = days_named(published)
    return days.first.toordinal(), days.last.toordinal()
