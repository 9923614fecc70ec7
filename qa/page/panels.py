"""The page's panels as HTML."""

from collections.abc import Sequence
from html import escape

from qa.page import texts
from qa.page.exchange import exchange, pending
from qa.page.markup import button
from qa.page.record import Record

HEADER = f'<header><h1>{texts.TITLE}</h1><p class="motto">{texts.MOTTO}</p></header>'


def conversation(
    records: Sequence[Record],
    *,
    start: str,
    asked: str | None = None,
    instead_of: int | None = None,
    newest: Record | None = None,
) -> str:
    """The questions and answers, in order; `start` where there are none yet.

    `asked` is a question whose answer is on its way, to stand last or in the place of the record
    numbered `instead_of`; the quotes of `newest` come in one by one.
    """
    in_place = asked is not None and any(record.number == instead_of for record in records)
    shown = "".join(
        exchange(record, is_new=record is newest, is_asked_again=in_place and record.number == instead_of)
        for record in records
    )
    shown += pending(asked) if asked and not in_place else ""
    busy = ' aria-busy="true"' if asked else ""
    return f'<section aria-label="{texts.CONVERSATION}"{busy}>{shown or start}</section>'


def start(examples: Sequence[str]) -> str:
    """What the page shows before the first question."""
    buttons = "".join(button(f"<bdi>{escape(each)}</bdi>", "put", question=each) for each in examples)
    offered = f'<div class="examples" role="group" aria-label="{texts.EXAMPLES_LABEL}">{buttons}</div>'
    return f'<p class="hint">{texts.START}</p>{offered if examples else ""}'


def empty(archive: str, *, read_only: bool) -> str:
    """What it shows where the archive has no articles: how to add some."""
    how = texts.HOW_TO_ADD_READ_ONLY if read_only else texts.HOW_TO_ADD
    command = f"python -m qa add FOLDER --archive {escape(archive)}"
    return f'<p class="hint">{texts.EMPTY_ARCHIVE} {how}</p><pre tabindex="0">{command}</pre>'


def panel(shown: str = "", *, turn: int = 0) -> str:
    """The panel beside the answers; `shown` is an article in it.

    `turn` sets it apart from the time before, so that the page's script sees it opened again.
    """
    content = shown or f'<p class="hint">{texts.NO_SOURCES}</p>'
    close = button(texts.CLOSE, "close", kind="tool close")
    return (
        f'<section class="sources" aria-label="{texts.PANEL}" tabindex="-1" '
        f'data-turn="{turn}">'
        f'<div class="panel-head"><h2>{texts.PANEL}</h2>{close}</div>{content}</section>'
    )


def note(message: str) -> str:
    """A line about what was just done, or why it could not be; empty where there is nothing to say."""
    named_first = any(sign in message.partition(" ")[0] for sign in "./")  # a file's name stays as it is
    said = message if named_first else message[:1].upper() + message[1:]
    shown = f"<p>{escape(said)}</p>" if message else ""
    return f'<div class="note" role="status">{shown}</div>'
