"""Passages: runs of whole sentences, what is embedded and retrieved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article, Furniture, Span
from corpus.author_note import author_notes
from corpus.sentences import paragraphs, sentences

WORDS = 120  # words of a passage at most; what other lengths gave is in DECISIONS.md
_LONG_WORD = 20  # characters
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # Thai to Han


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article, next to each other, from `start` to `end`.

    `is_note` tells an author's note, which is ranked after what the article says.
    """

    article_id: str
    start: int
    end: int
    sentences: tuple[Span, ...]
    is_note: bool = False

    @property
    def span(self) -> Span:
        """The span alone."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    words: int
    is_note: bool


def split(article: Article, furniture: list[Furniture], *, words: int = WORDS) -> list[Passage]:
    """The article's passages, in order: no overlaps, no furniture, at most `words` words each.

    One sentence longer than that is a passage by itself. Passages of one stretch of text are made
    about equally long, so that no crumb is left at its end.
    """
    return [
        Passage(
            article_id=article.id,
            start=group[0].span.start,
            end=group[-1].span.end,
            sentences=tuple(sentence.span for sentence in group),
            is_note=group[0].is_note,
        )
        for stretch in _stretches(article, furniture)
        for group in _packed(stretch, words)
    ]


def context_text(title: str | None, passage: str) -> str:
    """What the encoder is given: the passage's words, with the article's title before them."""
    return f"{title}. {passage}" if title else passage


def _stretches(article: Article, furniture: list[Furniture]) -> Iterator[list[_Sentence]]:
    """Sentences with nothing but white space between them, notes apart from the rest."""
    text, marked = article.text, iter(furniture)
    mark = next(marked, None)
    stretch: list[_Sentence] = []
    spans = paragraphs(text)
    notes = author_notes(article, spans)
    for paragraph in spans:
        is_note = paragraph in notes
        for span in sentences(text, paragraph, article.language):
            while mark is not None and mark.end <= span.start:
                mark = next(marked, None)
                if stretch:
                    yield stretch
                    stretch = []
            if mark is not None and mark.span.overlaps(span):
                continue
            if stretch and stretch[-1].is_note != is_note:
                yield stretch
                stretch = []
            stretch.append(_Sentence(span, _words(span.of(text)), is_note))
    if stretch:
        yield stretch


def _words(sentence: str) -> int:
    """How many words, about, in any script; a run of letters without end counts as several."""
    unspaced = 0 if sentence.isascii() else len(_UNSPACED.findall(sentence))
    return max(len(sentence.split()) + unspaced // 2, len(sentence) // _LONG_WORD)


def _packed(stretch: list[_Sentence], words: int) -> Iterator[list[_Sentence]]:
    total = sum(sentence.words for sentence in stretch)
    parts = -(-total // words)
    aim = total / parts if parts else words
    group: list[_Sentence] = []
    size = 0
    for sentence in stretch:
        # Closed at the aim, not at the limit: the last passage is then no crumb.
        full = group and (size + sentence.words > words or size + sentence.words / 2 > aim)
        if full:
            yield group
            group, size = [], 0
        group.append(sentence)
        size += sentence.words
    if group:
        yield group
