"""Putting every question of a set to an archive, and keeping a row of what came of each."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article
from corpus.errors import InputError
from qa.answerer import Answerer
from qa.archive import Archive
from qa.evaluate.matching import Targets
from qa.evaluate.question_set import Question, QuestionSet, QuestionSetError
from qa.evaluate.ranking import (
    RERANKED,
    Ranked,
    by_best_passage,
    measure_passages,
    measure_ranking,
    retrieve,
)
from qa.evaluate.row import Row, row_of
from qa.evaluate.switching import touched
from qa.found import Found
from qa.parts import ALL, NAMES, Parts
from qa.reader.loading import load_reader
from qa.reader.onnx_reader import NAME as READER
from qa.reader.reading import Reader
from qa.reader.remembering import RememberingReader
from qa.retriever import Mode, Retriever

_TIMED = 50  # questions asked once more, by themselves, to see how long they take

Told = Callable[[int, int], None]  # questions done, questions in all


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a run, the threshold, the rankings they came from and how long questions took, in ms.

    `without` has, by the name of a part that was switched off, the same questions asked without it;
    `bare_ms` are searches without variants and dates, taken in turns with those of `search_ms`.
    """

    rows: list[Row]
    threshold: float
    ranked: dict[str, Ranked]
    judged: dict[str, dict[str, int]]
    search_ms: list[float]
    ask_ms: list[float]
    bare_ms: list[float]
    without: dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question's row, its articles as ranked and reranked, and whether short answers were marked."""

    row: Row
    ranked: Ranked
    reranked: Ranked
    spans: bool


def run_questions(
    questions: QuestionSet,
    archive: Archive,
    *,
    mode: Mode = "hybrid",
    threshold: float | None = None,
    reader: str | Reader = READER,
    calibration: str | Path | None = None,
    parts: Parts = ALL,
    on_off: bool = False,
    told: Told | None = None,
) -> Rows:
    """Asks every question; `told` hears how far it is. Its judged articles are in the archive.

    `threshold` is that of the reader's calibration, unless given. With `on_off`, each question is also
    asked without each of the parts that has to do with it.
    """
    relevant_ids = {id for question in questions.questions for id in question.relevant}
    articles = {id: archive.article(id) for id in relevant_ids}
    chosen = RememberingReader(load_reader(reader) if isinstance(reader, str) else reader)
    retriever = Retriever(archive, reader=chosen, calibration=calibration)
    held = Answerer(retriever, threshold=threshold).threshold
    count = len(archive)

    def ask(question: Question, parts: Parts) -> _Asked:
        return _ask(question, retriever, parts, mode, held, articles, count)

    asked: dict[str, _Asked] = {}
    without: dict[str, dict[str, _Asked]] = {name: {} for name in NAMES if on_off and getattr(parts, name)}
    for done, question in enumerate(questions.questions, 1):
        asked[question.id] = ask(question, parts)
        for name, found in without.items():
            if (put := touched(name, question, asked[question.id].row)) is not None:
                found[question.id] = ask(put, parts.less(name))
        if told is not None:
            told(done, len(questions.questions))
    judged = {question.id: question.judged for question in questions.questions if question.relevant}
    spans = any(each.spans for each in asked.values())
    for found in (asked, *without.values()):
        _measure(found, judged, spans=spans)
    search_ms, bare_ms, ask_ms = _times(questions.questions, archive, mode, chosen.reader, parts)
    return Rows(
        [each.row for each in asked.values()],
        held,
        {id: each.ranked for id, each in asked.items()},
        judged,
        search_ms,
        ask_ms,
        bare_ms,
        {
            name: [found.get(id, each).row for id, each in asked.items()]
            for name, found in without.items()
            if found
        },
    )


def _ask(
    question: Question,
    retriever: Retriever,
    parts: Parts,
    mode: Mode,
    threshold: float,
    articles: Mapping[str, Article],
    count: int,
) -> _Asked:
    try:
        answer = Answerer(retriever, threshold=0.0).ask(
            question.text, after=question.after, said_by=question.said_by, parts=parts
        )
        hits = retrieve(retriever, answer.searched, mode=mode, articles=count, parts=parts)
    except InputError as error:
        raise QuestionSetError(f"{question.place}: {error}") from None
    relevant = [articles[id] for id in sorted(question.relevant)]
    targets = Targets(question, relevant)
    found = Found(hits, retriever.meaning(answer.searched, parts), retriever.snapshot())
    return _Asked(
        row_of(question, answer, targets, relevant, threshold, measure_passages(hits, targets, question)),
        by_best_passage(hits),
        by_best_passage(retriever.reranked(found)),
        any(quote.span for quote in answer.quotes),
    )


def _measure(asked: Mapping[str, _Asked], judged: Mapping[str, Mapping[str, int]], *, spans: bool) -> None:
    """Puts the measures of the rankings into the rows; a reader that marks no `spans` has no EM and F1."""
    of = {id: judged[id] for id in asked if id in judged}
    measured = measure_ranking({id: asked[id].ranked for id in of}, of)
    anew = measure_ranking({id: asked[id].reranked for id in of}, of, RERANKED)
    for id, each in asked.items():
        each.row.retrieval.update(measured.get(id, {}))
        each.row.reranked.update(anew.get(id, {}))
        if not spans:
            each.row.answers.pop("EM", None)
            each.row.answers.pop("F1", None)


def _times(
    questions: Sequence[Question], archive: Archive, mode: Mode, reader: Reader, parts: Parts
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of search, of search by the question's own words, and of ask.

    Nothing is remembered from the questions before; the two searches take turns at going first.
    """
    chosen = questions[:: max(1, len(questions) // _TIMED)][:_TIMED]
    retriever = Retriever(archive, reader=reader, remembered=1)
    bare = Retriever(archive, remembered=1)
    runs = [(retriever, parts, list[float]()), (bare, parts.less("variants", "dates"), [])]
    for each, *_ in runs:
        each.search("This loads the indexes.")
    for question in chosen:
        for each, wanted, taken in runs:
            start = time.perf_counter()
            each.search(question.text, mode=mode, parts=wanted)
            taken.append((time.perf_counter() - start) * 1_000)
        runs.reverse()
    ask_ms = []
    for question in chosen:
        start = time.perf_counter()
        Answerer(retriever).ask(question.text, parts=parts)
        ask_ms.append((time.perf_counter() - start) * 1_000)
    times = {each is bare: taken for each, _, taken in runs}
    return times[False], times[True], ask_ms
