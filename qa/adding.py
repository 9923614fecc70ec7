"""Adding articles: read, split, encode, store; a batch at a time, each batch one commit.

While a batch is encoded, or several are, the one before is stored and the next is read and split.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from corpus.article import Article, Origin
from corpus.found import Failure, Found, Skipped
from corpus.furniture import Furniture, find_furniture
from corpus.passages import Passage, context_text, split
from embeddings.encoder import Encoder, Progress, Vectors
from qa import repeated, rows
from qa.database import transaction
from qa.encoding import Encoded, Encodes, Encoding, OpensEncoding
from qa.expected import Expected
from qa.relearning import stale_marks
from qa.settings import generation, next_generation

_BATCH = 1_000  # passages of one commit, about: half a minute of encoding at most is lost by a stop


@dataclass(frozen=True, slots=True)
class AddReport:
    """What became of each article: ids added, replaced, left as they were; and what failed, and why.

    `remarked` are articles, of this run or before, whose furniture changed because of what their outlet
    repeats by now.
    `skipped` are files of kinds that are not read; `generation` is the archive's afterwards.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    remarked: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """An article to store, with the vectors that can be kept from its earlier state.

    `forms` are those by which it counts among its outlet's, see `qa.repeated`.
    """

    article: Article
    forms: Collection[str]
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
    encoded: Future[Encoded]


def add_found(
    connection: sqlite3.Connection,
    everything: Iterable[Found],
    *,
    words: int,
    encoder: Callable[[], Encoder],
    progress: Progress | None = None,
    expected: Expected | None = None,
    committed: Callable[[int], None] | None = None,
    encoding: OpensEncoding | None = None,
) -> AddReport:
    """Stores what was found. The caller holds the write lock; each batch is committed whole.

    `encoder` is called only when there is something to encode; `expected` is told of what was read,
    `committed` how many passages each commit brought. `encoding` encodes in place of a thread with
    that encoder.
    """
    report = AddReport()
    opened = encoding or partial(Encoding, encoder, progress)
    repeated.bring_up(connection)
    batches = _batches(_changes(connection, everything, report, words=words))
    for stored in _stored(connection, batches, opened, report.failed, expected):
        for change in stored:
            (report.replaced if change.replaces else report.added).append(change.article.id)
        if committed is not None:
            committed(sum(len(change.passages) for change in stored))
    report.remarked.extend(_mark_anew(connection, opened, report.failed, words=words))
    return replace(report, generation=generation(connection))


def store_changes(
    connection: sqlite3.Connection,
    changes: Iterable[Change],
    *,
    words: int,
    encoder: Callable[[], Encoder],
    progress: Progress | None = None,
) -> None:
    """Stores articles as they come, a batch a commit, and learns what their outlets repeat.

    The caller holds the write lock.
    """
    repeated.bring_up(connection)
    for _ in _stored(connection, _batches(changes), partial(Encoding, encoder, progress), []):
        pass
    mark_anew(connection, words=words, encoder=encoder, progress=progress)


def mark_anew(
    connection: sqlite3.Connection,
    *,
    words: int,
    encoder: Callable[[], Encoder],
    progress: Progress | None = None,
) -> list[str]:
    """Stores the articles whose marks change by what their outlets repeat by now, and tells their ids.

    The caller holds the write lock. What marks are depends on the articles that are there alone, not on
    the order they came in.
    """
    repeated.bring_up(connection)
    return _mark_anew(connection, partial(Encoding, encoder, progress), [], words=words)


def _mark_anew(
    connection: sqlite3.Connection, encoding: OpensEncoding, failed: list[Failure], *, words: int
) -> list[str]:
    """The same where the counts are brought up already."""
    changed = list(stale_marks(connection))
    changes = (
        _marked(connection, article, repeated.forms_of(article), furniture, words=words, stored=article)
        for article, furniture in changed
    )
    for _ in _stored(connection, _batches(changes), encoding, failed):
        pass
    repeated.settle(connection)
    return [article.id for article, _ in changed]


def _stored(
    connection: sqlite3.Connection,
    batches: Iterable[list[Change]],
    encoding: OpensEncoding,
    failed: list[Failure],
    expected: Expected | None = None,
) -> Iterator[Sequence[Change]]:
    """Each batch once it is committed; while one is encoded, the next is made.

    Articles with a text that could not be encoded are left out, and told in `failed`.
    """
    with encoding() as encoder:
        under_way: deque[_Batch] = deque()
        for batch in batches:
            if expected is not None:
                expected.read(batch)
            under_way.append(_Batch(batch, encoder.begin(_new_texts(batch))))
            if len(under_way) > encoder.ahead:
                yield _store(connection, under_way.popleft(), encoder, failed)
        while under_way:
            yield _store(connection, under_way.popleft(), encoder, failed)


def _changes(
    connection: sqlite3.Connection,
    found: Iterable[Found],
    report: AddReport,
    *,
    words: int,
) -> Iterator[Change]:
    """What is to be stored; the rest goes into the report."""
    seen: dict[str, Origin] = {}
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
                yield change


def _batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """A commit's worth of changes at a time."""
    batch: list[Change] = []
    for change in changes:
        batch.append(change)
        if sum(len(each.passages) for each in batch) >= _BATCH:
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
    forms = repeated.forms_of(article)
    furniture = find_furniture(article, repeated.marked(connection, article.source, forms))
    return _marked(connection, article, forms, furniture, words=words, stored=stored)


def _marked(
    connection: sqlite3.Connection,
    article: Article,
    forms: Collection[str],
    furniture: Sequence[Furniture],
    *,
    words: int,
    stored: Article | None,
) -> Change:
    """The article with those marks, to take the place of what is stored of it."""
    kept: dict[str, Vectors] = {}
    if stored is not None:
        kept = {
            context_text(stored.title, each.passage.span.of(stored.text)): each.vector
            for each in rows.passages_of(connection, article.id)
        }
    passages = split(article, list(furniture), words=words)
    return Change(article, forms, furniture, passages, kept, replaces=stored is not None)


def _new_texts(batch: Sequence[Change]) -> list[str]:
    return [text for change in batch for text in change.texts if text not in change.kept]


def _store(
    connection: sqlite3.Connection, begun: _Batch, encoder: Encodes, failed: list[Failure]
) -> Sequence[Change]:
    """Commits what of the batch was encoded, and returns it."""
    encoded = begun.encoded.result()
    batch = _without_refused(begun.changes, encoded, failed)
    if not batch:
        return batch
    with transaction(connection):
        for change in batch:
            if change.replaces:
                repeated.let_go(connection, change.article.id)
                rows.delete_article(connection, change.article.id)
            of_passages = [
                change.kept[text] if text in change.kept else encoded.vectors[text] for text in change.texts
            ]
            row = rows.insert_article(
                connection, change.article, change.furniture, change.passages, np.array(of_passages)
            )
            repeated.take_in(connection, row, change.article.source, change.forms)
        next_generation(connection)
    encoder.stored(encoded.vectors)
    return batch


def _without_refused(batch: Sequence[Change], encoded: Encoded, failed: list[Failure]) -> Sequence[Change]:
    if not encoded.refused:
        return batch
    whole = []
    for change in batch:
        reason = next((encoded.refused[text] for text in change.texts if text in encoded.refused), None)
        if reason is None:
            whole.append(change)
        else:
            failed.append(Failure(str(change.article.origin), f"it can't be encoded: {reason}"))
    return whole


def _same_id(article: Article, other: Origin) -> Failure:
    return Failure(
        str(article.origin),
        f"its id {article.id!r} is already that of {other}; "
        "give one of them another id, or add this one with --prefix NAME",
    )
