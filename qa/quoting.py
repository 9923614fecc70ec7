"""From sentences to quotes: whole enough not to mislead, none twice, none overlapping."""

import re
from collections.abc import Sequence

from corpus.article import Span
from qa.answer import Quote
from qa.sentence_choice import SentenceScore

ENOUGH = 0.75  # a further quote scores at least this share of the best (DECISIONS.md)
SAME = 0.8  # Jaccard similarity of words at which two quotes say the same
_WORD = re.compile(r"\w+")
_LEANS_BACK = re.compile(
    r"[\"'“‘]?(?:he|she|they|it|his|her|their|its|him|them|this|these|those|that)\b", re.IGNORECASE
)


def to_quotes(chosen: Sequence[SentenceScore], most: int) -> list[Quote]:
    """At most `most` quotes of the sentences, which come best first; author's notes go last."""
    if not chosen:
        return []
    best = chosen[0].score
    enough = min(best, ENOUGH * best)
    quotes: list[Quote] = []
    for sentence in sorted(chosen, key=lambda each: each.hit.passage.is_note):
        if len(quotes) == most:
            break
        if sentence.score < enough:
            continue
        span = _whole(sentence)
        quote = Quote(sentence.hit.article, span.start, span.end, None, sentence.score)
        if not any(_overlap(quote, other) or _alike(quote.text, other.text) for other in quotes):
            quotes.append(quote)
    return quotes


def _whole(sentence: SentenceScore) -> Span:
    """The sentence, with the one before it where it begins with a word that leans on that one."""
    text, sentences = sentence.hit.article.text, sentence.hit.passage.sentences
    span = sentence.span
    if sentence.index and _LEANS_BACK.match(span.of(text)):
        before = sentences[sentence.index - 1]
        if not _LEANS_BACK.match(before.of(text)) and "\n" not in text[before.end : span.start]:
            return Span(before.start, span.end)
    return span


def _overlap(quote: Quote, other: Quote) -> bool:
    return quote.article.id == other.article.id and Span(quote.start, quote.end).overlaps(
        Span(other.start, other.end)
    )


def _alike(words: str, other: str) -> bool:
    left, right = _word_set(words), _word_set(other)
    return len(left & right) >= SAME * len(left | right)


def _word_set(words: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(words)}
