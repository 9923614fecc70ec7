"""A line of an article, and what kind of furniture it is found to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Span
from corpus.page_words import words_of
from corpus.sentences import ends_sentence


@dataclass(slots=True)
class Line:
    """A paragraph, and what is known of it so far; `kind` is None for the article's own."""

    span: Span
    text: str
    words: list[str]  # in small letters
    finished: bool  # it closes as a sentence does
    kind: str | None = None

    @classmethod
    def of(cls, text: str, span: Span) -> "Line":
        """The line at that span of a text, of no kind yet."""
        words = span.of(text)
        return cls(span, words, words_of(words), ends_sentence(words))


def unmarked(lines: Sequence[Line]) -> list[Line]:
    """Those that are the article's own by now."""
    return [line for line in lines if line.kind is None]
