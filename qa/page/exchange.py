"""One question and what came of it, as HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from corpus.article import Span
from qa.page import parts, texts
from qa.page.markup import button, facts, isolated, quote_number, with_short_answer
from qa.page.record import Record
from qa.page.searched import searched
from qa.verify import OK


def exchange(record: Record, *, is_new: bool = False, is_asked_again: bool = False) -> str:
    """The question, how it was asked, and its answer with what can be done with it."""
    shown = _quotes(record) if record.quotes else _abstention(record)
    state = " new" if is_new else " again" if is_asked_again else ""
    return (
        f'<article class="exchange{state}" id="exchange-{record.number}" '
        f'data-number="{record.number}" aria-labelledby="question-{record.number}">'
        f"{_question(record.question, record.number)}{searched(record)}"
        f"{shown}{_tools(record)}</article>"
    )


def pending(question: str) -> str:
    """A question whose answer is on its way."""
    return (
        f'<article class="exchange pending">{_question(question, 0)}'
        f'<p class="hint">{texts.LOOKING}</p></article>'
    )


def _question(question: str, number: int) -> str:
    return f'<h2 class="question" id="question-{number}" tabindex="-1">{isolated(question)}</h2>'


def _quotes(record: Record) -> str:
    items = "".join(
        f"<li>{_number(quote, number)}<div>{_quote(quote, status)}{_where(quote, record)}{_same(quote)}"
        f"{parts.voice(quote)}{parts.reprints(quote)}</div></li>"
        for number, (quote, status) in enumerate(zip(record.quotes, record.standing, strict=True), 1)
    )
    return f'<ol class="quotes">{items}</ol>{parts.compared(record)}{_confidence(record)}'


def _abstention(record: Record) -> str:
    items = "".join(
        f"<li>{_quote(passage, status)}<div>{_where(passage, record)}"
        f"{button(texts.OPEN_NEAR, 'open', quote=number)}</div></li>"
        for number, (passage, status) in enumerate(zip(record.shown, record.standing, strict=True), 1)
    )
    near = f'<h3>{texts.NEAR}</h3><ul class="near">{items}</ul>' if items else ""
    return (
        f'<div class="abstained"><p class="verdict">{texts.ABSTAINED}</p>'
        f"<p>{escape(record.answer['reason'] or '')}</p>{_confidence(record)}</div>{near}"
    )


def _number(quote: Mapping[str, Any], number: int) -> str:
    """The number as a button, with what it leads to told beside the pointer or the focus."""
    article = quote["article"]
    told = (
        facts([article["source"] or article["title"] or article["id"], article["published"]])
        + f'<p dir="auto">{escape(quote["text"])}</p>'
    )
    tip = f'<span class="tip" aria-hidden="true">{told}</span>'
    return f'<span class="hinted">{quote_number(number)}{tip}</span>'


def _quote(quote: Mapping[str, Any], status: str) -> str:
    span = quote.get("span")
    within = Span(span["start"] - quote["start"], span["end"] - quote["start"]) if span else None
    words = with_short_answer(quote["text"], within)
    if status == OK:
        return f'<blockquote dir="auto">{words}</blockquote>'
    return (
        f'<p class="gone">{texts.GONE[status]}</p>'
        f'<blockquote class="stale" dir="auto">{escape(quote["text"])}</blockquote>'
    )


def _same(quote: Mapping[str, Any]) -> str:
    """Which earlier quote, of another article, has the same short answer; empty where none has."""
    number = quote.get("same_as")
    return f'<p class="facts">{texts.SAME_AS.format(number=number)}</p>' if type(number) is int else ""


def _where(words: Mapping[str, Any], record: Record) -> str:
    article = words["article"]
    page = f"p. {words['page']}" if type(words.get("page")) is int else None
    as_of = texts.AS_OF.format(date=article["published"]) if article["published"] else None
    named: Sequence[str | None] = (article["source"], article["title"])
    label = texts.SAMPLE if article["id"] in record.briefs else None
    return facts([*(named if any(named) else [article["id"]]), as_of, page], label=label)


def _confidence(record: Record) -> str:
    sure, threshold = record.answer["confidence"], record.answer["threshold"]
    return (
        f'<p class="confidence"><span tabindex="0">Confidence: {texts.confidence_word(sure, threshold)}'
        f'<span class="exact"> ({texts.two_decimals(sure)} of 1)</span></span></p>'
    )


def _tools(record: Record) -> str:
    takes = [
        button(words, "take", form=form, label=f"{words}: {record.question[:60]}")
        for words, form in (
            (texts.COPY, "text"),
            (texts.MARKDOWN, "markdown"),
            (texts.JSON, "json"),
            (texts.BIBTEX, "bibtex"),
        )
        if record.quotes or form in ("text", "json")
    ]
    again = [
        button(texts.LINK, "link", query=record.chosen.query(record.whole)),
        button(texts.RETRY, "again"),
        button(texts.EDIT, "edit"),
    ]
    return f'<div class="tools" role="group" aria-label="{texts.TOOLS}">{"".join([*takes, *again])}</div>'
