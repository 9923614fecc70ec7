"""Adding articles: read, split, encode, store; a batch at a time, each batch one commit.

While a batch is encoded, or several are, the one before is stored and the next is read and split.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from corpus.article import Article, Furniture, Origin
from corpus.found import Failure, Found, Skipped
from corpus.furniture import find_furniture
from corpus.passages import context_text, split
from embeddings.encoder import Encoder, Progress, Vectors
from qa import repeated, rows
from qa.connection import Connection, is_served
from qa.encoding import Encoding, OpensEncoding
from qa.expected import Expected
from qa.relearning import stale_marks
from qa.settings import generation
from qa.storing import Change, never, stored_batches

_BATCH = 1_000  # passages of one commit, about: half a minute of encoding at most is lost by a stop
_INDEXED = 2_600  # bytes that an entry of PostgreSQL's indexes holds, less what goes along


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


def add_found(
    connection: Connection,
    everything: Iterable[Found],
    *,
    words: int,
    encoder: Callable[[], Encoder],
    progress: Progress | None = None,
    expected: Expected | None = None,
    committed: Callable[[int], None] | None = None,
    encoding: OpensEncoding | None = None,
) -> AddReport:
    """Stores what was found; each batch is committed whole.

    `encoder` is called only when there is something to encode; `expected` is told of what was read,
    `committed` how many passages each commit brought. `encoding` encodes in place of a thread with
    that encoder.
    """
    report = AddReport()
    opened = encoding or partial(Encoding, encoder, progress)
    repeated.bring_up(connection)
    batches = _batches(_changes(connection, everything, report, words=words))

    def again(change: Change) -> Change | None:
        return _change(connection, change.article, report, words=words)

    for stored in stored_batches(connection, batches, again, opened, report.failed, expected):
        for change in stored:
            (report.replaced if change.replaces else report.added).append(change.article.id)
        if committed is not None:
            committed(sum(len(change.passages) for change in stored))
    report.remarked.extend(_mark_anew(connection, opened, report.failed, words=words))
    return replace(report, generation=generation(connection))


def store_changes(
    connection: Connection,
    changes: Iterable[Change],
    *,
    words: int,
    encoder: Callable[[], Encoder],
    progress: Progress | None = None,
) -> None:
    """Stores articles as they come, a batch a commit, and learns what their outlets repeat.

    No other writes there.
    """
    repeated.bring_up(connection)
    for _ in stored_batches(connection, _batches(changes), never, partial(Encoding, encoder, progress), []):
        pass
    mark_anew(connection, words=words, encoder=encoder, progress=progress)


def mark_anew(
    connection: Connection,
    *,
    words: int,
    encoder: Callable[[], Encoder],
    progress: Progress | None = None,
) -> list[str]:
    """Stores the articles whose marks change by what their outlets repeat by now, and tells their ids.

    What marks are depends on the articles that are there alone, not on the order they came in.
    """
    repeated.bring_up(connection)
    return _mark_anew(connection, partial(Encoding, encoder, progress), [], words=words)


def _mark_anew(
    connection: Connection, encoding: OpensEncoding, failed: list[Failure], *, words: int
) -> list[str]:
    """The same where the counts are brought up already; those that can't be encoded stay as they are."""
    told: dict[str, None] = {}
    refused: list[Failure] = []

    def stale() -> Iterator[tuple[Article, list[Furniture]]]:
        left = {failure.path for failure in refused}
        return (each for each in stale_marks(connection) if str(each[0].origin) not in left)

    def agree() -> bool:
        return next(stale(), None) is None

    while True:
        at = generation(connection)
        changed = list(stale())
        changes = (
            _marked(connection, article, repeated.forms_of(article), furniture, words=words, stored=article)
            for article, furniture in changed
        )
        for stored in stored_batches(connection, _batches(changes), never, encoding, refused):
            told.update((change.article.id, None) for change in stored)
            at += 1
        if repeated.settle(connection, at, agree):
            failed.extend(refused)
            return list(told)


def _changes(
    connection: Connection,
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


def _change(connection: Connection, article: Article, report: AddReport, *, words: int) -> Change | None:
    """What adding the article would change; None, and the report says why, where nothing would."""
    stored = rows.find_article(connection, article.id)
    if stored is not None and stored.origin.path != article.origin.path:
        report.failed.append(_same_id(article, stored.origin))
        return None
    if stored is not None and replace(stored, origin=article.origin) == article:
        report.unchanged.append(article.id)
        return None
    forms = repeated.forms_of(article)
    if is_served(connection) and (why := _too_long(article, forms)) is not None:
        report.failed.append(Failure(str(article.origin), why))
        return None
    marked = repeated.marked(connection, article.source, forms)
    furniture = find_furniture(article, marked)
    change = _marked(connection, article, forms, furniture, words=words, stored=stored)
    return replace(change, marked=marked)


def _marked(
    connection: Connection,
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
    return Change(article, forms, furniture, passages, kept, stored)


def _too_long(article: Article, forms: Collection[str]) -> str | None:
    """Why a server's index does not hold an article; None where it does."""
    source = len((article.source or "").encode())
    longest = max((len(form.encode()) for form in forms), default=0)
    for what, length in (("id", len(article.id.encode())), ("source, with a line of it,", source + longest)):
        if length > _INDEXED:
            return (
                f"its {what} has {length:,} bytes; PostgreSQL's index holds {_INDEXED:,} at most: shorten it"
            )
    return None


def _same_id(article: Article, other: Origin) -> Failure:
    return Failure(
        str(article.origin),
        f"its id {article.id!r} is already that of {other}; "
        "give one of them another id, or add this one with --prefix NAME",
    )
