"""Killed at any instant, an archive opens and holds exactly what was committed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from killing import KINDS, kill

from qa import Archive, Retriever
from qa.doctor import diagnose

ROOT = Path(__file__).parent.parent
BATCH = 10
ARTICLES = 200

# Adds one-passage articles in batches of ten; each commit is one generation.
ADD = """
import sys
from qa import Archive, adding
adding._BATCH = 10
with Archive.open(sys.argv[1]) as archive:
    print("begun", flush=True)
    archive.add(sys.argv[2])
"""

# Dies before the n-th call that changes a file, whichever that is.
DIE = """
import os, shutil, sqlite3, sys
left = int(sys.argv[3])
def dying(call):
    def wrapped(*args, **options):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return call(*args, **options)
    return wrapped
class Connection(sqlite3.Connection):
    execute = dying(sqlite3.Connection.execute)
    executemany = dying(sqlite3.Connection.executemany)
connect = sqlite3.connect
from qa import Archive, adding
with Archive.open(sys.argv[1]) as archive:
    sqlite3.connect = lambda *args, **options: connect(*args, factory=Connection, **options)
    os.replace, os.fsync, shutil.rmtree = map(dying, (os.replace, os.fsync, shutil.rmtree))
    archive.add(sys.argv[2])
    archive.remove("000")
    archive.optimize()
"""

# The same, to be killed by strace.
WORK = """
import sys
from qa import Archive
with Archive.open(sys.argv[1]) as archive:
    archive.add(sys.argv[2])
    archive.remove("000")
    archive.optimize()
"""
# What changes a file, or makes a change last.
WRITES = (
    "write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync", "rename", "renameat", "renameat2",
    "unlink", "unlinkat", "mkdir", "rmdir", "link", "linkat",
)  # fmt: skip
EVERY = int(os.environ.get("KILL_EVERY", "5"))  # so many-th of the writes; 1 takes an hour


def corpus(folder, count):
    file = folder / "corpus.jsonl"
    records = [
        {"id": f"{n:03}", "text": f"Buoy number {n} was painted red by Tam Reddick."} for n in range(count)
    ]
    file.write_text("\n".join(map(json.dumps, records)))
    return file


def ranked(archive):
    hits = Retriever(archive).search("Who painted buoy number 7?", 1_000)
    return [(hit.article_id, hit.score) for hit in hits]


def python(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45])
def test_killed_in_the_middle_of_an_add(tmp_path, after):
    Archive.create(tmp_path / "archive", model="hashed-words").close()
    file = corpus(tmp_path, ARTICLES)
    with python(ADD, tmp_path / "archive", file) as process:
        assert process.stdout.readline() == b"begun\n"
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    with Archive.open(tmp_path / "archive") as archive:
        committed = archive.generation * BATCH
        ids = [each.id for each in archive.articles()]
        assert ids == [f"{n:03}" for n in range(min(committed, ARTICLES))]
        assert len(ranked(archive)) == len(ids)
        assert diagnose(archive).ok
        archive.add(file)
        with Archive.create(tmp_path / "fresh", model="hashed-words") as fresh:
            fresh.add(file)
            assert ranked(archive) == ranked(fresh)


@pytest.mark.slow
def test_dead_before_each_change_of_a_file(tmp_path):
    """The calls an add of three, a removal and an optimize make, each in turn the last."""
    file = corpus(tmp_path, 3)
    states = {(): 0, ("000", "001", "002"): 0, ("001", "002"): 0}
    for calls in range(1_000):
        folder = tmp_path / f"archive-{calls}"
        Archive.create(folder, model="hashed-words").close()
        with python(DIE, folder, file, calls) as process:
            _, told = process.communicate()
        assert process.returncode in (0, 9), told
        with Archive.open(folder) as archive:
            ids = tuple(each.id for each in archive.articles())
            states[ids] += 1
            assert {id for id, _ in ranked(archive)} == set(ids)
            assert diagnose(archive).ok
            assert archive.add(file).failed == []
            assert [each.id for each in archive.articles()] == ["000", "001", "002"]
        if process.returncode == 0:
            break
    assert min(states.values()) >= 5  # it died in every stage


@pytest.mark.slow
def test_killed_while_the_archive_is_made(tmp_path):
    script = "import os, sqlite3, sys\nfrom pathlib import Path\nfrom qa import Archive\nPath.replace = lambda *_: os._exit(9)\nArchive.create(sys.argv[1], model='hashed-words')"
    with python(script, tmp_path / "archive") as process:
        process.communicate()
    assert process.returncode == 9
    assert "archive.db.new" in os.listdir(tmp_path / "archive")
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        assert len(archive) == 0
    assert "archive.db.new" not in os.listdir(tmp_path / "archive")


@pytest.mark.slow
def test_thirty_random_kills_lose_nothing(tmp_path):
    """The same as `make bench-kill`, which kills a thousand."""
    toll = kill(tmp_path, 30, seed=30)
    assert toll.kills == 30
    assert sum(toll.under_way[kind] for kind in KINDS) == 30


def traced(folder, file, call, at):
    """Runs WORK until the at-th such call of one of its threads, in whose stead it is killed."""
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, "-e", f"trace={call}",
               "-e", f"inject={call}:signal=KILL:when={at}", sys.executable, "-B", "-c", WORK]  # fmt: skip
    return subprocess.run([*command, folder, file], cwd=ROOT, capture_output=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("call", WRITES)
def test_killed_in_the_stead_of_a_write(tmp_path, call):
    """Whatever was not yet written, the archive holds what was committed; KILL_EVERY=1 tries each write."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    if subprocess.run(
        ["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False
    ).returncode:
        pytest.skip("this machine lets no process be traced")
    file = corpus(tmp_path, 3)
    whole = [(), ("000", "001", "002"), ("001", "002")]
    for at in range(1, 1_000, EVERY):
        folder = tmp_path / f"archive-{at}"
        Archive.create(folder, model="hashed-words").close()
        done = traced(folder, file, call, at)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        with Archive.open(folder) as archive:
            ids = tuple(each.id for each in archive.articles())
            assert ids in whole
            assert {id for id, _ in ranked(archive)} == set(ids)
            assert diagnose(archive).ok
            assert archive.add(file).failed == []
            assert [each.id for each in archive.articles()] == ["000", "001", "002"]
