"""A visitor's question, put to the archive."""

from collections.abc import Sequence

from corpus.errors import OnrecordError
from qa.answerer import Answerer
from qa.page.exchange import Exchange, exchange

KEPT = 20  # exchanges that a visitor's page remembers


def asked(
    answerer: Answerer, question: str, exchanges: Sequence[Exchange]
) -> tuple[tuple[Exchange, ...], str]:
    """The exchanges with this one added, and ""; or as they were, and why it could not be asked."""
    try:
        answer = answerer.ask(question)
        number = exchanges[-1].number + 1 if exchanges else 1
        return (*exchanges, exchange(answer, number=number))[-KEPT:], ""
    except OnrecordError as error:
        return tuple(exchanges), str(error)
