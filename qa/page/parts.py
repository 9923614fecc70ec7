"""What an answer tells beside its quotes, as HTML: voices, reprints, differences."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from qa.page import texts
from qa.page.markup import facts, isolated, quote_number
from qa.page.record import Record


def voice(quote: Mapping[str, Any]) -> str:
    """Whose words a quote is; empty where they are the outlet's own or nobody knows."""
    found = quote.get("voice")
    if not found or found["kind"] == "own":
        return ""
    speaker = f" · {isolated(found['speaker']['text'])}" if found["speaker"] else ""
    return f'<p class="facts voice"><span class="label">{texts.VOICES[found["kind"]]}</span>{speaker}</p>'


def reprints(quote: Mapping[str, Any]) -> str:
    """The other articles that print the quote, to be opened; empty where there are none."""
    found = quote.get("reprints")
    if not found:
        return ""
    items = "".join(f"<li>{_article(each['article'])}</li>" for each in found)
    return (
        f'<details class="reprints"><summary>{texts.reprints(len(found))}</summary><ul>{items}</ul></details>'
    )


def compared(record: Record) -> str:
    """Values that differ, side by side, and values that agree."""
    cards = "".join(
        f'<section class="difference"><h3>{texts.DIFFERENCES[each["label"]]}</h3>'
        f"<ul>{_sides(each['values'], record)}</ul></section>"
        for each in record.answer.get("differences", [])
    )
    agreed = "".join(
        f'<section class="difference"><h3>{texts.agreement(each["independent_sources"])}</h3>'
        f"<ul>{_sides(each['values'], record)}</ul></section>"
        for each in record.answer.get("agreements", [])
    )
    return cards + agreed


def _sides(values: Sequence[Mapping[str, Any]], record: Record) -> str:
    return "".join(
        f'<li><b dir="auto">{escape(value["text"])}</b> {quote_number(value["n"])}'
        f"{_article(record.quotes[value['n'] - 1]['article'])}</li>"
        for value in values
    )


def _article(article: Mapping[str, Any]) -> str:
    known = (article["source"], article["title"], article["published"])
    return facts(known if any(known) else [article["id"]])
