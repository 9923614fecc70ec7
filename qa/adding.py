"""Adding articles: read, split, encode, store; a batch at a time, each batch one commit.

While a batch is encoded, the one before is stored and the next is read and split.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from corpus.article import Article, Origin
from corpus.facts import check_unicode
from corpus.found import Failure, Found, Skipped
from corpus.furniture import Furniture, find_furniture
from corpus.passages import Passage, context_text, split
from corpus.reading import read_paths
from embeddings.encoder import Encoder, Progress, Vectors
from qa import rows
from qa.database import transaction
from qa.encoding import Encoding
from qa.expected import Expected
from qa.settings import generation, next_generation

_BATCH = 1_000  # passages of one commit, about: half a minute of encoding at most is lost by a stop


@dataclass(frozen=True, slots=True)
class AddReport:
    """What became of each article: ids added, replaced, left as they were; and what failed, and why.

    `skipped` are files of kinds that are not read; `generation` is the archive's afterwards.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """An article to store, with the vectors that can be kept from its earlier state."""

    article: Article
    furniture: Sequence[Furniture]
    passages: Sequence[Passage]
    kept: dict[str, Vectors]
    replaces: bool

    @property
    def texts(self) -> list[str]:
        """What the encoder is given for each passage."""
        return [context_text(self.article.title, each.span.of(self.article.text)) for each in self.passages]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Changes of one commit, with the vectors of their new texts as soon as they are there."""

    changes: Sequence[Change]
    vectors: Future[Vectors]


def add_paths(
    connection: sqlite3.Connection,
    paths: Sequence[str | Path],
    *,
    words: int,
    encoder: Callable[[], Encoder],
    prefix: str | None = None,
    progress: Progress | None = None,
    expecting: Progress | None = None,
) -> AddReport:
    """Stores what the paths hold. The caller holds the write lock; each batch is committed whole.

    `encoder` is called only when there is something to encode; `expecting` is told now and then how
    many passages there will be, about. Raises InputError, storing nothing,
    where a path doesn't exist or the prefix is no text.
    """
    if prefix is not None:
        check_unicode(prefix, "the prefix")
    report = AddReport()
    expected = Expected(paths, told=expecting)
    with Encoding(encoder, progress) as encoding:
        under_way: _Batch | None = None
        for batch in _batches(connection, read_paths(paths, prefix=prefix), report, words=words):
            expected.read(batch)
            begun = _Batch(batch, encoding.begin(_new_texts(batch)))
            if under_way is not None:
                _store(connection, under_way, report)
            under_way = begun
        if under_way is not None:
            _store(connection, under_way, report)
    return replace(report, generation=generation(connection))


def _batches(
    connection: sqlite3.Connection, found: Iterable[Found], report: AddReport, *, words: int
) -> Iterator[list[Change]]:
    """What is to be stored, a commit's worth at a time; the rest goes into the report."""
    seen: dict[str, Origin] = {}
    batch: list[Change] = []
    for item in found:
        if isinstance(item, Failure):
            report.failed.append(item)
        elif isinstance(item, Skipped):
            report.skipped.append(item.path)
        elif item.id in seen:
            report.failed.append(_same_id(item, seen[item.id]))
        else:
            seen[item.id] = item.origin
            change = _change(connection, item, report, words=words)
            if change is not None:
                batch.append(change)
        if sum(len(change.passages) for change in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _change(
    connection: sqlite3.Connection, article: Article, report: AddReport, *, words: int
) -> Change | None:
    """What adding the article would change; None, and the report says why, where nothing would."""
    stored = rows.find_article(connection, article.id)
    if stored is not None and stored.origin.path != article.origin.path:
        report.failed.append(_same_id(article, stored.origin))
        return None
    if stored is not None and replace(stored, origin=article.origin) == article:
        report.unchanged.append(article.id)
        return None
    kept: dict[str, Vectors] = {}
    if stored is not None:
        kept = {
            context_text(stored.title, each.passage.span.of(stored.text)): each.vector
            for each in rows.passages_of(connection, article.id)
        }
    furniture = find_furniture(article)
    passages = split(article, furniture, words=words)
    return Change(article, furniture, passages, kept, replaces=stored is not None)


def _new_texts(batch: Sequence[Change]) -> list[str]:
    return [text for change in batch for text in change.texts if text not in change.kept]


def _store(connection: sqlite3.Connection, begun: _Batch, report: AddReport) -> None:
    batch = begun.changes
    vectors = dict(zip(_new_texts(batch), begun.vectors.result(), strict=True))
    with transaction(connection):
        for change in batch:
            if change.replaces:
                rows.delete_article(connection, change.article.id)
            texts = change.texts
            of_passages = [change.kept[text] if text in change.kept else vectors[text] for text in texts]
            rows.insert_article(
                connection, change.article, change.furniture, change.passages, np.array(of_passages)
            )
        next_generation(connection)
    for change in batch:
        (report.replaced if change.replaces else report.added).append(change.article.id)


def _same_id(article: Article, other: Origin) -> Failure:
    return Failure(
        str(article.origin),
        f"its id {article.id!r} is already that of {other}; "
        "give one of them another id, or add this one with --prefix NAME",
    )
