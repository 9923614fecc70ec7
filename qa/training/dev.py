"""How well a network reads a dev set, quickly: the questions' best passages are found once and kept.

The measures that count are those of `python -m qa eval`; these show that training moves.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from corpus.article import Span
from qa.evaluate.abstention import auroc
from qa.evaluate.archives import archive_of
from qa.evaluate.matching import exact_match, f1, holds_answer
from qa.evaluate.reading import CACHE, read_question_set
from qa.reader.spans import Logits, sentence_spans
from qa.reader.windows import PairTokenizer, Window
from qa.retriever import Retriever
from qa.training.network import ReaderNetwork

PASSAGES = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage the retriever found, with its sentences' offsets and whether its article answers."""

    title: str | None
    passage: str
    sentences: list[tuple[int, int]]
    score: float
    relevant: bool


@dataclass(frozen=True, slots=True)
class DevQuestion:
    """A question of a dev set with its candidates, best first."""

    id: str
    question: str
    answers: list[str]
    answerable: bool
    candidates: list[Candidate]


def dev_questions(dataset: Path, folder: Path) -> list[DevQuestion]:
    """The set's questions; what was found for them is kept in `folder`."""
    file = folder / f"{dataset.name}.dev.jsonl"
    if not file.exists():
        questions = read_question_set(dataset)
        if questions.corpus is None:
            raise ValueError(f"{dataset} has no corpus of its own")
        new = file.with_suffix(".new")
        with archive_of(questions.corpus, cache=CACHE) as archive, new.open("w", encoding="utf-8") as lines:
            retriever = Retriever(archive)
            for question in questions.questions:
                candidates = [
                    Candidate(
                        title=hit.article.title,
                        passage=hit.text,
                        sentences=[(s.start - hit.start, s.end - hit.start) for s in hit.passage.sentences],
                        score=hit.score,
                        relevant=hit.article.id in question.relevant,
                    )
                    for hit in retriever.search(question.text, k=2 * PASSAGES)
                ]
                answerable = question.answerable is not False
                found = DevQuestion(
                    question.id, question.text, list(question.answers), answerable, candidates
                )
                lines.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")
        new.rename(file)
    return [_question(line) for line in file.read_text("utf-8").splitlines()]


def dev_scores(
    network: ReaderNetwork, tokenizer: PairTokenizer, questions: Sequence[DevQuestion]
) -> dict[str, float]:
    """Hit@1 of the article, answer sentence first, EM and F1 of the first span, AUROC of abstaining."""
    measures: dict[str, list[float]] = {"hit@1": [], "sentence@1": [], "EM": [], "F1": []}
    sure: dict[bool, list[float]] = {True: [], False: []}
    for question in questions:
        read = [
            read_candidate(network, tokenizer, question.question, each)
            for each in question.candidates[:PASSAGES]
        ]
        scores = [score for score, _ in read]
        best = int(np.argmax(scores))
        sure[question.answerable].append(scores[best])
        if not question.answerable or not question.answers:
            continue
        candidate, span = question.candidates[best], read[best][1]
        sentence = next((s for s in candidate.sentences if s[0] <= span.start < s[1]), (0, 0))
        words = span.of(candidate.passage)
        holds = holds_answer(candidate.passage[slice(*sentence)], question.answers)
        measures["hit@1"].append(candidate.relevant)
        measures["sentence@1"].append(candidate.relevant and holds)
        measures["EM"].append(exact_match(words, question.answers))
        measures["F1"].append(f1(words, question.answers))
    found = {name: float(np.mean(values)) for name, values in measures.items() if values}
    if all(sure.values()):
        labelled = [(score, float(can)) for can, scores in sure.items() for score in scores]
        found["AUROC"] = auroc(np.array(labelled))
    return found


def read_candidate(
    network: ReaderNetwork, tokenizer: PairTokenizer, question: str, candidate: Candidate
) -> tuple[float, Span]:
    """The passage's score, relevance and span margin together, and its best span."""
    sentences = [Span(*sentence) for sentence in candidate.sentences]
    best: tuple[float, Span] = -np.inf, Span(0, 0)
    for window in tokenizer.windows(question, candidate.title, candidate.passage):
        start, end, relevance = _read(network, window)
        for found in sentence_spans(window, start, end, sentences):
            if found is not None and relevance + found[0] / 2 > best[0]:
                best = relevance + found[0] / 2, found[1]
    return best


def _read(network: ReaderNetwork, window: Window) -> tuple[Logits, Logits, float]:
    ids, kinds = torch.tensor([window.ids]), torch.tensor([window.kinds])
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        start, end, relevance = network(ids, torch.ones_like(ids), kinds)
    return start[0].float().numpy(), end[0].float().numpy(), float(relevance[0])


def _question(line: str) -> DevQuestion:
    record = json.loads(line)
    candidates = [Candidate(**each) for each in record.pop("candidates")]
    return DevQuestion(**record, candidates=candidates)
