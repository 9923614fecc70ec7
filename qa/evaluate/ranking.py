"""Ranking articles by their best passage, and measuring the ranking with ir-measures."""

from collections.abc import Mapping, Sequence

import ir_measures

from corpus.article import Span
from qa.evaluate.matching import Targets
from qa.evaluate.question_set import Question
from qa.hit import Hit
from qa.parts import Parts
from qa.retriever import Mode, Retriever

MEASURES = ("nDCG@10", "RR@10", "R@10", "R@100", "AP@100", "Success@1", "Success@5")
RERANKED = ("nDCG@10", "RR@10", "Success@1", "Success@5")  # of the reader's order
PASSAGE_MEASURES = ("RR@10", "Success@1", "Success@5")
DOCUMENTS = 100  # distinct articles retrieved, or all there are
_FIRST_K = 200
_STEP = 1e-6

Ranked = list[tuple[str, float]]


def retrieve(retriever: Retriever, question: str, *, mode: Mode, articles: int, parts: Parts) -> list[Hit]:
    """Passages, best first, until they are of DOCUMENTS distinct articles or the archive ends."""
    wanted, k = min(DOCUMENTS, articles), _FIRST_K
    while True:
        hits = retriever.search(question, k, mode=mode, parts=parts)
        if len({hit.article_id for hit in hits}) >= wanted or len(hits) < k:
            return hits
        k *= 4


def by_best_passage(hits: Sequence[Hit]) -> Ranked:
    """Article ids with scores that strictly decrease, so that every tool ranks them alike."""
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(hit.article_id, hit.score)
    return decreasing(list(best.items())[:DOCUMENTS])


def decreasing(ranked: Ranked) -> Ranked:
    """The same order, with scores to six decimals each below the one before."""
    lowered: Ranked = []
    for id, score in ranked:
        most = lowered[-1][1] - _STEP if lowered else score
        lowered.append((id, round(min(score, most), 6)))
    return lowered


def measure_ranking(
    ranked: Mapping[str, Ranked], judged: Mapping[str, Mapping[str, int]], names: Sequence[str] = MEASURES
) -> dict[str, dict[str, float]]:
    """Each measure by question, over the questions that have a relevant article."""
    qrels = {id: dict(of) for id, of in judged.items() if any(value > 0 for value in of.values())}
    run = {id: dict(ranked[id]) for id in qrels if ranked[id]}
    found = {id: dict.fromkeys(names, 0.0) for id in qrels}  # what finds nothing scores nothing
    if not run:
        return found
    parsed = [ir_measures.parse_measure(name) for name in names]
    for metric in ir_measures.iter_calc(parsed, qrels, run):
        found[metric.query_id][str(metric.measure)] = float(metric.value)
    return found


def measure_passages(hits: Sequence[Hit], targets: Targets, question: Question) -> dict[str, float]:
    """How high the first passage that overlaps gold words stands; only where gold words were found."""
    if not targets.has_spans or not question.relevant:
        return {}
    ranks = [
        rank
        for rank, hit in enumerate(hits, 1)
        if any(span.overlaps(Span(hit.start, hit.end)) for span in targets.spans.get(hit.article_id, []))
    ]
    first = min(ranks, default=0)
    return {
        "RR@10": 1 / first if 1 <= first <= 10 else 0.0,
        "Success@1": float(first == 1),
        "Success@5": float(1 <= first <= 5),
    }
