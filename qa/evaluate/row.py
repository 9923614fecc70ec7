"""What came of one question."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from corpus.article import Article
from qa.answer import Answer
from qa.evaluate.matching import Targets, exact_match, f1
from qa.evaluate.question_set import Question
from qa.fusion import rounded

NOTHING = "nothing"  # what a question expects whose figures neither differ nor agree


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one question.

    `retrieval`, `reranked`, `passages` and `answers` hold measures by name, `reranked` those of the
    articles in the reader's order, the last of the quotes that a threshold of 0 shows. `right` is
    whether the first of them answers, None where it is not known which words would; `known` whether
    it is. `expected` are those words, or the short answers. `variants` and `dates` are what `ask --json`
    has under these names. `place` is where the question was read.
    """

    id: str
    place: str
    question: str
    expected: list[str]
    kind: str | None
    word: str
    answerable: bool | None
    source: str | None
    year: str | None
    known: bool
    confidence: float
    abstained: bool
    right: bool | None
    quotes_verified: bool
    retrieval: dict[str, float] = field(default_factory=dict)
    reranked: dict[str, float] = field(default_factory=dict)
    passages: dict[str, float] = field(default_factory=dict)
    answers: dict[str, float] = field(default_factory=dict)
    variants: dict[str, list[str]] = field(default_factory=dict)
    dates: list[dict[str, str]] = field(default_factory=list)
    quotes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def decided(self) -> float | None:
        """Whether it was answered rightly, or rightly not at all; None where that is not known."""
        if self.answerable is False:
            return float(self.abstained)
        return None if self.right is None else float(self.right and not self.abstained)

    def to_dict(self) -> dict[str, Any]:
        """The row as `rows.jsonl` has it."""
        return asdict(self)


def row_of(
    question: Question,
    answer: Answer,
    targets: Targets,
    relevant: Sequence[Article],
    threshold: float,
    passages: dict[str, float],
) -> Row:
    """What an answer at threshold 0 says of a question, its retrieval not measured yet."""
    hits = [targets.hit(quote.article, quote.start, quote.end) for quote in answer.quotes]
    known = targets.known and question.answerable is not False
    right = any(hits[:1]) if known else False if question.answerable is False else None
    first = relevant[0] if relevant else None
    return Row(
        id=question.id,
        place=question.place,
        question=question.text,
        expected=[gold.quote for gold in question.gold] or list(question.answers),
        kind=question.kind,
        word=question.word,
        answerable=question.answerable,
        source=first.source if first else None,
        year=first.published[:4] if first and first.published else None,
        known=known,
        confidence=rounded(answer.confidence),
        abstained=answer.confidence < threshold,
        right=right,
        quotes_verified=answer.verify().ok,
        passages=passages,
        answers=_answer_measures(question, answer, targets, hits) if known else {},
        variants={name: list(searched) for name, searched in answer.variants.items()},
        dates=[dict(date) for date in answer.dates],
        quotes=[
            {
                "article": quote.article.id,
                "start": quote.start,
                "end": quote.end,
                "text": quote.text,
                "hit": hit,
            }
            for quote, hit in zip(answer.quotes, hits, strict=True)
        ],
    )


def _answer_measures(
    question: Question, answer: Answer, targets: Targets, hits: Sequence[bool]
) -> dict[str, float]:
    """Sentence hits; and EM and F1 of the first quote's short answer where one occurs.

    The short answer is the marked span, or the whole quote where none is marked.
    """
    measures = {"sentence@1": float(any(hits[:1])), "sentence@3": float(any(hits[:3]))}
    if targets.occurs:
        words = ""
        for quote in answer.quotes[:1]:
            words = quote.text if quote.span is None else quote.span.of(quote.article.text)
        measures |= {"EM": exact_match(words, question.answers), "F1": f1(words, question.answers)}
    if question.expects is not None:
        measures["figures"] = float(question.expects in _said_of_figures(answer))
    return measures


def _said_of_figures(answer: Answer) -> Sequence[str]:
    told = [each.label for each in answer.differences] + ["agreement"] * bool(answer.agreements)
    return told or [NOTHING]
