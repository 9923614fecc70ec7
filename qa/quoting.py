"""From candidates to quotes: whole enough not to mislead, none twice, none overlapping."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.article import Span
from qa.answer import Quote
from qa.candidates import Candidate
from qa.hit import Hit
from qa.reprints import is_same, reprints_of
from qa.speaker import Speaker
from qa.voices import voice_of

ENOUGH = 0.05  # a further quote is at least so many times as probable as the best (DECISIONS.md)
_WORD = re.compile(r"\w+")
_LEANS_BACK = re.compile(
    r"[\"'“‘]?(?:he|she|they|it|his|her|their|its|him|them|this|these|those|that)\b", re.IGNORECASE
)


def to_quotes(chosen: Sequence[Candidate], most: int, *, voices: bool = False) -> list[Quote]:
    """At most `most` quotes of the candidates, which come best first; author's notes go last.

    Quotes of several articles that mark the same short answer stand together, the later ones naming
    the first. Each says whose words its sentence is where `voices` are wanted.
    """
    if not chosen:
        return []
    best = chosen[0].score
    enough = min(best, ENOUGH * best)
    quotes: list[Quote] = []
    for candidate in sorted(chosen, key=lambda each: each.hit.passage.is_note):
        if len(quotes) == most:
            break
        if candidate.score < enough:
            continue
        whole = _whole(candidate)
        quote = Quote(candidate.hit.article, whole.start, whole.end, candidate.span, candidate.score)
        if not any(_overlap(quote, other) or is_same(quote.text, other.text) for other in quotes):
            voice = voice_of(quote.article, candidate.sentence) if voices else None
            quotes.append(replace(quote, voice=voice))
    return _grouped(quotes)


def said_by(speaker: Speaker, chosen: Sequence[Candidate]) -> list[Candidate]:
    """The candidates whose sentence names that person or body as the one who speaks."""
    found = []
    for candidate in chosen:
        article = candidate.hit.article
        voice = voice_of(article, candidate.sentence)
        if (
            voice is not None
            and voice.speaker is not None
            and speaker.is_named(voice.speaker.of(article.text))
        ):
            found.append(candidate)
    return found


def with_reprints(quotes: Sequence[Quote], hits: Sequence[Hit]) -> list[Quote]:
    """The quotes, each with the other articles among the passages that print it."""
    return [
        replace(quote, reprints=reprints_of(quote.article, Span(quote.start, quote.end), hits))
        for quote in quotes
    ]


def _grouped(quotes: Sequence[Quote]) -> list[Quote]:
    groups: dict[object, list[Quote]] = {}
    for at, quote in enumerate(quotes):
        words = tuple(sorted(_word_set(quote.span.of(quote.article.text)))) if quote.span else ()
        groups.setdefault(words or at, []).append(quote)
    grouped: list[Quote] = []
    for group in groups.values():
        first = len(grouped) + 1
        grouped += [group[0], *(replace(quote, same_as=first) for quote in group[1:])]
    return grouped


def _whole(candidate: Candidate) -> Span:
    """The sentence, with the one before it where it begins with a word that leans on that one."""
    text, sentences = candidate.hit.article.text, candidate.hit.passage.sentences
    span = candidate.sentence
    if candidate.index and _LEANS_BACK.match(span.of(text)):
        before = sentences[candidate.index - 1]
        if not _LEANS_BACK.match(before.of(text)) and "\n" not in text[before.end : span.start]:
            return Span(before.start, span.end)
    return span


def _overlap(quote: Quote, other: Quote) -> bool:
    return quote.article.id == other.article.id and Span(quote.start, quote.end).overlaps(
        Span(other.start, other.end)
    )


def _word_set(words: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(words)}
