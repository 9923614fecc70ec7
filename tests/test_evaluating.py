"""`eval` and `compare` as typed: exit codes, what is printed where, and bad input."""

import json
import sys

import pytest
from tiny_sets import ARTICLES, QRELS, QUESTIONS, beir, corpus, jsonl, own, squad

from qa.archive import Archive
from qa.cli import main

MODEL = ("--model", "hashed-words")


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """Runs a command in a folder of its own; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_ARCHIVE", raising=False)

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return run


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "mine"
    with Archive.create(path, model="hashed-words") as archive:
        archive.add(corpus(tmp_path / "articles" / "corpus.jsonl"))
    return ("--archive", path)


def document(out):
    """The one JSON document on stdout, without NaN or Infinity."""
    return json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_the_table_names_explains_and_aligns_every_measure(tmp_path, typed):
    code, out, err = typed("eval", beir(tmp_path / "coast"), *MODEL)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("coast: 4 questions (1 without an answer) over 6 articles; mode hybrid")
    headings = [line for line in lines if line.endswith("questions")]
    assert [line.split(":")[0] for line in headings] == ["retrieval", "reranked", "answers", "confidence"]
    ndcg, _ = [line for line in lines if "nDCG@10" in line]  # of retrieval, reranked
    assert "the right articles stand near the top" in ndcg
    assert ndcg.endswith(" 3")
    assert len(ndcg) == len(headings[0])
    (first,) = [line for line in lines if "sentence@1" in line]
    assert first.endswith("3 of 3")
    for name in ("AUROC", "lost", "caught", "Brier skill", "one search", "one ask"):
        assert name in out
    assert max(map(len, lines[1:])) <= 110


def test_json_is_one_document_with_the_same_figures(tmp_path, typed):
    folder = beir(tmp_path / "coast")
    code, out, _ = typed("eval", folder, *MODEL, "--json")
    found = document(out)
    assert code == 0
    assert found["questions"] == 4
    _, table, _ = typed("eval", folder, *MODEL)
    assert f"{found['measures']['retrieval']['nDCG@10']['mean']:.3f}" in table
    assert f"{found['abstention']['auroc']['mean']:.3f}" in table


def test_the_report_is_written_and_named(tmp_path, typed):
    code, out, err = typed("eval", beir(tmp_path / "coast"), *MODEL, "--out", "deep/run", "--json")
    assert code == 0
    assert document(out) == document((tmp_path / "deep" / "run" / "summary.json").read_text("utf-8"))
    assert "deep/run/report.html" in err


def test_a_set_is_asked_of_the_archive_that_is_named(tmp_path, typed, archive):
    code, out, _ = typed("eval", own(tmp_path / "mine.jsonl"), *archive, "--json")
    assert code == 0
    assert document(out)["about"]["archive"] == str(archive[1])
    (tmp_path / "topics.tsv").write_text("t1\tWhich goats graze?\n")
    (tmp_path / "judged.txt").write_text("t1 0 goats 1\n")
    code, out, _ = typed("eval", "topics.tsv", "--qrels", "judged.txt", *archive, "--json")
    assert (code, document(out)["measures"]["retrieval"]["R@10"]["mean"]) == (0, 1)


def test_a_squad_file_brings_its_corpus_and_the_archive_is_said_to_be_left_aside(tmp_path, typed, archive):
    code, out, err = typed("eval", squad(tmp_path / "docks.json"), *MODEL, *archive, "--json")
    assert (code, document(out)["about"]["articles"]) == (0, 2)
    assert "--archive is left aside" in err
    assert list((tmp_path / "var" / "eval").glob("docks-*/archive.db")) != []


def test_a_sample_is_the_same_each_time(tmp_path, typed):
    folder = beir(tmp_path / "coast")
    found = []
    for _ in range(2):
        _, out, _ = typed("eval", folder, *MODEL, "--sample", 2, "--json")
        found.append(
            {name: document(out)[name] for name in ("questions", "measures", "abstention", "slices")}
        )
    assert found[0] == found[1]
    assert found[0]["questions"] == 2
    _, out, _ = typed("eval", folder, *MODEL, "--sample", 2)
    assert out.startswith("coast: a sample of 2 questions")


def test_warnings_go_to_stderr(tmp_path, typed):
    questions = [*QUESTIONS, {"_id": "q5", "text": "And the choir?"}]
    code, out, err = typed("eval", beir(tmp_path / "coast", questions=questions), *MODEL)
    assert code == 0
    assert "1 questions have no relevant article" in err
    assert "queries.jsonl:5" in err
    assert "no relevant article" not in out


def test_bars_count_questions_and_passages_where_stderr_is_a_terminal(tmp_path, typed, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    code, out, _ = typed("eval", beir(tmp_path / "coast"), *MODEL, "--json")
    assert (code, document(out)["questions"]) == (0, 4)


def test_bad_input_is_told_in_a_line_with_file_and_line_number(tmp_path, typed, archive):
    doubled = own(tmp_path / "twice.jsonl", records=[{"id": "a", "question": "?", "answerable": False}] * 2)
    for arguments, told in [
        ((beir(tmp_path / "a", rows=[*QRELS, ("q1", "lost", 1)]),), "a/qrels.tsv:7: the document 'lost'"),
        ((beir(tmp_path / "b", rows=[*QRELS, ("q9", "ferry", 1)]),), "b/qrels.tsv:7: the question 'q9'"),
        ((beir(tmp_path / "c", rows=[("q1", "ferry", 0)], questions=QUESTIONS[:1]),), "c: no question has"),
        ((beir(tmp_path / "d", questions=[], rows=[]),), "d: there are no questions in it"),
        ((doubled, *archive), "twice.jsonl:2: the id 'a' stands at"),
        (
            (own(tmp_path / "e.jsonl", records=[{"id": "a", "question": "?"}]), *archive),
            "e.jsonl:1: the question '?' has no",
        ),
        (("nowhere",), "nowhere: no such file"),
        ((), "name a question set"),
        ((own(tmp_path / "mine.jsonl"), "--archive", "nowhere"), "nowhere"),
        ((beir(tmp_path / "f"), "--sample", "0", *MODEL), "the sample is 0"),
        ((beir(tmp_path / "f"), "--threshold", "2", *MODEL), "the threshold is 2.0"),
        ((beir(tmp_path / "f"), "--out", doubled, *MODEL), "is a file, or in one; name a folder"),
        ((beir(tmp_path / "f"), "--out", doubled / "x", *MODEL), "is a file, or in one; name a folder"),
    ]:
        code, out, err = typed("eval", *arguments)
        assert (code, out) == (2, ""), err
        assert told in err
        assert err.startswith("error: ")
        assert err.count("\n") == 1


def test_check_says_that_all_is_well(tmp_path, typed, archive):
    expected = (0, "every gold quote is where it should be\n", "")
    assert typed("eval", "--check", own(tmp_path / "mine.jsonl"), *archive) == expected
    code, out, _ = typed("eval", "--check", tmp_path / "mine.jsonl", *archive, "--json")
    assert (code, document(out)) == (0, {"ok": True, "faults": []})


def test_check_reports_everything_that_is_to_mend(tmp_path, typed, archive):
    records = [
        {"id": "a", "question": "Who?", "gold": [{"article": "lost", "quote": "x"}]},
        {"id": "a", "question": "Who?", "gold": [{"article": "ferry", "quote": "forty cows"}]},
        {"id": "b", "question": "Who?", "answerable": True},
    ]
    path = own(tmp_path / "mine.jsonl", records=records)
    code, out, err = typed("eval", "--check", path, *archive)
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[-1] == "4 to mend"
    assert sorted(line.removeprefix(f"{path}:")[:20] for line in lines[:-1]) == [
        "1: the question 'a' ",
        "2: the gold quote 'f",
        "2: the id 'a' stands",
        "3: an answerable que",
    ]
    code, out, _ = typed("eval", "--check", path, *archive, "--json")
    assert (code, document(out)) == (1, {"ok": False, "faults": lines[:-1]})


def test_check_of_a_set_with_a_corpus_asks_no_archive(tmp_path, typed):
    assert typed("eval", "--check", beir(tmp_path / "coast"))[0] == 0
    questions = [QUESTIONS[0] | {"answers": ["Nobody At All"]}]
    folder = beir(tmp_path / "other", questions=questions, rows=QRELS[:1])
    code, out, _ = typed("eval", "--check", folder)
    assert code == 1
    assert f"{folder}/queries.jsonl:1: no answer of the question 'q1' occurs" in out
    assert not (tmp_path / "var").exists()


def test_check_of_no_set_at_all(tmp_path, typed, archive):
    code, out, err = typed("eval", "--check", "nowhere.jsonl", *archive)
    assert (code, err) == (1, "")
    assert "nowhere.jsonl: no such file" in out


def test_the_template_can_be_checked_once_filled_in(tmp_path, typed, archive):
    code, out, _ = typed("eval", "--template")
    records = [json.loads(line) for line in out.splitlines()]
    assert (code, [record["id"] for record in records]) == (0, ["q1", "q2", "q3"])
    assert {"id", "question", "answers", "gold", "answerable", "kind"} == set(records[0])
    assert document(typed("eval", "--template", "--json")[1]) == records
    records[0]["gold"] = [{"article": "ferry", "quote": "Captain Mirel Dun"}]
    records[1]["gold"] = [{"article": "goats", "quote": "forty crowns"}]
    filled = jsonl(tmp_path / "mine.jsonl", records)
    assert typed("eval", "--check", filled, *archive)[0] == 0


def test_compare_of_a_run_with_itself_says_no_difference(tmp_path, typed):
    typed("eval", beir(tmp_path / "coast"), *MODEL, "--out", "a")
    code, out, err = typed("compare", "a", "a")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "no difference"
    assert "p (Holm)" in out
    found = document(typed("compare", "a", "a", "--json")[1])
    assert found["verdict"] == "no difference"
    assert {measure["p"] for measure in found["measures"]} == {1}
    assert found["questions"] == 4


def test_compare_says_which_run_is_better_and_where(tmp_path, typed):
    questions = [{"_id": f"q{place}", "text": f"Which goats graze, {place}?"} for place in range(20)]
    for name, id in (("good", "goats"), ("bad", "choir")):
        rows = [(f"q{place}", id, 1) for place in range(20)]
        typed("eval", beir(tmp_path / f"set-{name}", questions=questions, rows=rows), *MODEL, "--out", name)
    code, out, _ = typed("compare", "bad", "good")
    assert code == 0
    assert "B is better on retrieval nDCG@10" in out
    better = out[out.index("better in B:") :]
    assert better.count("Which goats graze") == 10
    assert "worse in B" not in out


def test_compare_of_what_cannot_be_compared(tmp_path, typed):
    one = beir(tmp_path / "one", questions=QUESTIONS[:1], rows=QRELS[:1])
    two = beir(tmp_path / "two", questions=QUESTIONS[1:2], rows=QRELS[1:2])
    for folder, out in ((one, "a"), (two, "b")):
        typed("eval", folder, *MODEL, "--out", out)
    code, out, err = typed("compare", "a", "b")
    assert (code, out) == (2, "")
    assert "no question in common" in err
    code, _, err = typed("compare", "a", "nowhere")
    assert code == 2
    assert "nowhere is no run" in err


def test_the_corpus_is_encoded_once(tmp_path, typed, monkeypatch):
    from embeddings.hashed_words import HashedWordsEncoder

    folder = beir(tmp_path / "coast")
    typed("eval", folder, *MODEL)
    encoded = []
    whole = HashedWordsEncoder.encode_passages
    monkeypatch.setattr(
        HashedWordsEncoder,
        "encode_passages",
        lambda self, texts, progress=None: encoded.extend(texts) or whole(self, texts, progress),
    )
    typed("eval", folder, *MODEL)
    assert not set(ARTICLES.values()) & set(encoded)
    corpus(folder / "corpus.jsonl", ARTICLES | {"new": "A new article on eels."})
    typed("eval", folder, *MODEL)
    assert set(ARTICLES.values()) | {"A new article on eels."} <= set(encoded)
