"""Fitting what a reader's logits are worth, on half of a question set's documents.

The other half is not looked at in fitting, and is what the measures reported are of.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from embeddings.encoder import Encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa.archive import Archive
from qa.candidates import length
from qa.evaluate.abstention import Abstention, measure_abstention
from qa.evaluate.archives import archive_of
from qa.evaluate.matching import Targets
from qa.evaluate.question_set import Question, QuestionSetError
from qa.evaluate.reading import CACHE, read_question_set
from qa.evaluate.running import Told
from qa.evaluate.summary import without_nan
from qa.reader.calibration import Calibration, Evidence, Odds
from qa.reader.loading import load_reader
from qa.reader.onnx_reader import NAME as READER
from qa.reader.reading import Reader
from qa.retriever import Retriever

LOST = 0.03  # of the answerable questions of the half fitted on, abstained from at the threshold shipped
_USUAL = 0.99  # of the questions fitted on are no longer than those whose reader is trusted in full
_DOUBTED = 0.05  # of the questions with an answer have no margin above that at which the reader counts half
_PENALTY = 1e-3  # on the squared weights, over the mean loss
_FIELDS = [each.name for each in fields(Evidence)]
_READ = np.isin(_FIELDS, ["relevance", "margin"])  # the reader's word
_MARGIN = _FIELDS.index("margin")
_NEVER_AGAINST: list[tuple[float | None, None]] = [(0.0, None)] * len(_FIELDS)
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: the evidence of its candidates, (candidates, 5), and which of them answer.

    `document` is what is kept in one half: the title, or else the id, of an article it is about.
    """

    document: str
    words: int  # of the question
    answerable: bool
    evidence: Matrix
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration, and how it does on the half of each set that it has not seen."""

    calibration: Calibration
    unseen: dict[str, Abstention]
    questions: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """What `calibrate --json` prints."""
        return {
            "calibration": asdict(self.calibration),
            "unseen": {name: without_nan(asdict(found)) for name, found in self.unseen.items()},
            "questions": self.questions,
        }


def calibrate(
    datasets: Sequence[str | Path],
    *,
    archive: Archive | None = None,
    reader: str | Reader = READER,
    model: str | Encoder = DEFAULT_MODEL,
    cache: str | Path = CACHE,
    told: Told | None = None,
) -> Fitted:
    """Fits a calibration to a reader on half of each set, by document.

    A set without a corpus of its own is asked of `archive`. Raises QuestionSetError where a set can't
    be used, InputError where its answers are all right or all wrong.
    """
    chosen = load_reader(reader) if isinstance(reader, str) else reader
    seen: list[Case] = []
    unseen: dict[str, list[Case]] = {}
    for dataset in datasets:
        cases = _cases(dataset, archive, chosen, model, Path(cache), told)
        seen += [case for case in cases if _first_half(case)]
        unseen[Path(dataset).stem] = [case for case in cases if not _first_half(case)]
    if len({_answers(case) for case in seen}) < 2:
        raise InputError(
            "the questions to fit on are all answered or none is; a calibration needs questions of both kinds"
        )
    names = tuple(f"half of {name}, by document" for name in unseen)
    calibration = fit(seen, chosen.weights_sha256, names)
    return Fitted(
        calibration,
        {name: measured(cases, calibration) for name, cases in unseen.items()},
        {"fitted on": len(seen)} | {name: len(cases) for name, cases in unseen.items()},
    )


def fit(cases: Sequence[Case], reader_sha256: str, names: tuple[str, ...]) -> Calibration:
    """The weights under which right candidates win, and those under which the winner's odds are true.

    The first by a conditional logit (McFadden 1974) over the candidates of each question that has a
    right one; the others by logistic regression on the evidence of the winner, over all questions.
    No evidence counts against a candidate.
    """
    choices = [case for case in cases if case.right.any()]
    doubt = float(np.quantile([case.evidence[:, _MARGIN].max() for case in choices], _DOUBTED))
    choices = [replace(case, evidence=_heard(case.evidence, doubt)) for case in choices]
    scale = _scale(np.concatenate([case.evidence for case in choices]))
    scaled = [replace(case, evidence=case.evidence / scale) for case in choices]
    order = _least(_choice_loss, _NEVER_AGAINST, scaled) / scale
    best, right = [], []
    for case in cases:
        at = int((_heard(case.evidence, doubt) @ order).argmax())
        best.append(case.evidence[at])
        right.append(float(case.right[at]))
    calibration = Calibration(
        reader_sha256=reader_sha256,
        words=float(np.quantile([case.words for case in cases], _USUAL)),
        doubt=round(doubt, 6),
        order=_evidence(order),
        confidence=_fitted_odds(np.array(best), np.array(right)),
        unread=_fitted_odds(np.where(_READ, 0.0, best), np.array(right)),
        threshold=0.0,
        fitted_on=names,
    )
    sure = [confidence for case in cases if case.answerable for confidence, _ in [_asked(case, calibration)]]
    threshold = float(np.quantile(sure, LOST)) if sure else 0.5
    return replace(calibration, threshold=round(threshold, 3))


def measured(cases: Sequence[Case], calibration: Calibration) -> Abstention:
    """How well the calibration keeps its word on these questions."""
    asked = [_asked(case, calibration) for case in cases]
    return measure_abstention(
        [sure for sure, _ in asked],
        [sure < calibration.threshold for sure, _ in asked],
        [case.answerable for case in cases],
        [right for _, right in asked],
    )


def _cases(
    dataset: str | Path,
    archive: Archive | None,
    reader: Reader,
    model: str | Encoder,
    cache: Path,
    told: Told | None,
) -> list[Case]:
    questions = read_question_set(dataset, cache=cache)
    built = archive_of(questions.corpus, cache=cache, model=model) if questions.corpus else archive
    if built is None:
        raise QuestionSetError(f"{questions.path} has no corpus of its own; name the archive to ask")
    retriever = Retriever(built, reader=reader)
    try:
        cases = []
        for done, question in enumerate(questions.questions, 1):
            case = _case(question, retriever)
            if case is not None:
                cases.append(case)
            if told is not None:
                told(done, len(questions.questions))
        return cases
    finally:
        if questions.corpus:
            built.close()


def _case(question: Question, retriever: Retriever) -> Case | None:
    """None where it is not known which words answer, or nothing is found."""
    relevant = [retriever.archive.article(id) for id in sorted(question.relevant)]
    targets = Targets(question, relevant)
    answerable = question.answerable is not False
    if answerable and not targets.known:
        return None
    passages = retriever.found(question.text, retriever.reads, None)
    found = retriever.candidates(passages)
    if not found:
        return None
    first = relevant[0] if relevant else passages.hits[0].article
    return Case(
        document=first.title or first.id,
        words=length(question.text),
        answerable=answerable,
        evidence=np.array([[getattr(each.evidence, name) for name in _FIELDS] for each in found]),
        right=np.array(
            [
                answerable and targets.hit(each.hit.article, each.sentence.start, each.sentence.end)
                for each in found
            ]
        ),
    )


def _first_half(case: Case) -> bool:
    return hashlib.sha256(case.document.encode()).digest()[0] % 2 == 0


def _answers(case: Case) -> bool:
    return bool(case.right.any())


def _scale(evidence: Matrix) -> Matrix:
    spread: Matrix = evidence.std(axis=0)
    return np.where(spread == 0, 1.0, spread)


def _heard(evidence: Matrix, doubt: float) -> Matrix:
    """As Calibration.logits weighs it."""
    trust = 1 / (1 + np.exp(doubt - evidence[:, _MARGIN].max()))
    return np.where(_READ, trust * evidence, evidence)


def _fitted_odds(best: Matrix, right: Matrix) -> Odds:
    scale = _scale(best)
    intercept, *weights = _least(_odds_loss, [(None, None), *_NEVER_AGAINST], best / scale, right)
    return Odds(float(round(intercept, 6)), _evidence(weights / scale))


def _least(loss: Callable[..., float], bounds: Sequence[tuple[float | None, None]], *data: object) -> Matrix:
    """The parameters within the bounds that lose least on the data, begun at 0."""
    from scipy.optimize import minimize  # noqa: PLC0415  (slow to import; only calibrating needs it)

    found: Matrix = minimize(loss, np.zeros(len(bounds)), args=data, bounds=bounds).x
    return found


def _evidence(weights: Matrix) -> Evidence:
    return Evidence(*(float(round(weight, 6)) for weight in weights))


def _choice_loss(parameters: Matrix, cases: Sequence[Case]) -> float:
    """Mean negative log likelihood of a right candidate among all of its question's."""
    loss = 0.0
    for case in cases:
        logits = case.evidence @ parameters
        loss += np.logaddexp.reduce(logits) - np.logaddexp.reduce(logits[case.right])
    return float(loss / len(cases) + _PENALTY * (parameters**2).sum())


def _odds_loss(parameters: Matrix, evidence: Matrix, right: Matrix) -> float:
    """Mean negative log likelihood of the best candidates being right or wrong as they are."""
    logits = parameters[0] + evidence @ parameters[1:]
    return float((np.logaddexp(0.0, logits) - right * logits).mean() + _PENALTY * (parameters[1:] ** 2).sum())


def _asked(case: Case, calibration: Calibration) -> tuple[float, bool]:
    """The confidence, and whether the best candidate answers."""
    found = [Evidence(*map(float, each)) for each in case.evidence]
    at = int(np.argmax(calibration.logits(found, case.words)))
    return calibration.probability(found[at], case.words), bool(case.right[at])
