"""Articles and passages as rows of the database, and back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.article import Article, Furniture, Origin, Span
from corpus.dates import Interval, interval
from corpus.errors import ArchiveDamaged, InputError
from corpus.passages import Passage
from embeddings.encoder import Vectors
from embeddings.nearest import Ids
from qa.connection import Connection, is_served, streamed

_FACTS = "id, text, title, source, author, published, url, language, sha256, origin, origin_line"
_BATCH = 500  # parameters of one statement
_PART = 4_096  # vectors read at a time


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its row, its article and its vector."""

    row: int
    article: Article
    passage: Passage
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as a list shows it."""

    id: str
    title: str | None
    source: str | None
    published: str | None
    sha256: str


def listed(connection: Connection) -> list[Listed]:
    """Every article, by id."""
    found = connection.execute("SELECT id, title, source, published, sha256 FROM articles ORDER BY id")
    return [Listed(*row) for row in found]


def insert_article(
    connection: Connection,
    article: Article,
    furniture: Sequence[Furniture],
    passages: Sequence[Passage],
    vectors: Vectors,
) -> int:
    """Stores an article with all that belongs to it; `vectors` has one row a passage. Returns its row."""
    values = (
        article.id, article.text, article.title, article.source, article.author,
        article.published, article.url, article.language, article.sha256,
        article.origin.path, article.origin.line,
    )  # fmt: skip
    (row,) = connection.execute(
        f"INSERT INTO articles ({_FACTS}) VALUES ({', '.join('?' * len(values))}) RETURNING row", values
    ).fetchone()
    connection.executemany(
        'INSERT INTO furniture (article, start, "end", kind) VALUES (?, ?, ?, ?)',
        [(row, mark.start, mark.end, mark.kind) for mark in furniture],
    )
    connection.executemany(
        'INSERT INTO passages (article, start, "end", is_note, sentences, vector) VALUES (?, ?, ?, ?, ?, ?)',
        [
            (row, passage.start, passage.end, passage.is_note, _packed(passage.sentences), _bytes(vector))
            for passage, vector in zip(passages, vectors, strict=True)
        ],
    )
    return int(row)


def delete_article(connection: Connection, id: str) -> None:
    """Removes an article with all that belongs to it."""
    connection.execute("DELETE FROM articles WHERE id = ?", (id,))


def find_article(connection: Connection, id: str) -> Article | None:
    """The article under `id`, or None."""
    if "\0" in id:
        return None  # and PostgreSQL no NUL, which no article's id has
    if not id.isprintable() and any("\ud800" <= character <= "\udfff" for character in id):
        return None  # no database takes lone surrogates
    found = connection.execute(f"SELECT {_FACTS} FROM articles WHERE id = ?", (id,)).fetchone()
    return None if found is None else _article(found)


def held(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids under which there is an article."""
    return {
        id
        for part in _batches(ids)
        for (id,) in connection.execute(*_among(connection, "SELECT id FROM articles WHERE id", part))
    }


def articles_by_row(connection: Connection) -> Iterator[tuple[int, Article]]:
    """Every article with its row, in the order of rows."""
    for row, *facts in streamed(connection, f"SELECT row, {_FACTS} FROM articles ORDER BY row"):
        yield row, _article(facts)


def sources(connection: Connection) -> list[str]:
    """The sources that articles name, each once, as written."""
    return [
        source
        for (source,) in connection.execute(
            "SELECT DISTINCT source FROM articles WHERE source IS NOT NULL ORDER BY source"
        )
    ]


def article_origins(connection: Connection) -> list[tuple[str, str]]:
    """Id and origin (a path or URL) of every article, by id."""
    return connection.execute("SELECT id, origin FROM articles ORDER BY id").fetchall()


def counts(connection: Connection) -> dict[str, object]:
    """How many articles and passages there are, of which sources and days."""
    (articles, undated) = connection.execute(
        "SELECT count(*), count(*) - count(published) FROM articles"
    ).fetchone()
    (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    (oldest,) = connection.execute("SELECT min(published) FROM articles").fetchone()
    return {
        "articles": articles,
        "passages": passages,
        "sources": sources(connection),
        "oldest": oldest,
        "newest": newest_date(connection),
        "undated": undated,
    }


def newest_date(connection: Connection) -> str | None:
    """The published date, as written, whose last day is the latest; None where none is known."""
    written = [
        published
        for (published,) in connection.execute(
            "SELECT DISTINCT published FROM articles WHERE published IS NOT NULL"
        )
    ]
    return max(written, key=lambda published: (days_named(published).last, published), default=None)


def days_named(published: str) -> Interval:
    """The days that a stored date names; raises ArchiveDamaged where it is none, as no such is stored."""
    try:
        return interval(published)
    except (InputError, TypeError):
        raise ArchiveDamaged(
            f"an article is dated {published!r}, which is no date and was not stored so; run `doctor`"
        ) from None


def furniture_of(connection: Connection, id: str) -> list[Furniture]:
    """The furniture marked in an article, in order."""
    return [
        Furniture(*found)
        for found in connection.execute(
            'SELECT start, "end", kind FROM furniture '
            "WHERE article = (SELECT row FROM articles WHERE id = ?) ORDER BY start",
            (id,),
        )
    ]


def passages_of(connection: Connection, id: str) -> list[StoredPassage]:
    """An article's passages, in order; none where there is no such article."""
    rows = connection.execute(
        "SELECT row FROM passages WHERE article = (SELECT row FROM articles WHERE id = ?)",
        (id,),
    )
    found = stored_passages(connection, [row for (row,) in rows])
    return sorted(found.values(), key=lambda stored: stored.passage.start)


def stored_passages(connection: Connection, rows: Iterable[int]) -> dict[int, StoredPassage]:
    """The passages under those rows that are still there; each article is read once."""
    columns = 'row, article, start, "end", is_note, sentences, vector'
    found = [
        each
        for part in _batches(list(rows))
        for each in connection.execute(*_among(connection, f"SELECT {columns} FROM passages WHERE row", part))
    ]
    articles = {
        row: _article(facts)
        for part in _batches(sorted({article for _, article, *_ in found}))
        for row, *facts in connection.execute(
            *_among(connection, f"SELECT row, {_FACTS} FROM articles WHERE row", part)
        )
    }
    return {row: _stored(row, articles[article], each) for row, article, *each in sorted(found, key=_first)}


def vectors_of(connection: Connection, rows: Sequence[int], dimension: int) -> tuple[list[int], Vectors]:
    """Those of the rows that are still there, and their vectors, side by side."""
    found: list[tuple[int, bytes]] = sorted(
        each
        for part in _batches(rows)
        for each in connection.execute(
            *_among(connection, "SELECT row, vector FROM passages WHERE row", part)
        )
    )
    joined = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f4")
    return [row for row, _ in found], joined.reshape(len(found), dimension)


def all_passages(connection: Connection) -> Iterator[tuple[int, str, int, str, str | None, Vectors]]:
    """Row, article id, start, words, title and vector of every passage, by article id and start."""
    for article_row, id, text, title in streamed(
        connection, "SELECT row, id, text, title FROM articles ORDER BY id"
    ):
        for row, start, end, vector in connection.execute(
            'SELECT row, start, "end", vector FROM passages WHERE article = ? ORDER BY start', (article_row,)
        ):
            yield row, id, start, text[start:end], title, np.frombuffer(vector, dtype="<f4")


def texts_after(connection: Connection, last: int) -> Iterator[tuple[int, str, str, str | None]]:
    """Row, article id, words and title of the passages whose row is above `last`, by article id and start."""
    whose = "SELECT row, id, text, title FROM articles"
    if last:
        whose += f" WHERE row IN (SELECT DISTINCT article FROM passages WHERE row > {last:d})"
    for article_row, id, text, title in streamed(connection, f"{whose} ORDER BY id"):
        for row, start, end in connection.execute(
            'SELECT row, start, "end" FROM passages WHERE article = ? AND row > ? ORDER BY start',
            (article_row, last),
        ):
            yield row, id, text[start:end], title


def vectors_after(connection: Connection, last: int, dimension: int) -> Iterator[tuple[Ids, Vectors]]:
    """Rows above `last` and their vectors, by article id and start, a few thousand at a time."""
    found = streamed(
        connection,
        "SELECT p.row, p.vector FROM articles a JOIN passages p ON p.article = a.row "
        "WHERE p.row > ? ORDER BY a.id, p.start",
        (last,),
    )
    while part := found.fetchmany(_PART):
        vectors = np.frombuffer(b"".join(vector for _, vector in part), dtype="<f4")
        yield np.array([row for row, _ in part], dtype=np.int64), vectors.reshape(len(part), dimension)


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))


def _among(connection: Connection, query: str, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """The query, whose last column is to be one of the values, and its parameters."""
    if is_served(connection):  # one parameter, so that a statement is prepared once
        return f"{query} = ANY(?)", [list(values)]
    return f"{query} IN ({', '.join('?' * len(values))})", values


def _first(row: Sequence[Any]) -> int:
    return int(row[0])


def _article(row: Sequence[object]) -> Article:
    *facts, path, line = row
    return Article(*facts, Origin(path, line))  # type: ignore[arg-type, call-arg]


def _stored(row: int, article: Article, columns: Sequence[object]) -> StoredPassage:
    start, end, is_note, sentences, vector = columns
    passage = Passage(article.id, start, end, _unpacked(sentences), bool(is_note))  # type: ignore[arg-type]
    return StoredPassage(row, article, passage, np.frombuffer(vector, dtype="<f4"))  # type: ignore[call-overload]


def _packed(sentences: Sequence[Span]) -> bytes:
    return np.array([(span.start, span.end) for span in sentences], dtype="<u4").tobytes()


def _unpacked(sentences: bytes) -> tuple[Span, ...]:
    pairs = np.frombuffer(sentences, dtype="<u4").reshape(-1, 2).tolist()
    return tuple(Span(start, end) for start, end in pairs)


def _bytes(vector: Vectors) -> bytes:
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()
