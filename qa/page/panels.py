"""The page's panels as HTML, from the exchanges so far, the oldest first."""

from collections.abc import Sequence
from html import escape

from qa.page import texts
from qa.page.exchange import Exchange

HEADER = f'<header><h1>{texts.TITLE}</h1><p class="motto">{texts.MOTTO}</p></header>'


def latest(exchanges: Sequence[Exchange]) -> str:
    """The last question with its answer."""
    shown = f'<h2 class="question">{exchanges[-1].question}</h2>{exchanges[-1].answer}' if exchanges else ""
    return f'<section aria-label="{texts.CONVERSATION}" aria-live="polite">{shown}</section>'


def sources(exchanges: Sequence[Exchange]) -> str:
    """The last answer's quotes, each where it stands in its article."""
    if not exchanges:
        shown = f'<p class="hint">{texts.NO_SOURCES}</p>'
    else:
        shown = exchanges[-1].sources or f'<p class="hint">{texts.NOTHING_QUOTED}</p>'
    return (
        f'<section class="sources" aria-label="{texts.SOURCES}" tabindex="0">'
        f"<h2>{texts.SOURCES}</h2>{shown}</section>"
    )


def earlier(exchanges: Sequence[Exchange]) -> str:
    """The questions before the last, newest first; each opens to its answer and sources."""
    if len(exchanges) < 2:
        return ""
    items = "".join(
        f"<details><summary>{each.question}</summary>{each.answer}{each.sources}</details>"
        for each in reversed(exchanges[:-1])
    )
    return f'<section aria-label="{texts.EARLIER}"><h2>{texts.EARLIER}</h2>{items}</section>'


def note(message: str) -> str:
    """What keeps a question from being asked, in a line; empty where nothing does."""
    shown = f"<p>{escape(message[:1].upper() + message[1:])}</p>" if message else ""
    return f'<div class="note" role="status">{shown}</div>'
