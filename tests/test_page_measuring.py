"""Question sets brought to the page, and what measuring on one shows."""

import json
import os
import zipfile

import pytest

from corpus.errors import InputError
from qa import Archive
from qa.page import question_sets as brought_sets
from qa.page import texts
from qa.page.holdings import measuring as progress
from qa.page.measuring import measure, template
from qa.page.question_sets import FOLDER, bring, question_sets
from qa.sample import build_sample

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> Who cut the ribbon?"


@pytest.fixture
def archive(folder):
    with Archive.open(folder) as opened:
        yield opened


@pytest.fixture
def brought(tmp_path):
    """Writes a question set where an upload would be."""

    def write(name, *questions):
        file = tmp_path / name
        file.write_text("".join(json.dumps(each) + "\n" for each in questions), encoding="utf-8")
        return file

    return write


def ribbon(**other):
    gold = [{"article": "harbour", "quote": "Mayor Ona Brisk cut the ribbon before some two hundred people."}]
    return {
        "id": "q1",
        "question": HOSTILE,
        "answers": ["Ona Brisk"],
        "gold": gold,
        "answerable": True,
    } | other


@pytest.mark.slow
def test_the_sample_archive_offers_its_own_questions(tmp_path):
    build_sample(tmp_path / "sample", model="hashed-words")
    with Archive.open(tmp_path / "sample") as archive:
        assert list(question_sets(archive)) == [texts.SAMPLE_SET]
        report = measure(archive, texts.SAMPLE_SET, lambda done, of: None)
    assert "60 questions" in report.document


def test_a_set_is_kept_measured_on_and_shown_as_text(archive, brought):
    assert list(question_sets(archive)) == []
    assert bring(archive, brought("ours.jsonl", ribbon())) == "ours.jsonl"
    assert list(question_sets(archive)) == ["ours.jsonl"]
    heard = []
    found = measure(archive, "ours.jsonl", lambda done, of: heard.append((done, of)))
    assert heard[-1] == (1, 1)
    assert found.document.startswith("<!doctype html>")
    assert "nDCG@10" in found.shown
    assert "95 % interval" in found.shown
    assert "<body" not in found.shown
    assert "<style>\nbody" not in found.shown
    assert str(archive.path) not in found.document
    for html in (found.shown, found.document):
        assert "<script" not in html
        assert "<img" not in html


def test_what_is_no_set_is_refused_and_not_kept(archive, brought, monkeypatch):
    for name in ("set.txt", "set", "set.tsv", ".jsonl", ".zip"):
        with pytest.raises(InputError, match="no question set"):
            bring(archive, brought(name, ribbon()))
    bad = brought("bad.jsonl", {"id": "q1"})
    with pytest.raises(InputError) as refused:
        bring(archive, bad)
    assert str(bad.parent) not in str(refused.value)
    monkeypatch.setattr(brought_sets, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="10 bytes"):
        bring(archive, brought("large.jsonl", ribbon()))
    assert list(question_sets(archive)) == []


@pytest.mark.parametrize("name", ["none.jsonl", "../archive.db", "/etc/passwd", ""])
def test_only_a_set_that_was_brought_is_measured_on(archive, name):
    with pytest.raises(InputError):
        measure(archive, name, lambda *_: None)


def test_a_quote_that_the_archive_has_not_is_told_without_folders(archive, brought):
    wrong = ribbon(gold=[{"article": "harbour", "quote": "Nobody cut it."}])
    bring(archive, brought("wrong.jsonl", wrong))
    with pytest.raises(InputError) as refused:
        measure(archive, "wrong.jsonl", lambda *_: None)
    assert str(archive.path) not in str(refused.value)
    assert "wrong.jsonl" in str(refused.value)


def test_the_template_is_a_set_of_our_own_form():
    assert all(json.loads(line)["question"] for line in template().splitlines())


def test_how_far_it_is_is_a_bar_once_that_is_known():
    assert "max=" not in progress(0, 0, 0)
    assert "1,200 passages" in progress(0, 0, 1_200)
    assert 'value="3" max="60"' in progress(3, 60, 1_200)


QUERIES = '{"_id": "q1", "text": "Who cut the ribbon?"}\n'
CORPUS = '{"_id": "d1", "title": "Quay", "text": "Mayor Ona Brisk cut the ribbon of the quay."}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\n"
BEIR = {"queries.jsonl": QUERIES, "corpus.jsonl": CORPUS, "qrels.tsv": QRELS}
SQUAD = {
    "data": [
        {
            "title": "Quay",
            "paragraphs": [
                {
                    "context": "Mayor Ona Brisk cut the ribbon.",
                    "qas": [
                        {
                            "id": "q1",
                            "question": "Who cut the ribbon?",
                            "answers": [{"text": "Ona Brisk", "answer_start": 6}],
                        }
                    ],
                }
            ],
        }
    ]
}


@pytest.fixture
def packed(tmp_path):
    """Writes a ZIP where an upload would be."""

    def write(name, members):
        file = tmp_path / name
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
            for member, text in members.items():
                container.writestr(member, text)
        return file

    return write


def measured(archive, name):
    heard, encoded = [], []
    found = measure(archive, name, lambda *now: heard.append(now), encoded.append)
    assert heard[-1] == (1, 1)
    return found, sum(encoded)


@pytest.mark.parametrize("root", ["", "mine/", "a/b/"])
def test_a_beir_folder_in_a_zip_is_asked_of_its_own_articles(archive, packed, root):
    members = {f"{root}{name}": text for name, text in BEIR.items()}
    besides = {"README.txt": "read me", f"__MACOSX/{root}._queries.jsonl": "x", f"{root}.hidden.json": "x"}
    assert bring(archive, packed("beir.zip", members | besides)) == "beir.zip"
    kept = archive.path / FOLDER / "beir.zip"
    assert sorted(path.name for path in kept.rglob("*")) == sorted(BEIR)
    found, encoded = measured(archive, "beir.zip")
    assert encoded == 1
    assert "nDCG@10" in found.shown
    assert str(archive.path) not in found.document
    assert measured(archive, "beir.zip")[1] == 0  # what was encoded is kept
    assert len(archive) == 8


def test_each_split_of_a_beir_folder_is_a_set(archive, packed):
    members = {
        "queries.jsonl": QUERIES,
        "corpus.jsonl": CORPUS,
        "qrels/dev.tsv": QRELS,
        "qrels/test.tsv": QRELS,
    }
    assert bring(archive, packed("beir.zip", members)) == "beir.zip: dev"
    assert list(question_sets(archive)) == ["beir.zip: dev", "beir.zip: test"]
    measured(archive, "beir.zip: test")


def test_squad_is_read_alone_and_from_a_zip(archive, tmp_path, packed):
    alone = tmp_path / "squad.JSON"
    alone.write_text(json.dumps(SQUAD))
    assert bring(archive, alone) == "squad.json"
    assert bring(archive, packed("squad.zip", {"dev/squad.json": json.dumps(SQUAD)})) == "squad.zip"
    for name in ("squad.json", "squad.zip"):
        assert "EM" in measured(archive, name)[0].shown


def test_trec_topics_and_qrels_are_asked_of_the_archive(archive, packed):
    members = {"trec/topics.txt": "1\tWho cut the ribbon?\n", "trec/qrels.txt": "1 0 harbour 1\n"}
    assert bring(archive, packed("trec.zip", members)) == "trec.zip"
    found, encoded = measured(archive, "trec.zip")
    assert encoded == 0
    assert "nDCG@10" in found.shown


def test_a_set_of_the_same_name_makes_way(archive, packed):
    bring(archive, packed("beir.zip", BEIR))
    measured(archive, "beir.zip")
    bring(archive, packed("beir.zip", {"ours.jsonl": json.dumps(ribbon()) + "\n"}))
    kept = archive.path / FOLDER
    assert [path.name for path in (kept / "beir.zip").iterdir()] == ["ours.jsonl"]
    assert not list((kept / ".built").iterdir())
    assert "1 question" in measured(archive, "beir.zip")[0].document
    assert not list(kept.glob(".tmp*"))


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({}, "no question set in it"),
        ({"README.md": "x"}, "no question set in it"),
        ({"a/queries.jsonl": QUERIES, "b/queries.jsonl": QUERIES}, "2 question sets"),
        ({"a.json": "{}", "b.json": "{}"}, "2 question sets"),
        ({"queries.jsonl": QUERIES, "corpus.jsonl": CORPUS}, "expected one qrels file"),
        ({"queries.jsonl": "{nope", "qrels.tsv": QRELS}, r"^evil.zip/queries.jsonl:1: "),
        ({**BEIR, "../../evil.jsonl": "x"}, "leads out of the ZIP"),
        ({**BEIR, "/etc/evil": "x"}, "leads out of the ZIP"),
        ({**BEIR, "qrels/../../evil.tsv": QRELS}, "leads out of the ZIP"),
        ({**BEIR, **{f"{at}.txt": "" for at in range(200)}}, "203 files, at most 200"),
        ({**BEIR, "corpus.jsonl": " " * 3_000_000}, "no honest file"),
        ({"squad.json": "[" * 100_000}, "not JSON"),
    ],
)
def test_a_zip_that_is_no_set_or_hostile_is_refused_and_leaves_nothing(archive, packed, members, why):
    file = packed("evil.zip", members)
    before = set(archive.path.parent.rglob("*"))
    with pytest.raises(InputError, match=why) as refused:
        bring(archive, file)
    assert str(archive.path) not in str(refused.value)
    assert "evil.zip" in str(refused.value)
    after = set(archive.path.parent.rglob("*"))
    assert after - before <= {archive.path / FOLDER}
    assert list(question_sets(archive)) == []


def test_a_damaged_or_large_zip_is_refused(archive, packed, monkeypatch):
    file = packed("beir.zip", BEIR)
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(InputError, match="no ZIP that can be read"):
        bring(archive, file)
    file = packed("beir.zip", {**BEIR, "corpus.jsonl": os.urandom(3_000)})
    monkeypatch.setattr(brought_sets, "MOST_BYTES", 2_000)
    with pytest.raises(InputError, match="more than 2,000 bytes"):
        bring(archive, file)
    monkeypatch.setattr(brought_sets, "MOST_BYTES", 20_000)
    file = packed("beir.zip", {**BEIR, "corpus.jsonl": "x" * 30_000})
    with pytest.raises(InputError, match=r"'corpus\.jsonl' unpacks to more than 20,000 bytes"):
        bring(archive, file)
    data = bytearray(packed("beir.zip", BEIR).read_bytes())
    data[data.index(b"corpus.jsonl") + len("corpus.jsonl") + 8] ^= 0xFF
    file.write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        bring(archive, file)


def test_a_link_in_a_zip_is_no_link_here(archive, packed, tmp_path):
    link = zipfile.ZipInfo("ours.jsonl")
    link.external_attr = 0o120777 << 16
    with pytest.raises(InputError):
        bring(archive, packed("link.zip", {link: str(tmp_path / "secret.jsonl")}))
    assert list(question_sets(archive)) == []
