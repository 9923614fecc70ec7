"""Untrusted words as HTML: always escaped, and kept from turning the words around them."""

from collections.abc import Mapping, Sequence
from html import escape

from corpus.article import Article, Span


def isolated(words: str) -> str:
    """The words in an element of their own direction, which direction characters don't leave."""
    return f"<bdi>{escape(words)}</bdi>"


def marked(article: Article, piece: Span, quotes: Mapping[int, Span], *, anchor: str) -> str:
    """A piece of an article as HTML, its quotes marked, each with its number before it.

    `quotes` are those of the article, by number; they don't overlap. A mark's id is `anchor` and
    the number.
    """
    html, at = [], piece.start
    for number, quote in sorted(quotes.items(), key=lambda each: each[1]):
        start, end = max(quote.start, piece.start), min(quote.end, piece.end)
        if start >= end:
            continue
        html.append(escape(article.text[at:start]))
        opening = "<mark"
        if start == quote.start:
            html.append(f'<span class="number">[{number}]</span>&#160;')
            opening = f'<mark id="{anchor}{number}" tabindex="-1"'
        html.append(f'{opening} dir="auto">{escape(article.text[start:end])}</mark>')
        at = end
    html.append(escape(article.text[at : piece.end]))
    return "".join(html)


def facts(known: Sequence[str | None], *, label: str | None = None) -> str:
    """A line of facts, those that are unknown left out; `label` is one of ours."""
    parts = [isolated(fact) for fact in known if fact]
    if label:
        parts.append(f'<span class="label">{escape(label)}</span>')
    return f'<p class="facts">{" · ".join(parts)}</p>' if parts else ""
