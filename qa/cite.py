"""Citations: where a quote stands, as a line of text or Markdown footnotes."""

import re

from corpus.article import Article
from qa.answer import Answer, Quote

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
_OPENS_BLOCK = re.compile(r"(\d{0,9})([-+=.)])")  # at the start of a line, a list or an underline
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def described(article: Article) -> str:
    """Author, title, source and date of an article, as far as they are known; else its id."""
    known = [article.author, article.title and f"“{article.title}”", article.source, article.published]
    return ", ".join(fact for fact in known if fact) or article.id


def footnote(quote: Quote) -> str:
    """One line that says where a quote stands, to the character, and in which text."""
    article = quote.article
    place = f"characters {quote.start}–{quote.end}, SHA-256 {article.sha256[:12]}…"
    return ", ".join(part for part in (described(article), article.url, place) if part)


def markdown(answer: Answer) -> str:
    """The question, its quotes as block quotes with footnotes; or why there are none."""
    lines = [f"**{_escaped(answer.question)}**", ""]
    if answer.abstained:
        lines += [_escaped(answer.reason or ""), ""]
    for number, quote in enumerate(answer.quotes, 1):
        lines += [f"> {_escaped(quote.text)}[^{number}]", ""]
    for number, quote in enumerate(answer.quotes, 1):
        lines.append(f"[^{number}]: {_escaped(footnote(quote))}")
    return "\n".join(lines).rstrip() + "\n"


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
