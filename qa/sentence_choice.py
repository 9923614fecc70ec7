"""Which sentence of the best passages answers: the first answerer, without a trained reader.

A sentence's score is the sum of what the passage, the words and the vectors say; the weights are on
plateaus measured on squad2-half, xquad-en and clapnq-dev (DECISIONS.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.article import Span
from corpus.passages import context_text
from embeddings.encoder import Encoder
from qa.analysis import analyser_name, content_terms, terms
from qa.fusion import rounded
from qa.hit import Hit
from qa.lexical import LexicalIndex

COVERAGE_WEIGHT = 0.5  # the question's words that the sentence holds, by their idf
NEAR = 0.5  # what such a word is worth in the sentence before or in the title
COSINE_WEIGHT = 0.5
PASSAGE_WEIGHT = 1.0
KIND_WEIGHT = 0.1  # the sentence holds what the question asks for: a date, a number, a place
ENCODED = 8  # sentences whose vectors are looked at, best first by the rest

_ASKS_DATE = re.compile(r"\b(?:when|(?:what|which) (?:year|month|day|date|decade|century))\b", re.IGNORECASE)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|tall|high|large|big|often|fast)\b|"
    r"\bwhat (?:number|percentage|percent|share|proportion|amount|age|population)\b",
    re.IGNORECASE,
)
_ASKS_PLACE = re.compile(
    r"\bwhere\b|\b(?:what|which) (?:country|city|town|state|place|region|village|continent)\b", re.IGNORECASE
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d{2}|\d{1,2}(?:st|nd|rd|th)|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"century|yesterday|today|tomorrow)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|"
    r"thousands?|millions?|billions?|half|quarter|third)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[^\s.!?\"“] )[A-Z][\w’'-]+")


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """One sentence of a passage that was found, and how well it seems to answer.

    `coverage` is the share of the question's words, weighed by idf, that the sentence or its
    surroundings hold; `cosine` that of question and sentence, 0 where it was not looked at.
    """

    hit: Hit
    index: int  # of the sentence in its passage
    score: float
    coverage: float
    cosine: float

    @property
    def span(self) -> Span:
        """The sentence's offsets in its article."""
        return self.hit.passage.sentences[self.index]

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.span.of(self.hit.article.text)


def best_sentences(
    question: str, hits: Sequence[Hit], encoder: Encoder, lexical: LexicalIndex
) -> list[SentenceScore]:
    """Every sentence of the passages, best first; ties by article id, then start."""
    without_vectors = [
        _by_words(question, hit, index, lexical)
        for hit in hits
        for index in range(len(hit.passage.sentences))
    ]
    without_vectors.sort(key=_order)
    near, rest = without_vectors[:ENCODED], without_vectors[ENCODED:]
    vector = encoder.encode_question(question)
    texts = [context_text(sentence.hit.article.title, sentence.text) for sentence in near]
    cosines = encoder.encode_passages(texts).astype(np.float64) @ vector.astype(np.float64)
    with_vectors = [
        SentenceScore(
            hit=sentence.hit,
            index=sentence.index,
            score=rounded(sentence.score + COSINE_WEIGHT * float(cosine)),
            coverage=sentence.coverage,
            cosine=rounded(float(cosine)),
        )
        for sentence, cosine in zip(near, cosines, strict=True)
    ]
    return sorted(with_vectors, key=_order) + rest


def _order(sentence: SentenceScore) -> tuple[float, str, int]:
    return -sentence.score, sentence.hit.article.id, sentence.span.start


def _by_words(question: str, hit: Hit, index: int, lexical: LexicalIndex) -> SentenceScore:
    coverage = _coverage(question, hit, index, lexical)
    sentence = hit.passage.sentences[index].of(hit.article.text)
    score = (
        COVERAGE_WEIGHT * coverage
        + PASSAGE_WEIGHT * hit.score
        + KIND_WEIGHT * _holds_what_is_asked(question, sentence)
    )
    return SentenceScore(hit, index, rounded(score), rounded(coverage), 0.0)


def _coverage(question: str, hit: Hit, index: int, lexical: LexicalIndex) -> float:
    text, sentences = hit.article.text, hit.passage.sentences
    name = analyser_name(hit.article.language, text)
    asked = [term.term for term in content_terms(name, question)] or terms(name, question)
    inside = set(terms(name, sentences[index].of(text)))
    near = set(terms(name, hit.article.title or ""))
    if index:
        near.update(terms(name, sentences[index - 1].of(text)))
    weights = {term: lexical.idf(name, term) for term in asked}
    held = sum(
        weight * (1 if term in inside else NEAR if term in near else 0) for term, weight in weights.items()
    )
    return held / (sum(weights.values()) or 1)


def _holds_what_is_asked(question: str, sentence: str) -> bool:
    """Whether the question asks for a date, number or place, and the sentence has one it doesn't name."""
    for asks, pattern in ((_ASKS_DATE, _DATE), (_ASKS_NUMBER, _NUMBER), (_ASKS_PLACE, _NAME)):
        if asks.search(question):
            return any(found.lower() not in question.lower() for found in pattern.findall(sentence))
    return False
