"""Whether two archives hold the same: every row, and what searches find."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import product

from corpus.article import sha256_of
from qa.archive import Archive
from qa.as_json import as_json
from qa.connection import Connection, streamed
from qa.retriever import MODES, Retriever

_TABLES = {
    "articles": "row, id, text, title, source, author, published, url, language, sha256, origin, origin_line",
    "passages": 'row, article, start, "end", is_note, sentences, vector',
    "furniture": 'article, start, "end", kind',
    "forms": "source, form, articles, marked, unsettled",
    "form_articles": "article, form",
}
_ORDERED = {"furniture": "article, start", "forms": "source, form", "form_articles": "article, form"}
_QUESTIONS = 10
_WORDS = 12  # of an article, in a question
_FOUND = 10  # passages that are compared


def differing(one: Connection, other: Connection) -> list[str]:
    """Which tables differ, by the number of their rows and the hash of all that is in them."""
    faults = []
    for table in _TABLES:
        (rows, hashed), (others, other_hash) = digest(one, table), digest(other, table)
        if (rows, hashed) != (others, other_hash):
            faults.append(
                f"{table}: {rows} rows of hash {hashed[:12]} there, {others} of {other_hash[:12]} here"
            )
    wrong = next(_of_another_hash(other), None)
    return faults if wrong is None else [*faults, f"the text of {wrong!r} has another hash than was stored"]


def digest(connection: Connection, table: str) -> tuple[int, str]:
    """How many rows a table has, and a hash of them: vectors by their bytes, whatever database holds them."""
    hashed, count = hashlib.sha256(), 0
    order = _ORDERED.get(table, "row")
    for row in streamed(connection, f"SELECT {_TABLES[table]} FROM {table} ORDER BY {order}"):
        count += 1
        for value in row:
            hashed.update(_told(value) + b"\0")
    return count, hashed.hexdigest()


def _told(value: object) -> bytes:
    """A value's bytes, the same of both engines."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool):  # a number in SQLite
        value = int(value)
    return repr(value).encode("utf-8", "surrogatepass")


def searched_differently(one: Archive, other: Archive) -> tuple[int, list[str]]:
    """How many searches were made in both, and those that did not find the same with the same scores."""
    with one.reading() as connection:
        questions = _questions(connection)
    faults, count = [], 0
    both = Retriever(one), Retriever(other)
    for question, mode in product(questions, MODES):
        count += 1
        found, also = (
            as_json([hit.to_dict() for hit in retriever.search(question, _FOUND, mode=mode)])
            for retriever in both
        )
        if found != also:
            faults.append(f"a {mode} search for {question!r} finds other passages or scores")
    return count, faults


def _questions(connection: Connection) -> Sequence[str]:
    """The first words of articles, evenly spread."""
    ids = [id for (id,) in connection.execute("SELECT id FROM articles ORDER BY id")]
    asked = []
    words = "SELECT substr(text, 1, 400) FROM articles WHERE id = ?"
    for id in ids[:: max(1, len(ids) // _QUESTIONS)][:_QUESTIONS]:
        (text,) = connection.execute(words, (id,)).fetchone()
        asked.append(" ".join(text.split()[:_WORDS]))
    return [question for question in asked if any(map(str.isalnum, question))]


def _of_another_hash(connection: Connection) -> Iterator[str]:
    for id, text, sha256 in streamed(connection, "SELECT id, text, sha256 FROM articles"):
        if sha256_of(text) != sha256:
            yield id
