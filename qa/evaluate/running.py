"""Putting every question of a set to an archive, and keeping a row of what came of each."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.errors import InputError
from qa.answer import Answer
from qa.answerer import Answerer
from qa.archive import Archive
from qa.evaluate.matching import Targets, exact_match, f1
from qa.evaluate.part_measures import measure_parts
from qa.evaluate.question_set import Question, QuestionSet, QuestionSetError
from qa.evaluate.ranking import (
    RERANKED,
    Ranked,
    by_best_passage,
    measure_passages,
    measure_ranking,
    retrieve,
)
from qa.found import Found
from qa.fusion import rounded
from qa.meaning import FREE, Liberties
from qa.reader.loading import load_reader
from qa.reader.onnx_reader import NAME as READER
from qa.reader.reading import Reader
from qa.reader.remembering import RememberingReader
from qa.retriever import Mode, Retriever

_TIMED = 50  # questions asked once more, by themselves, to see how long they take

Told = Callable[[int, int], None]  # questions done, questions in all


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one question.

    `retrieval`, `reranked`, `passages` and `answers` hold measures by name, `reranked` those of the
    articles in the reader's order, the last of the quotes that a threshold of 0 shows; `parts` what
    parts of an answer are worth. `right` is
    whether the first of them answers, None where it is not known which words would; `known` whether
    it is. `expected` are those words, or the short answers.
    `place` is where the question was read.
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
    parts: dict[str, float] = field(default_factory=dict)
    quotes: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The row as `rows.jsonl` has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a run, the threshold, the rankings they came from and how long questions took, in ms."""

    rows: list[Row]
    threshold: float
    ranked: dict[str, Ranked]
    judged: dict[str, dict[str, int]]
    search_ms: list[float]
    ask_ms: list[float]


def run_questions(
    questions: QuestionSet,
    archive: Archive,
    *,
    mode: Mode = "hybrid",
    threshold: float | None = None,
    reader: str | Reader = READER,
    calibration: str | Path | None = None,
    liberties: Liberties = FREE,
    told: Told | None = None,
) -> Rows:
    """Asks every question; `told` hears how far it is. Its judged articles are in the archive.

    `threshold` is that of the reader's calibration, unless given.
    """
    relevant_ids = {id for question in questions.questions for id in question.relevant}
    articles = {id: archive.article(id) for id in relevant_ids}
    chosen = RememberingReader(load_reader(reader) if isinstance(reader, str) else reader)
    retriever = Retriever(archive, reader=chosen, calibration=calibration)
    answerer = Answerer(retriever, threshold=0.0)
    held = Answerer(retriever, threshold=threshold).threshold
    count = len(archive)
    rows: list[Row] = []
    ranked: dict[str, Ranked] = {}
    reranked: dict[str, Ranked] = {}
    spans = False
    judged = {question.id: question.judged for question in questions.questions if question.relevant}
    for done, question in enumerate(questions.questions, 1):
        try:
            answer = answerer.ask(
                question.text, after=question.after, said_by=question.said_by, liberties=liberties
            )
            hits = retrieve(retriever, answer.searched, mode=mode, articles=count, liberties=liberties)
        except InputError as error:
            raise QuestionSetError(f"{question.place}: {error}") from None
        relevant = [articles[id] for id in sorted(question.relevant)]
        targets = Targets(question, relevant)
        ranked[question.id] = by_best_passage(hits)
        meant = retriever.meaning(answer.searched, liberties)
        found = Found(hits, meant, retriever.snapshot())
        reranked[question.id] = by_best_passage(retriever.reranked(found))
        spans = spans or any(quote.span for quote in answer.quotes)
        row = _row(question, answer, targets, relevant, held, measure_passages(hits, targets, question))
        row.parts.update(measure_parts(question, answerer, targets, answer))
        rows.append(row)
        if told is not None:
            told(done, len(questions.questions))
    measured, anew = measure_ranking(ranked, judged), measure_ranking(reranked, judged, RERANKED)
    for row in rows:
        row.retrieval.update(measured.get(row.id, {}))
        row.reranked.update(anew.get(row.id, {}))
        if not spans:  # a reader that marks no short answers has none to measure
            row.answers.pop("EM", None)
            row.answers.pop("F1", None)
    search_ms, ask_ms = _times(questions.questions, archive, mode, chosen.reader, liberties)
    return Rows(rows, held, ranked, judged, search_ms, ask_ms)


def _row(
    question: Question,
    answer: Answer,
    targets: Targets,
    relevant: Sequence[Article],
    threshold: float,
    passages: dict[str, float],
) -> Row:
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
    return measures


def _times(
    questions: Sequence[Question], archive: Archive, mode: Mode, reader: Reader, liberties: Liberties
) -> tuple[list[float], list[float]]:
    """Milliseconds of search and of ask, nothing remembered from the questions before."""
    chosen = questions[:: max(1, len(questions) // _TIMED)][:_TIMED]
    retriever = Retriever(archive, reader=reader, remembered=1)
    retriever.search("This loads the indexes.")
    search_ms, ask_ms = [], []
    for question in chosen:
        start = time.perf_counter()
        retriever.search(question.text, mode=mode, liberties=liberties)
        search_ms.append((time.perf_counter() - start) * 1_000)
    for question in chosen:
        start = time.perf_counter()
        Answerer(retriever).ask(question.text, liberties=liberties)
        ask_ms.append((time.perf_counter() - start) * 1_000)
    return search_ms, ask_ms
