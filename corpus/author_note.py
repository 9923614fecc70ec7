"""Author's notes: "X is a journalist and author of …", at the foot of an article.

Not furniture: a note may be quoted, but other sentences go first.
"""

import re

from corpus.article import Article, Span

_WORK = (
    r"journalist|reporter|correspondent|writer|editor|author|columnist|contributor|freelancer|"
    r"researcher|fellow|professor|lecturer|historian|analyst|producer|photographer|blogger"
)
_IS_A = re.compile(
    rf"\W*(?:[A-Z][\w.'’-]*\s+){{1,4}}is\s+(?:an?|the|our)\s+(?:[\w'’-]+\s+){{0,5}}(?:{_WORK})\b"
)
_OUTLET = re.compile(r"\W*\s(?:offers|provides|covers|reports|publishes|is|was)\b", re.IGNORECASE)
_FOOT = 0.75  # a note stands in the last quarter of the text


def is_author_note(article: Article, paragraph: Span) -> bool:
    """Whether a paragraph at the article's foot tells of its author or outlet, not of its subject."""
    if paragraph.start < _FOOT * len(article.text):
        return False
    words = paragraph.of(article.text)
    if _IS_A.match(words):
        return True
    names = (name for name in (article.author, article.source) if name)
    return any(
        words.startswith(name) and _OUTLET.match(" " + words[len(name) :]) is not None for name in names
    )
