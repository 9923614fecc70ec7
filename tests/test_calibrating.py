"""Fitting a calibration: on questions whose truth is known because it was drawn, and from the command line."""

import json

import numpy as np
import pytest
from tiny_sets import ARTICLES, QRELS, QUESTIONS, beir, own

from qa import Answerer, Archive
from qa.cli import main
from qa.evaluate.calibrating import LOST, Case, fit, measured
from qa.reader.calibration import Calibration, Evidence


def drawn(count, *, seed=1):
    """Questions of five candidates; one answers, or none, by a conditional logit over two kinds of evidence."""
    chance = np.random.default_rng(seed)
    cases = []
    for number in range(count):
        evidence = np.zeros((5, 5))
        evidence[:, 0] = chance.normal(0, 3, 5)
        evidence[:, 1] = chance.normal(0, 3, 5)
        evidence[:, 2] = chance.normal(0, 1, 5)  # says nothing
        logits = np.append(1.5 * evidence[:, 0] + 0.5 * evidence[:, 1] - 2.0, 0.0)
        odds = np.exp(logits - logits.max())
        chosen = chance.choice(6, p=odds / odds.sum())
        cases.append(Case(str(number), 9, chosen < 5, evidence, np.arange(5) == chosen))
    return cases


def test_it_finds_the_weights_that_made_the_data():
    weights = fit(drawn(3_000), "x", ()).order
    assert weights.relevance / weights.margin == pytest.approx(3.0, rel=0.15)
    assert abs(weights.fusion) < 0.1 * weights.relevance
    assert weights.named == pytest.approx(0.0, abs=1e-3)


def test_what_orders_candidates_need_not_tell_whether_one_answers():
    """Half of the questions have their answer away; fusion tells which, and nothing among candidates."""
    cases = drawn(3_000)
    for case in cases[::2]:
        case.right[:] = False
    for at, case in enumerate(cases):
        case.evidence[:, 2] = at % 2
    found = fit(cases, "x", ())
    assert found.order.fusion == pytest.approx(0.0, abs=0.05)
    assert found.confidence.weights.fusion > 2.0


def test_its_word_holds_where_it_was_not_fitted():
    calibration = fit(drawn(3_000), "x", ())
    found = measured(drawn(3_000, seed=2), calibration)
    assert found.calibration_error < 0.04
    assert found.brier_skill.mean > 0.25
    assert found.auroc.mean > 0.8
    assert found.answerable_lost.mean == pytest.approx(LOST, abs=0.02)


def test_what_is_said_without_the_reader_s_word_does_not_rest_on_it():
    found = fit(drawn(300), "x", ())
    assert (found.words, found.unread.weights.relevance, found.unread.weights.margin) == (9.0, 0.0, 0.0)


def test_the_order_of_questions_changes_nothing():
    cases = drawn(300)
    one, other = fit(cases, "x", ()), fit(cases[::-1], "x", ())
    assert one.confidence.intercept == pytest.approx(other.confidence.intercept, abs=1e-3)
    assert one.order.relevance == pytest.approx(other.order.relevance, abs=1e-3)


@pytest.fixture
def sets(tmp_path, monkeypatch):
    """A set with a corpus, its articles' halves both filled; and the folder it lies in."""
    monkeypatch.chdir(tmp_path)
    halves = "qa.evaluate.calibrating._first_half"
    monkeypatch.setattr(halves, lambda case: len(case.document) % 2 == 0)  # strike and bridge; the rest
    nowhere = [
        {"_id": f"n-{word}", "text": f"Who painted the {word} green?", "answers": [], "answerable": False}
        for word in ("ferry", "workers", "bridge", "goats", "choir", "mayor")
    ]
    questions = nowhere + [
        {**question, "_id": f"{question['_id']}-{at}", "text": f"{question['text']} {'again ' * at}"}
        for at in range(6)
        for question in QUESTIONS[:3]
    ]
    rows = [(f"{id}-{at}", article, score) for at in range(6) for id, article, score in QRELS]
    return beir(tmp_path / "coast", questions=questions, rows=rows, articles=ARTICLES)


def test_calibrate_writes_what_ask_and_eval_take(sets, tmp_path, capsys):
    out = tmp_path / "calibration.json"
    assert main(["calibrate", str(sets), "--out", str(out), "--model", "hashed-words", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["calibration"]["fitted_on"] == ["half of coast, by document"]
    assert printed["questions"]["fitted on"] + printed["questions"]["coast"] == 24
    archive = tmp_path / "mine"
    with Archive.create(archive, model="hashed-words") as made:
        made.add(sets / "corpus.jsonl")
    with Answerer.open(archive, calibration=out) as answerer:
        fitted = Calibration.from_file(out, answerer.retriever.reader.weights_sha256)
        assert answerer.threshold == pytest.approx(fitted.threshold)
        assert not answerer.ask("Zyx qwop?").quotes
    assert main(["eval", str(sets), "--model", "hashed-words", "--calibration", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["about"]["threshold"] == pytest.approx(fitted.threshold)


def test_calibrate_tells_how_it_does_on_the_other_half(sets, tmp_path, capsys):
    assert main(["calibrate", str(sets), "--out", str(tmp_path / "c.json"), "--model", "hashed-words"]) == 0
    printed = capsys.readouterr()
    assert "coast, the other half: " in printed.out
    assert "c.json" in printed.err


def test_a_set_of_one_s_own_is_asked_of_the_archive(tmp_path, capsys):
    archive = tmp_path / "mine"
    with Archive.create(archive, model="hashed-words") as made:
        made.add(beir(tmp_path / "coast") / "corpus.jsonl")
    out = tmp_path / "c.json"
    code = main(["calibrate", str(own(tmp_path / "own.jsonl")), "--out", str(out), "--archive", str(archive)])
    printed = capsys.readouterr()
    assert code in (0, 2)  # three questions may all lie in one half
    assert code == 0 or "questions of both kinds" in printed.err


def test_a_calibration_that_can_not_be_written_is_told(sets, tmp_path, capsys):
    out = tmp_path / "no" / "c.json"
    assert main(["calibrate", str(sets), "--out", str(out), "--model", "hashed-words"]) == 2
    assert "No such file" in capsys.readouterr().err


def test_evidence_has_the_fields_that_are_fitted():
    assert list(Evidence.__slots__) == ["relevance", "margin", "fusion", "named", "coverage"]
