"""One call from a question set to rows, means and files."""

import json
import re
from html.parser import HTMLParser

import pytest
from tiny_sets import ARTICLES, QRELS, QUESTIONS, beir, corpus, own, squad

from corpus.errors import InputError
from qa.archive import Archive
from qa.evaluate import evaluate
from qa.evaluate.question_set import QuestionSetError
from qa.evaluate.statistics import Estimate

HOSTILE = '</td><script src="http://evil.example/x.js">alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture
def run(tmp_path):
    def evaluated(dataset, **how):
        return evaluate(dataset, model="hashed-words", cache=tmp_path / "cache", **how)

    return evaluated


@pytest.fixture
def coast(tmp_path):
    """An archive of the articles, for sets without a corpus."""
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(corpus(tmp_path / "articles" / "corpus.jsonl"))
        yield archive


def strict(text):
    """The JSON value, refusing NaN and Infinity."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_rows_say_what_came_of_each_question(tmp_path, run):
    found = run(beir(tmp_path / "coast"), threshold=0.0)
    assert [row.id for row in found.rows.rows] == ["q1", "q2", "q3", "q4"]
    first, second, _, last = found.rows.rows
    assert first.quotes[0]["article"] == "ferry"
    text = ARTICLES["ferry"]
    for quote in first.quotes:
        assert quote["text"] == ARTICLES[quote["article"]][quote["start"] : quote["end"]]
        assert quote["hit"] is (quote["article"] == "ferry" and "Mirel Dun" in quote["text"])
    assert first.right is ("Mirel Dun" in text[first.quotes[0]["start"] : first.quotes[0]["end"]])
    assert first.expected == ["Mirel Dun"]
    assert first.place.endswith("queries.jsonl:1")
    assert second.answers["sentence@1"] == 1.0  # "struck for nine days" stands in the one sentence on it
    assert (last.right, last.answers, last.retrieval) == (False, {}, {})
    assert all(row.quotes_verified for row in found.rows.rows)


def test_means_are_those_of_the_rows(tmp_path, run):
    found = run(beir(tmp_path / "coast"))
    assert (found.summary.questions, found.summary.answerable, found.summary.unanswerable) == (4, 3, 1)
    for group, measures in found.summary.measures.items():
        for name, estimate in measures.items():
            values = [getattr(row, group)[name] for row in found.rows.rows if name in getattr(row, group)]
            assert estimate.mean == pytest.approx(sum(values) / len(values))
            assert estimate.n == len(values)
    kinds = {each.value: each for each in found.summary.slices if each.name == "kind"}
    assert {kind: each.questions for kind, each in kinds.items()} == {"number": 2, "person": 1}
    numbers = [row.retrieval["nDCG@10"] for row in found.rows.rows if row.kind == "number"]
    assert kinds["number"].measures["nDCG@10"].mean == pytest.approx(sum(numbers) / 2)
    words = {each.value for each in found.summary.slices if each.name == "question word"}
    assert words == {"who", "how", "what", "why"}


def test_abstaining_follows_the_threshold(tmp_path, run):
    folder = beir(tmp_path / "coast")
    everything = run(folder, threshold=1.0)
    assert everything.summary.abstention.answerable_lost.mean == 1
    assert everything.summary.abstention.recall.mean == 1
    assert everything.summary.abstention.precision.mean == 1 / 4
    answers = everything.summary.measures["answers"]  # are measured before any abstention
    assert answers == run(folder, threshold=0.0).summary.measures["answers"]
    nothing_shared = [{"_id": "z", "text": "Quux zyzzyva?", "answerable": False}]
    silent = run(beir(tmp_path / "other", questions=nothing_shared, rows=[]), threshold=0.0)
    assert [row.abstained for row in silent.rows.rows] == [True]  # as `ask --threshold 0` does


def test_a_set_without_a_corpus_is_asked_of_the_archive(tmp_path, run, coast):
    found = run(own(tmp_path / "mine.jsonl"), archive=coast)
    assert [row.known for row in found.rows.rows] == [True, True, False]
    assert found.summary.measures["passages"]["Success@5"].n == 2
    without = beir(tmp_path / "without", articles=None)
    assert run(without, archive=coast).summary.measures["retrieval"]["R@10"].mean == 1
    for path in (tmp_path / "mine.jsonl", without):
        with pytest.raises(QuestionSetError, match="no corpus of its own; name the archive to ask"):
            run(path)


def test_gold_that_the_archive_does_not_have_names_its_line(tmp_path, run, coast):
    without = beir(tmp_path / "without", articles=None, rows=[*QRELS, ("q2", "lost", 0)])
    with pytest.raises(QuestionSetError, match=r"qrels\.tsv:7: the question 'q2' names the article 'lost'"):
        run(without, archive=coast)
    records = [
        {"id": "a", "question": "Who?", "gold": [{"article": "ferry", "quote": "captain"}]},
        {"id": "b", "question": "Who?", "gold": [{"article": "lost", "quote": "x"}]},
    ]
    path = own(tmp_path / "mine.jsonl", records=records)
    expected = r"mine\.jsonl:1: the gold quote 'captain' is not in the article 'ferry'.*and 1 more"
    with pytest.raises(QuestionSetError, match=expected):
        run(path, archive=coast)


def test_a_question_that_cannot_be_asked_names_its_line(tmp_path, run, coast):
    path = own(tmp_path / "mine.jsonl", records=[{"id": "a", "question": "?!", "answerable": False}])
    with pytest.raises(QuestionSetError, match=r"mine\.jsonl:1: the question '\?!' has no letter"):
        run(path, archive=coast)


def test_only_unanswerable_questions(tmp_path, run, coast):
    records = [
        {"id": "a", "question": "Who painted the lighthouse?", "answerable": False},
        {"id": "b", "question": "Why?", "answerable": False},
    ]
    found = run(own(tmp_path / "mine.jsonl", records=records), archive=coast, threshold=1.0)
    assert found.summary.measures == {}
    assert found.summary.abstention.recall.mean == 1
    assert found.summary.abstention.auroc is None
    found.write(tmp_path / "out")
    assert strict((tmp_path / "out" / "summary.json").read_text())["abstention"]["auroc"] is None


def test_an_unanswerable_question_has_no_right_quote_whatever_its_judgements_say(tmp_path, run):
    near = QUESTIONS[0] | {"answerable": False, "evidence_span": "Captain Mirel Dun"}
    found = run(beir(tmp_path / "coast", questions=[near], rows=QRELS[:1]))
    (row,) = found.rows.rows
    assert (row.right, row.known, row.answers) == (False, False, {})
    assert row.retrieval["R@10"] == 1  # that an article is near is measured all the same


def test_an_archive_without_articles(tmp_path, run):
    path = own(tmp_path / "mine.jsonl", records=[{"id": "a", "question": "Who?", "answerable": False}])
    with Archive.create(tmp_path / "empty", model="hashed-words") as archive:
        found = run(path, archive=archive)
    assert found.summary.abstention.recall.mean == 1


def test_squad_offsets_tell_where_the_answer_is(tmp_path, run):
    found = run(squad(tmp_path / "docks.json"))
    can, cannot = found.rows.rows
    assert can.passages == {"RR@10": 1.0, "Success@1": 1.0, "Success@5": 1.0}
    assert can.answers["sentence@3"] == 1.0
    assert (cannot.answerable, cannot.right) == (False, False)


def test_questions_on_which_nothing_can_be_measured_are_warned_of(tmp_path, run):
    questions = [*QUESTIONS, {"_id": "q5", "text": "And the choir?"}, {"_id": "q6", "text": "The bridge?"}]
    rows = [*QRELS, ("q5", "choir", 1)]
    found = run(beir(tmp_path / "coast", questions=questions, rows=rows))
    place = tmp_path / "coast" / "queries.jsonl"
    unknown, unjudged = found.summary.warnings
    assert unknown.startswith("of 4 answerable questions, 1 have no gold words")
    assert unknown.endswith(f"(the first: 'q5', {place}:5)")
    assert unjudged.startswith("1 questions have no relevant article")
    assert unjudged.endswith(f"(the first: 'q6', {place}:6)")
    assert run(beir(tmp_path / "coast")).summary.warnings == []


def test_a_sample_is_the_same_each_time(tmp_path, run):
    questions = [{"_id": f"n{place}", "text": f"Goat {place}?"} for place in range(20)]
    folder = beir(tmp_path / "goats", questions=questions, rows=[(f"n{at}", "goats", 1) for at in range(20)])
    first = [row.id for row in run(folder, sample=7).rows.rows]
    assert [row.id for row in run(folder, sample=7).rows.rows] == first
    assert len(set(first)) == 7
    assert first == sorted(first, key=lambda name: int(name[1:]))
    assert first != [f"n{at}" for at in range(7)]
    assert len(run(folder, sample=99).rows.rows) == 20


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"sample": 0}, "the sample is 0; draw at least 1"),
        ({"mode": "fuzzy"}, "'fuzzy' is not a mode"),
        ({"threshold": 1.5}, "the threshold is 1.5"),
        ({"threshold": float("nan")}, "the threshold is nan"),
    ],
)
def test_options_out_of_range_are_refused(tmp_path, run, how, message):
    with pytest.raises(InputError, match=message):
        run(beir(tmp_path / "coast"), **how)


def test_the_callbacks_hear_of_every_question_and_passage(tmp_path, run):
    told, encoded = [], []
    run(
        beir(tmp_path / "coast"), told=lambda done, total: told.append((done, total)), encoding=encoded.append
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert sum(encoded) == len(ARTICLES)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "bm25"])
def test_every_mode_is_measured_also_where_it_finds_nothing(tmp_path, run, mode):
    questions = [{"_id": "q1", "text": "Quux zyzzyva?"}, QUESTIONS[1]]
    rows = [("q1", "ferry", 1), ("q2", "strike", 1)]
    found = run(beir(tmp_path / "coast", questions=questions, rows=rows), mode=mode)
    ranked = found.rows.ranked["q1"]
    assert (ranked == []) is (mode == "bm25")
    assert found.rows.rows[0].retrieval["R@100"] == (0 if mode == "bm25" else 1)
    assert found.summary.measures["retrieval"]["nDCG@10"].n == 2


def test_two_runs_of_a_set_agree(tmp_path, run):
    first, second = (run(beir(tmp_path / "coast")) for _ in range(2))
    assert first.rows.rows == second.rows.rows
    assert first.summary.measures == second.summary.measures
    assert first.summary.abstention == second.summary.abstention


def test_the_files_of_a_run(tmp_path, run):
    found = run(beir(tmp_path / "coast"))
    out = tmp_path / "new" / "out"
    found.write(out)
    assert {path.name for path in out.iterdir()} == {
        "report.html", "rows.jsonl", "summary.json", "run.trec", "qrels.trec",
    }  # fmt: skip
    rows = [strict(line) for line in (out / "rows.jsonl").read_text("utf-8").splitlines()]
    assert rows == [row.to_dict() for row in found.rows.rows]
    summary = strict((out / "summary.json").read_text("utf-8"))
    assert (
        summary["measures"]["retrieval"]["nDCG@10"]["mean"]
        == found.summary.measures["retrieval"]["nDCG@10"].mean
    )
    assert summary["about"]["set"] == "coast"
    assert summary["latency_ms"].keys() == {"search", "ask"}


def test_what_is_not_a_number_is_null_in_the_summary(tmp_path, run):
    summary = run(beir(tmp_path / "coast")).summary
    summary.measures["retrieval"]["nDCG@10"] = Estimate(0.5, float("nan"), float("nan"), 1)
    found = strict(json.dumps(summary.to_dict()))["measures"]["retrieval"]["nDCG@10"]
    assert found == {"mean": 0.5, "low": None, "high": None, "n": 1}


def test_ids_with_white_space_do_not_break_trec_files(tmp_path, run):
    articles = {"my notes/a b": "Goats graze.", "my_notes/a_b": "Boats sail.", "c": "The choir sang."}
    questions = [{"_id": "q 1", "text": "Which goats graze?", "answers": ["Goats"]}]
    folder = beir(
        tmp_path / "coast", questions=questions, rows=[("q 1", "my notes/a b", 1)], articles=articles
    )
    run(folder).write(tmp_path / "out")
    lines = [line.split() for line in (tmp_path / "out" / "run.trec").read_text().splitlines()]
    assert {len(line) for line in lines} == {6}
    assert {line[2] for line in lines} == {"my%20notes/a%20b", "my_notes/a_b", "c"}
    assert (tmp_path / "out" / "qrels.trec").read_text() == "q%201 0 my%20notes/a%20b 1\n"


class Page(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self):
        super().__init__()
        self.elements = []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))


def test_the_report_loads_nothing_and_runs_nothing_whatever_the_questions_say(tmp_path, run):
    articles = ARTICLES | {HOSTILE[:20]: f"The lighthouse keeper wrote {HOSTILE} on the wall in May."}
    questions = [
        QUESTIONS[0] | {"type": HOSTILE},
        {"_id": HOSTILE, "text": f"Who wrote {HOSTILE} on the wall?", "answers": [HOSTILE]},
        {"_id": "no", "text": f"Who owns {HOSTILE}?", "answerable": False},
    ]
    rows = [("q1", "ferry", 1), (HOSTILE, "mayor", 1)]
    found = run(beir(tmp_path / "<b>coast", questions=questions, rows=rows, articles=articles), threshold=0.0)
    found.write(tmp_path / "out")
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    page = Page()
    page.feed(text)
    tags = [tag for tag, _ in page.elements]
    assert tags.count("svg") == 2
    assert not {"script", "img", "link", "iframe", "object", "b", "base", "form"} & set(tags)
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not attributes.keys() & {"src", "srcset", "data", "action"}
        for name in ("href", "xlink:href"):
            assert attributes.get(name, "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import", text)
    assert text.count("alert(1)") >= 2  # the questions are there, as text
    assert "&lt;script src=" in text


def test_the_report_lists_what_went_wrong_with_quote_and_expected_words(tmp_path, run):
    rows = [("q1", "mayor", 1), ("q2", "strike", 1), ("q3", "goats", 2)]
    questions = [QUESTIONS[0] | {"evidence_span": "Mayor Teodor Brask resigned"}, *QUESTIONS[1:3]]
    questions += [{"_id": "q4", "text": "Who sold the choir?", "answerable": False}]
    found = run(beir(tmp_path / "coast", questions=questions, rows=rows), threshold=0.0)
    found.write(tmp_path / "out")
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    wrong = text[text.index("Answered wrongly") : text.index("Answered, though")]
    assert "Who steered the ferry Ostrava?" in wrong
    assert "Mayor Teodor Brask resigned" in wrong
    assert found.rows.rows[0].quotes[0]["text"] in wrong
    assert "Who sold the choir?" in text[text.index("Answered, though") :]
    assert "Abstained from" not in text


def test_the_report_of_the_same_run_is_the_same(tmp_path, run):
    found = run(beir(tmp_path / "coast"))
    for name in ("one", "two"):
        found.write(tmp_path / name)
    assert (tmp_path / "one" / "report.html").read_text() == (tmp_path / "two" / "report.html").read_text()
