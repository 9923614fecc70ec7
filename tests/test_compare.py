"""Two runs side by side: equal ones, better ones, and runs that can't be compared."""

import json

import pytest
from tiny_sets import beir

from qa.evaluate import compare, evaluate
from qa.evaluate.question_set import QuestionSetError

COUNT = 30


def row(id, *, ndcg, first=1.0, answerable=True, abstained=False, question="Who?"):
    return {
        "id": id, "question": question, "answerable": answerable, "abstained": abstained,
        "retrieval": {"nDCG@10": ndcg} if answerable else {}, "reranked": {}, "passages": {},
        "answers": {"sentence@1": first} if answerable else {},
    }  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write(name, rows):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows.jsonl").write_text(
            "".join(json.dumps(each) + "\n" for each in rows), "utf-8"
        )
        return tmp_path / name

    return write


def by_measure(comparison):
    return {each.measure: each for each in comparison.differences}


def test_a_run_with_itself_is_no_different(tmp_path):
    evaluate(beir(tmp_path / "coast"), model="hashed-words", cache=tmp_path / "cache").write(tmp_path / "out")
    found = compare(tmp_path / "out", tmp_path / "out")
    assert found.verdict == "no difference"
    assert {each.p for each in found.differences} == {1.0}
    assert {each.verdict for each in found.differences} == {"no difference"}
    assert {each.difference.mean for each in found.differences} == {0.0}
    assert (found.questions, found.better, found.worse, found.warnings) == (4, [], [], [])
    assert [each.measure for each in found.differences][:2] == ["retrieval nDCG@10", "retrieval RR@10"]
    assert found.differences[-1].measure == "abstention right"


def test_a_clearly_better_run_says_so(written):
    a = written("a", [row(f"q{place}", ndcg=0.5) for place in range(COUNT)])
    b = written("b", [row(f"q{place}", ndcg=0.75) for place in range(COUNT)])
    found = compare(a, b)
    ndcg = by_measure(found)["retrieval nDCG@10"]
    assert (ndcg.first, ndcg.second, ndcg.verdict) == (0.5, 0.75, "B is better")
    assert (ndcg.difference.mean, ndcg.difference.low, ndcg.difference.high) == (0.25, 0.25, 0.25)
    assert ndcg.p < 0.01
    assert by_measure(found)["answers sentence@1"].verdict == "no difference"
    assert found.verdict == "B is better on retrieval nDCG@10"
    back = compare(b, a)
    assert back.verdict == "A is better on retrieval nDCG@10"
    assert by_measure(back)["retrieval nDCG@10"].difference.mean == -0.25


def test_p_is_corrected_for_the_number_of_measures(written):
    # 6 questions all better: two of 64 signs are as extreme, p = 1/32; the three measures triple the least
    a = written("a", [row(f"q{place}", ndcg=0.5) for place in range(6)])
    b = written("b", [row(f"q{place}", ndcg=0.75) for place in range(6)])
    found = by_measure(compare(a, b))
    assert len(found) == 3
    assert found["retrieval nDCG@10"].p == pytest.approx(3 / 32, abs=0.02)
    assert found["retrieval nDCG@10"].verdict == "no difference"


def test_questions_that_changed_most_come_first_both_ways(written):
    a = written("a", [row("up", ndcg=0.1, first=0.0), row("down", ndcg=0.5), row("same", ndcg=0.2)])
    b = written("b", [row("up", ndcg=0.2), row("down", ndcg=0.25), row("same", ndcg=0.2)])
    found = compare(a, b)
    assert [(each.id, each.measure, each.first, each.second) for each in found.better] == [
        ("up", "answers sentence@1", 0.0, 1.0)
    ]
    assert [(each.id, each.measure) for each in found.worse] == [("down", "retrieval nDCG@10")]


def test_abstaining_rightly_is_compared_over_both_kinds_of_question(written):
    a = written("a", [row("can", ndcg=1, abstained=True), row("cannot", ndcg=0, answerable=False)])
    b = written("b", [row("can", ndcg=1), row("cannot", ndcg=0, answerable=False, abstained=True)])
    right = by_measure(compare(a, b))["abstention right"]
    assert (right.first, right.second, right.difference.n) == (0.0, 1.0, 2)


def test_only_shared_questions_are_compared_and_the_rest_is_told(written):
    a = written("a", [row("q1", ndcg=0.5), row("q2", ndcg=0.0)])
    b = written("b", [row("q1", ndcg=0.5), row("q3", ndcg=1.0)])
    found = compare(a, b)
    assert found.questions == 1
    assert by_measure(found)["retrieval nDCG@10"].difference.n == 1
    assert found.warnings == ["2 questions are in one run only and are left out"]


def test_the_same_id_with_other_words_is_warned_of(written):
    a = written("a", [row("q1", ndcg=0.5)])
    b = written("b", [row("q1", ndcg=0.5, question="Кто?")])
    (warning,) = compare(a, b).warnings
    assert warning.startswith("1 questions have the same id but other words in A and B (the first: 'q1')")


def test_runs_that_share_nothing_are_refused(written):
    a = written("a", [row("q1", ndcg=0.5)])
    b = written("b", [row("q2", ndcg=0.5)])
    with pytest.raises(QuestionSetError, match="have no question in common; compare runs of one set"):
        compare(a, b)
    with pytest.raises(QuestionSetError, match="have no question in common"):
        compare(a, written("empty", []))
    unjudged = [row("q", ndcg=0.5, answerable=None) | {"retrieval": {}, "answers": {}}]
    with pytest.raises(QuestionSetError, match="share no measure"):
        compare(written("c", unjudged), written("d", unjudged))


def test_what_is_no_run_is_refused_by_name_and_line(tmp_path, written):
    good = written("good", [row("q1", ndcg=0.5)])
    for name in ("missing", "."):
        with pytest.raises(QuestionSetError, match="is no run; name a folder that `eval --out` wrote"):
            compare(good, tmp_path / name)
    for place, line in enumerate(
        ["{", "[]", '"x"', '{"id": "q1"}', json.dumps(row("q", ndcg=None)), json.dumps(row(3, ndcg=1))]
    ):
        bad = written(f"bad{place}", [row("q0", ndcg=0.5)])
        with (bad / "rows.jsonl").open("a") as file:
            file.write(line + "\n")
        with pytest.raises(QuestionSetError, match=r"rows\.jsonl:2: this is no row of a run"):
            compare(good, bad)


def test_rows_can_be_named_by_their_file(written):
    a = written("a", [row("q1", ndcg=0.5)])
    assert compare(a / "rows.jsonl", a).verdict == "no difference"
