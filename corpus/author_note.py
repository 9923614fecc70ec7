"""Author's notes: "X is a journalist and author of …", at the foot of an article.

Not furniture: a note may be quoted, but other sentences go first.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from corpus.article import Article, Span
from corpus.calls import opens_with_call
from corpus.sentences import is_body

_WORK = (
    r"journalist|reporter|correspondent|writer|editor|author|columnist|contributor|freelancer|"
    r"researcher|fellow|professor|lecturer|historian|analyst|producer|photographer|blogger"
)
_IS_A = re.compile(
    rf"\W*((?:[A-Z][\w.'’-]*\s+){{1,4}})is\s+(?:an?|the|our)\s+(?:[\w'’-]+\s+){{0,5}}(?:{_WORK})\b"
)
_OUTLET = re.compile(r"\s+(?:offers|provides|covers|reports|publishes|is an?|is the)\b")
_FOOT = 0.75  # a note stands in the last quarter of the text
_LAST = 20  # and among so many paragraphs


def author_notes(article: Article, paragraphs: Sequence[Span]) -> set[Span]:
    """The paragraphs that tell of the author or the outlet, not of the subject.

    They are the last ones of the text: no paragraph of the article's own comes after them, and
    whom they tell of has no part in it.
    """
    text, notes = article.text, set[Span]()
    for at in reversed(range(max(0, len(paragraphs) - _LAST), len(paragraphs))):
        paragraph = paragraphs[at]
        if paragraph.start < _FOOT * len(text):
            break
        words = paragraph.of(text)
        if _tells_of_author(article, words, islice(paragraphs, at)):
            notes.add(paragraph)
        elif is_body(words) and not opens_with_call(article, paragraph):
            break
    return notes


def _tells_of_author(article: Article, words: str, before: Iterable[Span]) -> bool:
    names = [name for name in (article.author, article.source) if name]
    if any(words.startswith(name) and _OUTLET.match(words, len(name)) for name in names):
        return True
    match = _IS_A.match(words)
    if match is None:
        return False
    name = match.group(1).split()[-1]
    if name in (article.author or ""):
        return True
    named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return not any(
        named.search(article.text, span.start, span.end) and is_body(span.of(article.text)) for span in before
    )
