"""What an answer tells beside its quotes, as HTML: voices, reprints, differences, pieces taken over."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from qa.page import texts
from qa.page.markup import button, facts, isolated
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


def taken_over(record: Record) -> str:
    """What was searched, where that is not what was typed, and what of it can be dropped."""
    leaning = record.answer.get("follow_up")
    if not leaning:
        return ""
    pieces = [str(piece["text"]) for piece in leaning["carried"]]
    drops = [
        button("×", "drop", label=texts.DROP.format(words=text), kind="drop", text=text) for text in pieces
    ]
    chips = "".join(
        f'<li class="chip">{isolated(text)} {drop}</li>' for text, drop in zip(pieces, drops, strict=True)
    )
    if record.chosen_before:
        chips += (
            f'<li class="chip">{texts.FILTERS_BEFORE} '
            f"{button('×', 'drop', label=texts.DROP_FILTERS, kind='drop', filters=True)}</li>"
        )
    return (
        f'<p class="facts whole">{texts.SEARCHED} {isolated(record.answer["searched"])}</p>'
        f'<ul class="chips" aria-label="{texts.TAKEN_OVER}">{chips}</ul>'
    )


def _sides(values: Sequence[Mapping[str, Any]], record: Record) -> str:
    return "".join(
        f'<li><b dir="auto">{escape(value["text"])}</b> [{value["n"]}]'
        f"{_article(record.quotes[value['n'] - 1]['article'])}</li>"
        for value in values
    )


def _article(article: Mapping[str, Any]) -> str:
    known = (article["source"], article["title"], article["published"])
    return facts(known if any(known) else [article["id"]])
