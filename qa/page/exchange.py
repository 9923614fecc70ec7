"""One question and what came of it, as HTML: the answer, and its quotes where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from corpus.article import Article, Span
from qa.answer import Answer, Quote, Related
from qa.page import texts
from qa.page.context import Piece, surroundings
from qa.page.markup import facts, isolated, marked
from qa.sample import is_brief


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, its answer and the sources of that, each as HTML that is safe to show.

    `number` sets it apart from the page's others.
    """

    number: int
    question: str
    answer: str
    sources: str


def exchange(answer: Answer, *, number: int) -> Exchange:
    """The exchange that ends in `answer`."""
    anchor = f"exchange-{number}-quote-"
    return Exchange(
        number=number,
        question=isolated(answer.question),
        answer=_abstention(answer) if answer.abstained else _quotes(answer, anchor),
        sources=_sources(answer, anchor),
    )


def _quotes(answer: Answer, anchor: str) -> str:
    items = "".join(
        f'<li><a class="number" href="#{anchor}{number}" aria-label="{texts.QUOTE} {number}">[{number}]</a>'
        f'<div><blockquote dir="auto">{escape(quote.text)}</blockquote>{_where(quote)}</div></li>'
        for number, quote in enumerate(answer.quotes, 1)
    )
    return f'<ol class="quotes">{items}</ol>{_confidence(answer)}'


def _abstention(answer: Answer) -> str:
    items = "".join(
        f'<li><blockquote dir="auto">{escape(passage.text)}</blockquote>{_where(passage)}</li>'
        for passage in answer.related
    )
    near = f'<h3>{texts.NEAR}</h3><ul class="near">{items}</ul>' if items else ""
    return (
        f'<div class="abstained"><p class="verdict">{texts.ABSTAINED}</p>'
        f"<p>{escape(answer.reason or '')}</p>{_confidence(answer)}</div>{near}"
    )


def _sources(answer: Answer, anchor: str) -> str:
    """Each article that is quoted, in order of first use, with its quotes where they stand."""
    quoted: dict[str, dict[int, Quote]] = {}
    for number, quote in enumerate(answer.quotes, 1):
        quoted.setdefault(quote.article.id, {})[number] = quote
    return "".join(_source(answer, quotes, anchor) for quotes in quoted.values())


def _source(answer: Answer, quotes: Mapping[int, Quote], anchor: str) -> str:
    article = next(iter(quotes.values())).article
    words = {number: Span(quote.start, quote.end) for number, quote in quotes.items()}
    pieces = surroundings(article, list(words.values()), answer.archive.furniture(article.id))
    excerpt = "".join(_paragraph(article, piece, words, anchor) for piece in pieces)
    return (
        f'<article class="source"><h3>{isolated(article.title or article.id)}</h3>'
        f"{facts([article.source, article.published], label=_label(article))}{excerpt}</article>"
    )


def _paragraph(article: Article, piece: Piece, words: Mapping[int, Span], anchor: str) -> str:
    gap = '<p class="gap">…</p>' if piece.gap_before else ""
    before, after = "… " if piece.cut_before else "", " …" if piece.cut_after else ""
    return f'{gap}<p dir="auto">{before}{marked(article, piece.span, words, anchor=anchor)}{after}</p>'


def _where(words: Quote | Related) -> str:
    article = words.article
    known: Sequence[str | None] = (article.source, article.title, article.published)
    return facts(known if any(known) else [article.id], label=_label(article))


def _label(article: Article) -> str | None:
    return texts.SAMPLE if is_brief(article.origin.path) else None


def _confidence(answer: Answer) -> str:
    return f'<p class="confidence">{texts.confidence_line(answer.confidence, answer.threshold)}</p>'
