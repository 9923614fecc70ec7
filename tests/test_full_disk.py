"""A disk that is full, a folder that can't be written: what was stored is untouched and readable.

The slow ones mount a small file system of their own, where the user may.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from corpus.errors import ArchiveError
from qa import Answerer, Archive
from qa.cli import main
from qa.doctor import diagnose

VELL = Path(__file__).parent / "data" / "vell"
QUESTION = "Who cut the ribbon in the harbour?"
ANSWER = "Mayor Ona Brisk cut the ribbon before some two hundred people."


@contextmanager
def mounted(folder, *options):
    """A mount at `folder`; skips where this user may not mount."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"needs to mount a file system, which this user may not do here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def disk(tmp_path):
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=600k", "onrecord-test") as folder:
        yield folder


@pytest.fixture
def many(tmp_path):
    """Articles that need more room than the disk has."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number:03}.txt").write_text(f"Buoy {number} was painted. " * 200)
    return folder


def fill(folder):
    with (folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(folder).free == 0


def answered(folder):
    with Answerer.open(folder) as answerer:
        return answerer.ask(QUESTION).quotes[0].text


@pytest.mark.slow
def test_a_disk_that_fills_up_in_an_add_keeps_what_was_stored(disk, many, capsys):
    folder = str(disk / "archive")
    with Archive.create(folder, model="hashed-words") as archive:
        archive.add(VELL)
        before = archive.articles()
    assert main(["add", str(many), "--archive", folder, "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "the disk is full or failing" in err
    assert "free some space and try again" in err
    with Archive.open(folder) as archive:
        assert archive.articles() == before
        assert archive.generation == 1
        assert diagnose(archive).ok
    assert answered(folder) == ANSWER


@pytest.mark.slow
def test_an_archive_on_a_full_disk_is_read_and_written_again_when_there_is_room(disk):
    folder = disk / "archive"
    with Archive.create(folder, model="hashed-words") as archive:
        archive.add([VELL / "harbour.md", VELL / "flood.md"])
    fill(disk)
    assert answered(folder) == ANSWER
    with Archive.open(folder) as archive:
        with pytest.raises(ArchiveError, match="full or failing"):
            archive.add(VELL)
        assert [each.id for each in archive.articles()] == ["flood", "harbour"]
    (disk / "filler").unlink()
    with Archive.open(folder) as archive:
        assert len(archive.add(VELL).added) == 6


@pytest.mark.slow
def test_indexes_that_find_no_room_are_made_in_memory(disk, capsys):
    folder = disk / "archive"
    with Archive.create(folder, model="hashed-words") as archive:
        archive.add(VELL / "harbour.md")
    shutil.rmtree(folder / "lexical")
    (folder / "vectors.faiss").unlink()
    fill(disk)
    assert answered(folder) == ANSWER
    assert not list(folder.rglob("*.new"))


@pytest.mark.slow
def test_a_full_disk_makes_no_archive_and_the_next_try_does(disk):
    fill(disk)
    with pytest.raises(ArchiveError, match=r"No space left|full or failing|can't be"):
        Archive.create(disk / "archive", model="hashed-words")
    (disk / "filler").unlink()
    with Archive.create(disk / "archive", model="hashed-words") as archive:
        assert archive.add(VELL / "flood.md").added == ["flood"]


def test_a_database_that_may_not_grow_keeps_what_was_stored(tmp_path, many, monkeypatch):
    """The same without a mount: SQLite's own limit gives SQLite's own error."""
    connect = sqlite3.connect

    def limited(*args, **options):
        connection = connect(*args, **options)
        connection.execute("PRAGMA max_page_count = 60")
        return connection

    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        monkeypatch.setattr(sqlite3, "connect", limited)
        with pytest.raises(ArchiveError, match="disk is full"):
            archive.add(many)
        monkeypatch.undo()
        assert len(archive) == 8
        assert diagnose(archive).ok


@pytest.fixture
def read_only(tmp_path):
    """An archive in a folder that can't be written, by anyone."""
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL)
    (tmp_path / "locked").mkdir()
    with mounted(tmp_path / "locked", "--bind", str(tmp_path / "archive")) as folder:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield folder


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_read_and_add_refuses_plainly(read_only, capsys):
    assert answered(read_only) == ANSWER
    for command in (["add", str(VELL)], ["remove", "flood"], ["optimize"]):
        assert main([*command, "--archive", str(read_only)]) == 2
        out, err = capsys.readouterr()
        assert (out, err) == ("", f"error: {read_only} can't be written: Read-only file system\n")
    assert main(["doctor", "--archive", str(read_only), "--json"]) == 0
    assert '"rebuilt": []' in capsys.readouterr().out


@pytest.mark.slow
def test_what_a_crash_left_in_the_log_is_read_where_nothing_can_be_written(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL / "flood.md")
        with archive.reading():  # a reader keeps the log from being taken in
            len(archive)
            with Archive.open(archive.path) as other, other.writing("test") as connection:
                connection.execute("UPDATE articles SET title = 'Flood' WHERE id = 'flood'")
            shutil.copytree(archive.path, tmp_path / "crashed")
    assert (tmp_path / "crashed" / "archive.db-wal").stat().st_size > 0
    with mounted(tmp_path / "locked", "--bind", str(tmp_path / "crashed")) as folder:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        with Archive.open(folder) as archive:
            assert archive.article("flood").title == "Flood"


def test_a_folder_without_leave_to_write_opens_as_it_lies(tmp_path, monkeypatch):
    """The same without a mount, which a superuser's leave can't spoil."""
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL)
    before = sorted(os.listdir(tmp_path / "archive"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Archive.open(tmp_path / "archive") as archive:
        assert len(archive) == 8
        assert sorted(os.listdir(tmp_path / "archive")) == before  # not even a log was made
        with archive.reading() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM articles")


LIMITED = """
import resource, sys
from qa.cli import main
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("limit", [40_000, 90_000, 150_000, 300_000, 3_000_000])
def test_files_that_may_not_grow_beyond_a_limit_keep_what_was_stored(tmp_path, many, limit):
    """As on a full disk, wherever the writing has come to, and without leave to mount anything."""
    for file in many.iterdir():  # finding a language out unpacks a model, which the limit forbids too
        file.rename(file.with_suffix(".md")).write_text(
            "---\nlanguage: en\n---\n" + f"{file.name} was painted. " * 200
        )
    folder = tmp_path / "archive"
    with Archive.create(folder, model="hashed-words") as archive:
        archive.add(VELL)
        before = [each.id for each in archive.articles()]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), "add", str(many), "--archive", str(folder)],
        cwd=VELL.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 2), done.stderr
    assert done.returncode == 0 or "the disk is full or failing" in done.stderr, done.stderr
    with Archive.open(folder) as archive:
        held = [each.id for each in archive.articles()]
        assert held == before or len(held) == len(before) + 200
        assert diagnose(archive).ok
    assert answered(folder) == ANSWER
