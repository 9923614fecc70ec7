"""One writer at a time, across processes; the lock goes with its holder, however that ends."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import ArchiveError, ArchiveLocked
from qa import Archive
from qa.write_lock import NAME, write_lock

ROOT = Path(__file__).parent.parent
VELL = ROOT / "tests" / "data" / "vell"
HOLD = """
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from qa.write_lock import write_lock
with write_lock(Path(sys.argv[1]), "add"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder):
    """Another process that holds the lock until its stdin closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_process_is_refused_and_told_who_holds_it(tmp_path):
    with holder(tmp_path) as other:
        told = pytest.raises(ArchiveLocked, match=rf"process {other.pid} on .* \(add\); wait for it to end")
        with told, write_lock(tmp_path, "remove"):
            pytest.fail("two hold the lock")
    with write_lock(tmp_path, "remove"):
        pass


def test_the_file_names_the_holder_as_text_and_nobody_afterwards(tmp_path):
    with write_lock(tmp_path, "remove"):
        said = (tmp_path / NAME).read_text(encoding="utf-8")
        assert said.startswith(f"process {os.getpid()} on ")
        assert said.endswith("(remove)")
    assert (tmp_path / NAME).read_text(encoding="utf-8") == ""


def test_a_writer_that_fails_lets_go_and_leaves_no_name(tmp_path):
    with pytest.raises(KeyError), write_lock(tmp_path, "add"):
        raise KeyError
    assert (tmp_path / NAME).read_text(encoding="utf-8") == ""
    with write_lock(tmp_path, "add"):
        pass


def test_a_killed_holder_lets_go(tmp_path):
    with holder(tmp_path) as other:
        other.send_signal(signal.SIGKILL)
    assert "process" in (tmp_path / NAME).read_text(encoding="utf-8")
    with write_lock(tmp_path, "add"):
        assert f"process {os.getpid()} on " in (tmp_path / NAME).read_text(encoding="utf-8")


def test_a_process_started_under_the_lock_does_not_keep_it(tmp_path):
    with write_lock(tmp_path, "add"):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with child:
        with write_lock(tmp_path, "add"):
            assert child.poll() is None
        child.communicate(b"\n")


def test_two_threads_or_archives_of_one_process_are_two_writers(tmp_path):
    with write_lock(tmp_path, "add"), pytest.raises(ArchiveLocked), write_lock(tmp_path, "add"):
        pytest.fail("two hold the lock")


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with (
        pytest.raises(ArchiveError, match="can't be written: No such file"),
        write_lock(tmp_path / "no", "add"),
    ):
        pytest.fail("a lock on nothing")


def test_readers_read_while_another_process_holds_it_and_writers_are_refused(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL / "flood.md")
        with holder(archive.path):
            assert [each.id for each in archive.articles()] == ["flood"]
            for write in (lambda: archive.add(VELL), lambda: archive.remove(["flood"]), archive.optimize):
                with pytest.raises(ArchiveLocked):
                    write()
        assert archive.generation == 1


def test_a_lock_that_was_removed_with_its_folder_is_taken_anew(tmp_path):
    """Who waited for it has the file that is there now, not the one that is gone."""
    with ThreadPoolExecutor(1) as threads:
        let_go = threading.Event()

        def wait():
            with write_lock(tmp_path, "add", patience=30):
                waited.set()
                assert let_go.wait(30)

        waited = threading.Event()
        with write_lock(tmp_path, "discard"):
            waiting = threads.submit(wait)
            assert not waited.wait(0.3)
            (tmp_path / NAME).unlink()
        assert waited.wait(30)
        try:
            with (
                pytest.raises(ArchiveLocked, match="is being written by process"),
                write_lock(tmp_path, "add"),
            ):
                pass
        finally:
            let_go.set()
        waiting.result()
