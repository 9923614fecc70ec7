"""Changes to an archive, stored a batch a commit.

On a server others may commit meanwhile: what a change was made from is looked at again in the commit's own
turn, when no other can commit, and the change is made anew where it is no longer so.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np

from corpus.article import Article, Furniture
from corpus.found import Failure
from corpus.passages import Passage, context_text
from embeddings.encoder import Vectors
from qa import repeated, rows
from qa.connection import Connection, is_served
from qa.database import transaction
from qa.encoding import Encoded, Encodes, OpensEncoding
from qa.expected import Expected
from qa.settings import next_generation


@dataclass(frozen=True, slots=True)
class Change:
    """An article to store, with the vectors that can be kept from its earlier state.

    `forms` are those by which it counts among its outlet's, see `qa.repeated`; `marked` those of them by
    which it was marked, None where its marks were told. `stored` is the article whose place it takes.
    """

    article: Article
    forms: Collection[str]
    furniture: Sequence[Furniture]
    passages: Sequence[Passage]
    kept: dict[str, Vectors]
    stored: Article | None
    marked: Collection[str] | None = None

    @property
    def replaces(self) -> bool:
        """Whether an article is there already."""
        return self.stored is not None

    @property
    def texts(self) -> list[str]:
        """What the encoder is given for each passage."""
        return [context_text(self.article.title, each.span.of(self.article.text)) for each in self.passages]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Changes of one commit, with the vectors of their new texts as soon as they are there."""

    changes: Sequence[Change]
    encoded: Future[Encoded]


def stored_batches(
    connection: Connection,
    batches: Iterable[list[Change]],
    again: Callable[[Change], Change | None],
    encoding: OpensEncoding,
    failed: list[Failure],
    expected: Expected | None = None,
) -> Iterator[Sequence[Change]]:
    """What each commit stored; while a batch is encoded, or several are, the next is made.

    `again` makes a change anew where others stored something meanwhile. Articles with a text that could
    not be encoded are left out, and told in `failed`.
    """
    with encoding() as encoder:
        under_way: deque[_Batch] = deque()
        for batch in batches:
            if expected is not None:
                expected.read(batch)
            under_way.append(_Batch(batch, encoder.begin(_new_texts(batch))))
            if len(under_way) > encoder.ahead:
                yield from _committed(connection, under_way.popleft(), again, encoder, failed)
        while under_way:
            yield from _committed(connection, under_way.popleft(), again, encoder, failed)


def _committed(
    connection: Connection,
    begun: _Batch,
    again: Callable[[Change], Change | None],
    encoder: Encodes,
    failed: list[Failure],
) -> Iterator[Sequence[Change]]:
    """Stores a batch, in one commit or, where others were faster, in several."""
    while begun.changes:
        encoded = begun.encoded.result()
        whole = _without_refused(begun.changes, encoded, failed)
        stored = _store(connection, whole, encoded.vectors)
        encoder.stored(encoded.vectors)
        if stored:
            yield stored
        done = {change.article.id for change in stored}
        made = (again(change) for change in whole if change.article.id not in done)
        changes = [change for change in made if change is not None]
        begun = _Batch(changes, encoder.begin(_new_texts(changes)))


def never(_: Change) -> Change | None:
    """Of what is made from all that is there: it is made from that again."""
    return None


def _new_texts(batch: Sequence[Change]) -> list[str]:
    return [text for change in batch for text in change.texts if text not in change.kept]


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


def _store(
    connection: Connection, changes: Sequence[Change], vectors: Mapping[str, Vectors]
) -> Sequence[Change]:
    """Stores those changes that are still made from what is there, in one commit; tells them."""
    with transaction(connection):
        batch = [change for change in changes if _is_up_to_date(connection, change)]
        for change in batch:
            if change.replaces:
                repeated.let_go(connection, change.article.id)
                rows.delete_article(connection, change.article.id)
            texts = change.texts
            of_passages = [change.kept[text] if text in change.kept else vectors[text] for text in texts]
            row = rows.insert_article(
                connection, change.article, change.furniture, change.passages, np.array(of_passages)
            )
            repeated.take_in(connection, row, change.article.source, change.forms)
        if batch:
            next_generation(connection)
    return batch


def _is_up_to_date(connection: Connection, change: Change) -> bool:
    """Whether what a change was made from is what is there, now that no other can commit."""
    if not is_served(connection):
        return True  # nor could any since the change was made
    if rows.find_article(connection, change.article.id) != change.stored:
        return False
    marked = change.marked
    return marked is None or repeated.marked(connection, change.article.source, change.forms) == marked
