"""An article as HTML: whole, its furniture quiet, an answer's quotes in it marked and cited."""

from collections.abc import Mapping, Sequence
from html import escape

from corpus.article import Article, Furniture, Span
from corpus.sentences import paragraphs
from qa.answer import Quote
from qa.archive import Archive
from qa.cite import bibtex, footnote
from qa.page import texts
from qa.page.markup import button, facts, isolated, marked, original, quote_number
from qa.page.record import Record
from qa.sample import is_brief
from qa.verify import OK


def source(record: Record, current: int, archive: Archive) -> str:
    """The article of one quote of a record that was just checked, at the quote numbered `current`."""
    shown, status = record.shown[current - 1], record.standing[current - 1]
    id = shown["article"]["id"]
    if status != OK:
        title = shown["article"]["title"] or id
        return (
            f'<article class="source"><h3>{isolated(title)}</h3><p class="gone">{texts.GONE[status]}</p>'
            f'<h4>{texts.AS_QUOTED}</h4><blockquote class="stale" dir="auto">{escape(shown["text"])}'
            "</blockquote></article>"
        )
    article = archive.article(id)
    quotes = {
        number: Span(each["start"], each["end"])
        for number, (each, stands) in enumerate(zip(record.shown, record.standing, strict=True), 1)
        if stands == OK and each["article"]["id"] == id
    }
    is_answer = bool(record.quotes)
    text = text_of(article, archive.furniture(id), quotes=quotes, current=current, numbered=is_answer)
    return (
        f'<article class="source" data-number="{record.number}">{heading(article)}'
        f"{_numbers(quotes, current) if is_answer else ''}{_links(article, quotes[current])}{text}</article>"
    )


def heading(article: Article) -> str:
    """Title and facts of an article."""
    label = texts.SAMPLE if is_brief(article.origin.path) else None
    known = [article.source, article.author, article.published]
    return f"<h3>{isolated(article.title or article.id)}</h3>{facts(known, label=label)}"


def text_of(
    article: Article,
    furniture: Sequence[Furniture],
    *,
    quotes: Mapping[int, Span] = {},
    current: int = 0,
    numbered: bool = True,
) -> str:
    """The whole text, a paragraph each."""
    pieces = "".join(
        f'<p dir="auto">{words}</p>'
        for piece in paragraphs(article.text)
        if (words := marked(article, piece, quotes, current=current, furniture=furniture, numbered=numbered))
    )
    return f'<div class="text">{pieces}</div>'


def _numbers(quotes: Mapping[int, Span], current: int) -> str:
    items = "".join(quote_number(number, is_current=number == current) for number in quotes)
    return f'<div class="numbers" role="group" aria-label="{texts.CURRENT}">{items}</div>'


def _links(article: Article, words: Span) -> str:
    """The way to the original, and the citation to copy."""
    quote = Quote(article, words.start, words.end, None, 0.0)
    address = original(article.url, quote.text)
    link = (
        f'<a class="original" href="{escape(address)}" target="_blank" '
        f'rel="noopener noreferrer external">{texts.ORIGINAL}</a>'
        if address
        else ""
    )
    forms = "".join(
        f'<h4>{name}</h4><pre dir="auto" tabindex="0">{escape(form)}</pre>'
        f"{button(texts.COPY, 'copy', label=f'{texts.COPY}: {name}')}"
        for name, form in ((texts.FOOTNOTE, footnote(quote)), (texts.BIBTEX, bibtex([article])))
    )
    cite = f'<details class="cite"><summary>{texts.CITE}</summary>{forms}</details>'
    return f'<div class="links">{link}{cite}</div>'
