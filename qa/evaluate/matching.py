"""When a quote answers: by gold words it overlaps, else by an answer string it holds.

Normalisation, exact match and F1 are those of the SQuAD evaluation script (Rajpurkar et al. 2016):
lower case, no punctuation, no articles, white space folded; the best over the answers given.
"""

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.article import Article, Span
from qa.evaluate.question_set import Gold, Question

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_BETWEEN_WORDS = re.compile(r"(?<!\d)[^\w\s]|[^\w\s](?!\d)")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> str:
    """The text as the SQuAD script compares it."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(found: str, answers: Iterable[str]) -> float:
    """1 where the words found are one of the answers, else 0."""
    return float(any(normalised(found) == normalised(answer) for answer in answers))


def f1(found: str, answers: Iterable[str]) -> float:
    """Harmonic mean of precision and recall over words, in [0, 1]; the best over the answers."""
    return max(
        (_f1(normalised(found).split(), normalised(answer).split()) for answer in answers), default=0.0
    )


def holds_answer(text: str, answers: Iterable[str]) -> bool:
    """Whether a normalised answer stands in the normalised text, at word boundaries.

    Both as the script does it, and with punctuation as a boundary: "Rollo's" holds "Rollo". A comma
    or point between digits is none: "1,500" doesn't hold "500".
    """
    return any(
        answer and f" {answer} " in words
        for form in (str, _spaced)
        for words in [f" {normalised(form(text))} "]
        for answer in (normalised(form(each)) for each in answers)
    )


class Targets:
    """Where a question's answer stands in its judged articles."""

    def __init__(self, question: Question, articles: Sequence[Article]) -> None:
        self._question = question
        self._relevant = {article.id for article in articles}
        self.spans = {
            article.id: [
                span
                for gold in question.gold
                if gold.article in (None, article.id)
                for span in _gold_spans(gold, article.text)
            ]
            for article in articles
        }
        self.has_spans = any(self.spans.values())
        self.occurs = any(holds_answer(article.text, question.answers) for article in articles)

    @property
    def known(self) -> bool:
        """Whether it is known which words answer: gold that was found, or an answer that occurs."""
        return self.has_spans or self.occurs

    def hit(self, article: Article, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` answer the question."""
        if article.id not in self._relevant:
            return False
        if self.has_spans:
            return any(span.overlaps(Span(start, end)) for span in self.spans[article.id])
        return holds_answer(article.text[start:end], self._question.answers)


def occurrences(quote: str, text: str) -> list[Span]:
    """Where the quote's words stand in the text, whatever white space is between them."""
    words = quote.split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    return [Span(match.start(), match.end()) for match in pattern.finditer(text)]


def _spaced(text: str) -> str:
    return _BETWEEN_WORDS.sub(" ", text)


def _gold_spans(gold: Gold, text: str) -> list[Span]:
    if gold.start is None:
        return occurrences(gold.quote, text)
    span = Span(gold.start, gold.start + len(gold.quote))
    return [span] if span.of(text) == gold.quote else []


def _f1(found: list[str], answer: list[str]) -> float:
    if not found or not answer:
        return float(found == answer)
    shared = sum((Counter(found) & Counter(answer)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(found), shared / len(answer)
    return 2 * precision * recall / (precision + recall)
