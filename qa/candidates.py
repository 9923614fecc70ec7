"""Every sentence the reader has read, with the probability that it answers."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.article import Span
from corpus.passages import context_text
from qa.coverage import Coverage
from qa.fusion import rounded
from qa.hit import Hit
from qa.reader.calibration import LEAST, Calibration, Evidence
from qa.reader.reading import PassageReading, SentenceReading
from qa.stopwords import ENGLISH
from qa.word_search import TermWeights

_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a passage that was read; `span` is the short answer in it, where one is marked."""

    hit: Hit
    index: int  # of the sentence in its passage
    span: Span | None
    evidence: Evidence
    logit: float  # what candidates are ordered by
    alone: float  # the probability that it answers, were it the best
    score: float  # the probability that it answers

    @property
    def sentence(self) -> Span:
        """The sentence's offsets in its article."""
        return self.hit.passage.sentences[self.index]

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.sentence.of(self.hit.article.text)


def candidates(
    asked: Sequence[str],
    hits: Sequence[Hit],
    readings: Sequence[PassageReading | None],
    calibration: Calibration,
    lexical: TermWeights,
) -> list[Candidate]:
    """Every sentence of the passages, best first; ties by article id, then start.

    `asked` is the question as each passage was read with it, which may spell its names its own way.
    Of a passage that the reader could not read it says what it says on average of the others.
    The best one's probability is the calibration's; each other's is less by the odds between them.
    """
    known = [each for each in readings if each is not None]
    share = len(known) / max(1, len(readings))
    coverages = {question: Coverage(question, lexical) for question in asked}
    words = max(map(length, asked), default=0)
    read: list[tuple[Hit, int, Span | None, Evidence]] = []
    for question, hit, reading in zip(asked, hits, _filled(hits, readings, known), strict=True):
        names, coverage = names_and_numbers(question), coverages[question]
        dated = f"{hit.article.published or ''} {hit.text}"
        named = _share(names, context_text(hit.article.title, dated))
        for index, sentence in enumerate(reading.sentences):
            evidence = Evidence(
                relevance=reading.relevance,
                margin=sentence.margin,
                fusion=hit.score - hit.gained,  # of the right days, it is not the likelier to answer
                named=named,
                coverage=coverage.of(hit, index),
            )
            read.append((hit, index, _short(question, sentence), evidence))
    ordered = [replace(evidence, fusion=hit.score) for hit, *_, evidence in read]
    logits = calibration.logits(ordered, words, share)
    found = [
        Candidate(*each, logit, calibration.probability(each[-1], words, share), 0.0)
        for each, logit in zip(read, logits, strict=True)
    ]
    found.sort(key=lambda each: (-each.logit, each.hit.article.id, each.sentence.start))
    return weighed(found)


def weighed(found: Sequence[Candidate]) -> list[Candidate]:
    """Candidates, best first, each with its probability where there are no others."""
    return [
        replace(each, score=max(LEAST, rounded(found[0].alone * math.exp(each.logit - found[0].logit))))
        for each in found
    ]


def _filled(
    hits: Sequence[Hit], readings: Sequence[PassageReading | None], known: Sequence[PassageReading]
) -> list[PassageReading]:
    """A reading for each passage, where only the `known` are there."""
    relevance = _mean([each.relevance for each in known])
    sentence = SentenceReading(_mean([said.margin for each in known for said in each.sentences]), None)
    return [
        reading or PassageReading(relevance, (sentence,) * len(hit.passage.sentences))
        for hit, reading in zip(hits, readings, strict=True)
    ]


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


def length(question: str) -> int:
    """In words."""
    return len(_WORD.findall(question))


def names_and_numbers(question: str) -> list[str]:
    """The question's words that begin with a capital or a digit; its first word only with a digit."""
    words = _WORD.findall(_POSSESSIVE.sub("", question))
    return list(
        dict.fromkeys(
            word
            for at, word in enumerate(words)
            if word[0].isdigit() or (at and word[0].isupper() and word.casefold() not in ENGLISH)
        )
    )


def _share(names: Sequence[str], text: str) -> float:
    if not names:
        return 1.0
    words = {word.casefold() for word in _WORD.findall(text)}
    return sum(name.casefold() in words for name in names) / len(names)


_ASKS_FOR_MORE = re.compile(
    r"\b(?:why|how(?! (?:many|much|long|old|far|tall|high|large|big|often|fast|deep|wide|heavy))\b|"
    r"what (?:reasons?|causes?|caused|led|explains?|happened)|for what reasons?|"
    r"what (?:do|does|did) .{1,60} (?:think|say|believe|argue|feel)|opinions?|list|name (?:the|all|some)|"
    r"(?:what|which) (?:are|were) (?:the|some|all))\b",
    re.IGNORECASE,
)


def _short(question: str, sentence: SentenceReading) -> Span | None:
    """The marked words; none where the question asks for a reason, an opinion or a list: for sentences."""
    return None if _ASKS_FOR_MORE.search(question) else sentence.span
