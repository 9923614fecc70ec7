"""Citations: where a quote stands, as a line of text, Markdown or plain footnotes, or BibTeX."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from corpus.article import Article

if TYPE_CHECKING:
    from qa.answer import Answer, Quote

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
_OPENS_BLOCK = re.compile(r"(\d{0,9})([-+=.)])")  # at the start of a line, a list or an underline
_TEX = re.compile(r"[\\{}$&#_%~^]")
_TEX_NAMED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def described(article: Article) -> str:
    """Author, title, source and date of an article, as far as they are known; the id where no name is."""
    title = f"“{article.title}”" if article.title else None if article.source else article.id
    known = [article.author, title, article.source, article.published]
    return ", ".join(fact for fact in known if fact)


def footnote(quote: "Quote") -> str:
    """One line that says where a quote stands, to the character, and in which text."""
    article = quote.article
    place = f"characters {quote.start}–{quote.end}, SHA-256 {article.sha256[:12]}…"
    pages = pages_of(article, quote.start, quote.end)
    return ", ".join(part for part in (described(article), pages, article.url, place) if part)


def pages_of(article: Article, start: int, end: int) -> str | None:
    """`p. 3` or `pp. 3–4`, where the words at those offsets stand; None where the text has no pages."""
    first, last = article.page_at(start), article.page_at(end)
    if first is None:
        return None
    return f"p. {first}" if first == last else f"pp. {first}–{last}"


def markdown(answer: "Answer") -> str:
    """The question, its quotes as block quotes with footnotes; or why there are none."""
    lines = [f"**{_escaped(answer.question)}**", ""]
    if answer.abstained:
        lines += [_escaped(answer.reason or ""), ""]
    for number, quote in enumerate(answer.quotes, 1):
        lines += [f"> {_escaped(quote.text)}[^{number}]", ""]
    for number, quote in enumerate(answer.quotes, 1):
        lines.append(f"[^{number}]: {_escaped(footnote(quote))}")
    return "\n".join(lines).rstrip() + "\n"


def plain(answer: "Answer") -> str:
    """The question and its quotes as plain text with footnotes; or why there are none."""
    lines = [one_line(answer.question), ""]
    if answer.abstained:
        lines += [one_line(answer.reason or ""), ""]
    for number, quote in enumerate(answer.quotes, 1):
        lines += [f"“{one_line(quote.text)}” [{number}]", ""]
    for number, quote in enumerate(answer.quotes, 1):
        lines.append(f"[{number}] {one_line(footnote(quote))}")
    return "\n".join(lines).rstrip() + "\n"


def bibtex(articles: Iterable[Article]) -> str:
    """One `@misc` entry an article, each article once, its key made of its id and its text's hash."""
    once = {article.id: article for article in articles}
    return "\n".join(_entry(article) for article in once.values())


def _entry(article: Article) -> str:
    known = {
        "title": article.title or article.id,
        "author": article.author and f"{{{_tex(article.author)}}}",  # one name, whatever "and" is in it
        "howpublished": article.source,
        "date": article.published,
        "year": article.published and article.published[:4],
        "url": article.url,
        "note": f"SHA-256 {article.sha256}",
    }
    fields = [
        f"  {name} = {{{value if name == 'author' else _tex(value)}}},"
        for name, value in known.items()
        if value
    ]
    key = re.sub(r"[^A-Za-z0-9]+", "-", article.id).strip("-")[:40]
    return "\n".join([f"@misc{{{key or 'article'}-{article.sha256[:8]},", *fields, "}", ""])


def _tex(text: str) -> str:
    return _TEX.sub(lambda found: _TEX_NAMED.get(found[0], f"\\{found[0]}"), one_line(text))


def printable(text: str) -> str:
    """The text for a terminal: control and direction characters, which could alter it, left out."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """The text for a terminal on one line."""
    return printable(" ".join(text.split()))


def _escaped(text: str) -> str:
    line = _MARKDOWN.sub(r"\\\1", one_line(text))
    opens = _OPENS_BLOCK.match(line)
    return f"{opens[1]}\\{opens[2]}{line[opens.end() :]}" if opens else line
