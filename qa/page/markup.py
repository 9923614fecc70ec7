"""Untrusted words as HTML: always escaped, and kept from turning the words around them."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from corpus.article import Article, Furniture, Span
from qa.page import texts

_WORDS = 6  # of each end of a quote, in an address that leads to it


def isolated(words: str) -> str:
    """The words in an element of their own direction, which direction characters don't leave."""
    return f"<bdi>{escape(words)}</bdi>"


def marked(
    article: Article,
    piece: Span,
    quotes: Mapping[int, Span],
    *,
    current: int,
    furniture: Sequence[Furniture],
    numbered: bool = True,
) -> str:
    """A piece of an article as HTML: its quotes marked, with their numbers if wanted; furniture quiet.

    `quotes` are those of the article, by number. Neither they nor the furniture overlap anything.
    A mark's id is `mark-` and the number; that of the quote `current` is the current one.
    """
    spans: list[tuple[Span, int | None]] = [(quote, number) for number, quote in quotes.items()]
    spans += [(each.span, None) for each in furniture]
    html, at = [], piece.start
    for span, number in sorted(spans, key=lambda each: each[0]):
        start, end = max(span.start, piece.start), min(span.end, piece.end)
        if start >= end:
            continue
        html.append(escape(article.text[at:start]))
        words = escape(article.text[start:end])
        if number is None:
            html.append(f'<span class="furniture">{words}</span>')
        else:
            begins = start == span.start
            html.append(f'<span class="number">[{number}]</span>&#160;' if begins and numbered else "")
            html.append(_mark(words, number, begins=begins, is_current=number == current))
        at = end
    html.append(escape(article.text[at : piece.end]))
    return "".join(html)


def _mark(words: str, number: int, *, begins: bool, is_current: bool) -> str:
    kind = ' class="current"' if is_current else ""
    place = f' id="mark-{number}" tabindex="-1"' if begins else ""
    return f'<mark{kind}{place} dir="auto">{words}</mark>'


def with_short_answer(text: str, span: Span | None) -> str:
    """A quote's words as HTML, the short answer in them marked; `span` is counted from their start."""
    if span is None:
        return escape(text)
    before, within, after = text[: span.start], span.of(text), text[span.end :]
    return f'{escape(before)}<mark class="short">{escape(within)}</mark>{escape(after)}'


def facts(known: Sequence[str | None], *, label: str | None = None) -> str:
    """A line of facts, those that are unknown left out; `label` is one of ours."""
    parts = [isolated(fact) for fact in known if fact]
    if label:
        parts.append(f'<span class="label">{escape(label)}</span>')
    return f'<p class="facts">{" · ".join(parts)}</p>' if parts else ""


def button(words: str, act: str, *, label: str | None = None, kind: str = "tool", **data: object) -> str:
    """A button that tells the page's script what to do: `act`, and `data` as JSON."""
    told = f' data-told="{escape(json.dumps(data))}"' if data else ""
    name = f' aria-label="{escape(label)}"' if label else ""
    return f'<button type="button" class="{kind}" data-act="{act}"{told}{name}>{words}</button>'


def quote_number(number: int, *, is_current: bool = False) -> str:
    """The number of a quote, as a button that opens it in its article."""
    label = texts.OPEN_QUOTE.format(number=number)
    kind = "number current" if is_current else "number"
    return button(f"[{number}]", "open", label=label, kind=kind, quote=number)


def original(url: str | None, quoted: str) -> str | None:
    """Where a browser finds the words in the original; None unless that is a web address."""
    try:
        parts = urlsplit(url or "")
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    if not is_web or any(not character.isprintable() for character in url or ""):
        return None
    words = quoted.split()
    ends = [words] if len(words) <= 2 * _WORDS else [words[:_WORDS], words[-_WORDS:]]
    # "-", "," and "&" have a meaning in a text fragment (https://wicg.github.io/scroll-to-text-fragment/)
    fragment = ",".join(percent(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"{url}{'' if parts.fragment else '#'}:~:text={fragment}"
