"""`add` as a process: a folder of many kinds, and a folder that is watched."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from embeddings.loading import load_encoder
from qa import Archive
from qa.cli import main
from qa.write_lock import write_lock

ROOT = Path(__file__).parents[1]
ELSEWHERE = Path(__file__).parent / "data" / "elsewhere"


def test_a_map_of_columns_and_a_folder_to_watch_are_checked_first(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("body\nThe ferry sails.\n")
    archive = ["--archive", str(tmp_path / "archive"), "--model", "hashed-words"]
    assert main(["add", str(tmp_path / "a.csv"), "--column", "body", *archive]) == 2
    assert "write FACT=COLUMN" in capsys.readouterr().err
    assert main(["add", str(tmp_path / "a.csv"), "--watch", *archive]) == 2
    assert "--watch takes folders only" in capsys.readouterr().err
    assert main(["add", str(tmp_path), "--watch", "--json", *archive]) == 2
    assert main(["add", "ftp://courier.example/a.txt", *archive]) == 2
    err = capsys.readouterr().err
    assert "only http and https addresses" in err
    assert "indexes" not in err, "there is nothing to index"
    assert not (tmp_path / "archive").exists()
    assert main(["add", str(tmp_path / "a.csv"), "--column", "text=body", "--json", *archive]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == ["a.csv:2"]


VELL = Path(__file__).parent / "data" / "vell"


def test_what_another_adds_right_after_an_add_that_stored_nothing_stays(new_place, tmp_path, monkeypatch):
    """The first made the archive, and would remove it with what came meanwhile."""
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    place, close = str(new_place()), Archive.close

    def overtaken(archive):
        close(archive)
        monkeypatch.setattr(Archive, "close", close)
        assert main(["add", str(VELL / "flood.md"), "--archive", place]) == 0

    monkeypatch.setattr(Archive, "close", overtaken)
    assert main(["add", str(tmp_path / "bad.txt"), "--archive", place, "--model", "hashed-words"]) == 2
    with Archive.open(place) as archive:
        assert [each.id for each in archive.articles()] == ["flood"]


def test_an_archive_that_another_writes_is_left_by_an_add_that_stored_nothing(tmp_path, monkeypatch, capsys):
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    place, close, others = tmp_path / "archive", Archive.close, ExitStack()

    def overtaken(archive):
        close(archive)
        others.enter_context(write_lock(place, "add"))

    with others:
        monkeypatch.setattr(Archive, "close", overtaken)
        arguments = ["add", str(tmp_path / "bad.txt"), "--archive", str(place), "--model", "hashed-words"]
        assert main(arguments) == 2
        assert "is being written" not in capsys.readouterr().err
        assert (place / "archive.db").exists()


@pytest.mark.slow
def test_an_add_that_stored_nothing_takes_no_table_from_another_on_a_server(new_address, tmp_path, capsys):
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    place = new_address()
    with ExitStack() as stack:
        arguments = ["add", str(tmp_path / "bad.txt"), "--archive", place, "--model", "hashed-words"]
        with pytest.MonkeyPatch.context() as patched:
            close, others = Archive.close, []

            def overtaken(archive):
                close(archive)
                patched.undo()
                others.append(stack.enter_context(Archive.open(place)))

            patched.setattr(Archive, "close", overtaken)
            assert main(arguments) == 2
        assert others[0].add(VELL / "flood.md").added == ["flood"]


@pytest.mark.parametrize("at", ["before", "in the middle"])
def test_of_two_that_make_one_archive_at_once_both_add_to_it(new_place, monkeypatch, at):
    place = str(new_place())

    def other():
        with Archive.create(place, model="hashed-words") as archive:
            archive.add(VELL / "flood.md")

    create, load = Archive.create, load_encoder
    if at == "before":

        def overtaken(*arguments, **options):
            monkeypatch.setattr(Archive, "create", create)
            other()
            return create(*arguments, **options)

        monkeypatch.setattr(Archive, "create", overtaken)
    else:

        def loaded(*arguments, **options):
            monkeypatch.setattr("qa.archive.load_encoder", load)
            other()
            return load(*arguments, **options)

        monkeypatch.setattr("qa.archive.load_encoder", loaded)
    assert main(["add", str(VELL / "strike.md"), "--archive", place, "--model", "hashed-words"]) == 0
    with Archive.open(place) as archive:
        assert [each.id for each in archive.articles()] == ["flood", "strike"]


@pytest.fixture
def watching(tmp_path):
    """A running `add --watch` of an empty folder, and a function that waits for words of it."""
    (tmp_path / "in").mkdir()
    # What a shell runs in the background ignores interrupts, and so would its children.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "qa", "add", str(tmp_path / "in"), "--watch",
             "--archive", str(tmp_path / "archive"), "--model", "hashed-words"],
            cwd=ROOT, stdout=said, stderr=said, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    signal.signal(signal.SIGINT, before)

    def wait_for(words):
        until = time.monotonic() + 60
        while words not in (tmp_path / "said").read_text():
            assert process.poll() is None, (tmp_path / "said").read_text()
            assert time.monotonic() < until, (tmp_path / "said").read_text()
            time.sleep(0.1)

    yield wait_for, process
    process.kill()
    process.wait()


@pytest.mark.slow
def test_a_watched_folder_gives_what_comes_changes_and_goes(tmp_path, watching, capsys):
    wait_for, process = watching
    wait_for("watching")
    file = tmp_path / "in" / "a.txt"
    file.write_text("The ferry sails on Monday.")
    wait_for("1 article added")
    file.write_text("The ferry sails on Tuesday.")
    wait_for("1 article replaced")
    (tmp_path / "in" / "b.txt").write_bytes(b"\xff")
    wait_for("b.txt: line 1 is not UTF-8")
    file.unlink()
    wait_for("a.txt is gone; what it gave is kept until `remove ID`: a.txt")
    (tmp_path / "in" / "b.txt").unlink()
    wait_for("b.txt is gone\n")
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    assert main(["show", "a.txt", "--archive", str(tmp_path / "archive")]) == 0
    assert "on Tuesday" in capsys.readouterr().out


GOOD = {"txt": 400, "md": 200, "html": 200, "eml": 100, "docx": 30, "pdf": 30, "epub": 20, "mhtml": 10}
BROKEN = {
    "broken.txt": b"\xff\xfe",
    "broken.md": b"---\ntitle: A\n",
    "broken.html": b"<html></html>",
    "broken.pdf": b"%PDF-1.7\n",
    "broken.docx": b"PK\x03\x04",
    "broken.epub": b"",
    "broken.eml": b"words",
    "broken.zip": b"PK",
    "broken.csv": b"text,text\n",
    "broken.rss": b"<rss",
}


def fill(folder):
    """990 articles of eight kinds, a file each, and ten files that are broken."""
    story = "The ferry number {} between Vell and Sorn sails again on Monday, the harbour office said on Thursday."
    made = {
        "txt": lambda n: story.format(n).encode(),
        "md": lambda n: f"---\ntitle: Ferry {n}\n---\n{story.format(n)}".encode(),
        "html": lambda n: f"<html><body><article><p>{story.format(n)}</p></article></body></html>".encode(),
        "eml": lambda n: f"From: a@b.example\nSubject: Ferry {n}\n\n{story.format(n)}".encode(),
    }
    copied = {kind: next(ELSEWHERE.glob(f"*.{kind}")).read_bytes() for kind in GOOD if kind not in made}
    for kind, count in GOOD.items():
        (folder / kind).mkdir(parents=True)
        for number in range(count):
            (folder / kind / f"{number:03}.{kind}").write_bytes(copied.get(kind) or made[kind](number))
    for name, raw in BROKEN.items():
        (folder / name).write_bytes(raw)


@pytest.mark.slow
def test_of_a_thousand_files_the_ten_broken_ones_are_named_and_the_rest_is_stored(tmp_path, capsys):
    fill(tmp_path / "in")
    arguments = [
        "add",
        str(tmp_path / "in"),
        "--archive",
        str(tmp_path / "a"),
        "--model",
        "hashed-words",
        "--json",
    ]
    assert main(arguments) == 1
    first = json.loads(capsys.readouterr().out)
    assert len(first["added"]) == sum(GOOD.values()) == 990
    assert {Path(each["path"]).name for each in first["failed"]} == set(BROKEN)
    assert all(each["reason"] for each in first["failed"])
    assert main(arguments) == 1
    again = json.loads(capsys.readouterr().out)
    assert (len(again["unchanged"]), again["added"], again["replaced"], again["remarked"]) == (
        990,
        [],
        [],
        [],
    )
    assert (again["failed"], again["generation"]) == (first["failed"], first["generation"])
