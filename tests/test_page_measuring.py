"""Question sets brought to the page, and what measuring on one shows."""

import json

import pytest

from corpus.errors import InputError
from qa import Archive
from qa.page import measuring, texts
from qa.page.holdings import measuring as progress
from qa.page.measuring import bring, measure, question_sets, template
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


def test_the_sample_archive_offers_its_own_questions(tmp_path):
    build_sample(tmp_path / "sample", model="hashed-words")
    with Archive.open(tmp_path / "sample") as archive:
        assert question_sets(archive) == [texts.SAMPLE_SET]
        report = measure(archive, texts.SAMPLE_SET, lambda done, of: None)
    assert "60 questions" in report.document


def test_a_set_is_kept_measured_on_and_shown_as_text(archive, brought):
    assert question_sets(archive) == []
    assert bring(archive, brought("ours.jsonl", ribbon())) == "ours.jsonl"
    assert question_sets(archive) == ["ours.jsonl"]
    heard = []
    found = measure(archive, "ours.jsonl", lambda done, of: heard.append((done, of)))
    assert heard[-1] == (1, 1)
    assert found.document.startswith("<!doctype html>")
    assert "nDCG@10" in found.shown
    assert "95 % interval" in found.shown
    assert "<body" not in found.shown
    assert "<style>\nbody" not in found.shown
    for html in (found.shown, found.document):
        assert "<script" not in html
        assert "<img" not in html


def test_what_is_no_set_is_refused_and_not_kept(archive, brought, monkeypatch):
    for name in ("set.json", "set.txt", "set"):
        with pytest.raises(InputError, match="no question set"):
            bring(archive, brought(name, ribbon()))
    bad = brought("bad.jsonl", {"id": "q1"})
    with pytest.raises(InputError) as refused:
        bring(archive, bad)
    assert str(bad.parent) not in str(refused.value)
    monkeypatch.setattr(measuring, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="10 bytes"):
        bring(archive, brought("large.jsonl", ribbon()))
    assert question_sets(archive) == []


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
    assert "max=" not in progress(0, 0)
    assert 'value="3" max="60"' in progress(3, 60)
