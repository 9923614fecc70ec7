"""Removing articles, in one commit."""

from collections.abc import Callable, Sequence

from corpus.errors import InputError
from embeddings.encoder import Encoder
from qa import repeated, rows
from qa.adding import mark_anew
from qa.connection import Connection
from qa.database import transaction
from qa.settings import next_generation

_NAMED = 5  # unknown ids that are told


def remove_articles(
    connection: Connection, ids: Sequence[str], *, words: int, encoder: Callable[[], Encoder]
) -> None:
    """Removes those articles and every trace of them; then marks anew what their outlets no longer share.

    Raises InputError, removing nothing, where one of the ids is unknown.
    """
    with transaction(connection):
        unknown = [id for id in ids if rows.find_article(connection, id) is None]
        if unknown:
            listed = ", ".join(map(repr, unknown[:_NAMED]))
            raise InputError(f"no article has the id {listed}; nothing was removed")
        for id in dict.fromkeys(ids):
            repeated.let_go(connection, id)
            rows.delete_article(connection, id)
        next_generation(connection)
    mark_anew(connection, words=words, encoder=encoder)
