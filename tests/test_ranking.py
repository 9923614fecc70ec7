"""Rankings by best passage, and their measures from the definitions, on the files that are exported."""

import math
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_sets import beir, corpus

from corpus.article import Article, Facts, Origin, Span
from corpus.passages import Passage
from qa.archive import Archive
from qa.evaluate import evaluate
from qa.evaluate.matching import Targets
from qa.evaluate.question_set import Gold, Question
from qa.evaluate.ranking import (
    DOCUMENTS,
    MEASURES,
    by_best_passage,
    decreasing,
    measure_passages,
    measure_ranking,
    retrieve,
)
from qa.hit import Hit
from qa.parts import ALL
from qa.retriever import Retriever

LETTERS = "abcdefghij"
JUDGED = st.dictionaries(st.sampled_from(LETTERS), st.integers(0, 3), max_size=6)
RANKED = st.lists(st.sampled_from(LETTERS), unique=True)


def measured(order, judged):
    """Every measure of one ranking, from its definition; a document is relevant above 0."""
    relevant = {document for document, grade in judged.items() if grade > 0}
    gains = [max(0, judged.get(document, 0)) for document in order]
    ideal = sorted((max(0, grade) for grade in judged.values()), reverse=True)

    def dcg(values):
        return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(values[:10], 1))

    ranks = [rank for rank, document in enumerate(order, 1) if document in relevant]
    first = ranks[0] if ranks else math.inf
    return {
        "nDCG@10": dcg(gains) / dcg(ideal),
        "RR@10": 1 / first if first <= 10 else 0.0,
        "R@10": sum(rank <= 10 for rank in ranks) / len(relevant),
        "R@100": sum(rank <= 100 for rank in ranks) / len(relevant),
        "AP@100": sum(found / rank for found, rank in enumerate(ranks, 1) if rank <= 100) / len(relevant),
        "Success@1": float(first <= 1),
        "Success@5": float(first <= 5),
    }


def read_trec(folder):
    """The rankings and judgements in the files of a run, read as any other tool would."""
    scored, judged = defaultdict(list), defaultdict(dict)
    for line in (folder / "run.trec").read_text("utf-8").splitlines():
        topic, q0, document, rank, score, _ = line.split()
        assert q0 == "Q0"
        scored[topic].append((int(rank), float(score), document))
    for line in (folder / "qrels.trec").read_text("utf-8").splitlines():
        topic, _, document, relevance = line.split()
        judged[topic][document] = int(relevance)
    return scored, judged


@given(RANKED, JUDGED.filter(lambda judged: any(judged.values())))
def test_every_measure_agrees_with_its_definition(order, judged):
    ranked = decreasing([(document, 0.5) for document in order])
    found = measure_ranking({"q": ranked}, {"q": judged})
    assert list(found["q"]) == list(MEASURES)
    assert found["q"] == pytest.approx(measured(order, judged), abs=1e-6)


def test_the_exported_files_give_the_measures_of_the_run(tmp_path):
    evaluation = evaluate(beir(tmp_path / "coast"), model="hashed-words", cache=tmp_path / "cache")
    evaluation.write(tmp_path / "out")
    scored, judged = read_trec(tmp_path / "out")
    assert judged == {
        "q1": {"ferry": 1}, "q2": {"strike": 1}, "q3": {"goats": 2, "ferry": 1, "choir": 0},
    }  # fmt: skip
    assert set(scored) == {"q1", "q2", "q3", "q4"}
    for lines in scored.values():
        assert [rank for rank, _, _ in lines] == list(range(1, len(lines) + 1))
        scores = [score for _, score, _ in lines]
        assert all(before > after for before, after in pairwise(scores))
    mine = [
        measured([id for *_, id in sorted(scored[topic], key=lambda line: -line[1])], judged[topic])
        for topic in judged
    ]
    for name, estimate in evaluation.summary.measures["retrieval"].items():
        assert estimate.mean == pytest.approx(sum(each[name] for each in mine) / len(mine), abs=0.00005)
        assert estimate.n == 3


@given(st.lists(st.floats(-1, 1).map(lambda score: round(score, 6)), max_size=60))
def test_scores_strictly_decrease_also_when_written_and_keep_the_order(scores):
    scores = sorted(scores, reverse=True)
    found = decreasing([(str(place), score) for place, score in enumerate(scores)])
    assert [id for id, _ in found] == [str(place) for place in range(len(scores))]
    written = [float(f"{score:.6f}") for _, score in found]
    assert all(before > after for before, after in pairwise(written))
    assert all(after <= before for (_, after), before in zip(found, scores, strict=True))


def test_ties_keep_the_order_they_came_in():
    assert decreasing([("b", 0.5), ("a", 0.5), ("c", 0.5)]) == [("b", 0.5), ("a", 0.499999), ("c", 0.499998)]
    assert decreasing([("a", 0.5), ("b", 0.499999)]) == [("a", 0.5), ("b", 0.499999)]


def test_a_question_that_finds_nothing_scores_nothing():
    found = measure_ranking({"q": [], "r": [("a", 1.0)]}, {"q": {"a": 1}, "r": {"a": 1}})
    assert found["q"] == dict.fromkeys(MEASURES, 0.0)
    assert found["r"] == dict.fromkeys(MEASURES, 1.0)
    assert measure_ranking({"q": []}, {"q": {"a": 1}}) == {"q": dict.fromkeys(MEASURES, 0.0)}


def test_without_a_relevant_article_there_is_nothing_to_measure():
    assert measure_ranking({"q": [("a", 1.0)]}, {"q": {"a": 0}}) == {}


def hit(id, score, start=0, end=10):
    article = Article.from_facts(Facts(), id=id, text="x" * 100, origin=Origin(id))
    return Hit(article, Passage(id, start, end, (Span(start, end),)), score, score, score)


def test_an_article_has_the_score_of_its_best_passage():
    hits = [hit("a", 0.9), hit("b", 0.8), hit("a", 0.7), hit("c", 0.6)]
    assert by_best_passage(hits) == [("a", 0.9), ("b", 0.8), ("c", 0.6)]


def test_only_so_many_articles_are_ranked():
    hits = [hit(f"{place:03}", 1 - place / 1_000) for place in range(DOCUMENTS + 20)]
    assert [id for id, _ in by_best_passage(hits)] == [f"{place:03}" for place in range(DOCUMENTS)]


def passages(ranks, *, found=True):
    gold = Gold("a", "x" * 5, 20) if found else Gold("a", "y", None)
    question = Question(
        id="q", text="?", answers=(), gold=(gold,), judged={"a": 1},
        answerable=True, kind=None, place="set:1", judged_at={},
    )  # fmt: skip
    hits = [hit("a", 0.5, 18, 22) if rank in ranks else hit("a", 0.5, 25, 30) for rank in range(1, 13)]
    return measure_passages(hits, Targets(question, [hits[0].article]), question)


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ({1, 4}, {"RR@10": 1.0, "Success@1": 1.0, "Success@5": 1.0}),
        ({5}, {"RR@10": 1 / 5, "Success@1": 0.0, "Success@5": 1.0}),
        ({6, 7}, {"RR@10": 1 / 6, "Success@1": 0.0, "Success@5": 0.0}),
        ({11}, {"RR@10": 0.0, "Success@1": 0.0, "Success@5": 0.0}),
        (set(), {"RR@10": 0.0, "Success@1": 0.0, "Success@5": 0.0}),
    ],
)
def test_a_passage_is_right_where_it_overlaps_gold_words(ranks, expected):
    assert passages(ranks) == pytest.approx(expected)


def test_passages_are_not_measured_where_the_gold_words_are_not_found():
    assert passages({1}, found=False) == {}


def test_retrieving_goes_on_until_there_are_so_many_articles_or_the_archive_ends(tmp_path):
    long = "Goats graze on the dyke near Veldmark. " * 3_600  # 210 passages of 120 words, before all others
    articles = {"long": long} | {f"short-{place:03}": f"Goat {place} sings." for place in range(150)}
    corpus(tmp_path / "corpus.jsonl", articles)
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(tmp_path / "corpus.jsonl")
        retriever = Retriever(archive)
        asked = "goats graze on the dyke near Veldmark"
        hits = retrieve(retriever, asked, mode="hybrid", articles=len(archive), parts=ALL)
        assert {found.article_id for found in hits[:200]} == {"long"}  # else this tests nothing
        assert len({found.article_id for found in hits}) >= DOCUMENTS
        ranked = by_best_passage(hits)
        assert ranked[0][0] == "long"
        assert len(ranked) == DOCUMENTS
        few = retrieve(retriever, "Veldmark", mode="bm25", articles=len(archive), parts=ALL)
        assert {found.article_id for found in few} == {"long"}  # no other has the word
