"""The process that holds milvus-lite, or a server, is killed or hangs: nothing committed is lost, no wait is endless."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("pymilvus", reason="pymilvus is missing: requirements-scale.txt")
pytest.importorskip("milvus_lite", reason="milvus-lite is missing: requirements-scale.txt")

from conforming import place

from qa import Archive, Retriever
from qa.doctor import diagnose

ROOT = Path(__file__).parent.parent
BATCH, ARTICLES = 10, 120

# Adds one-passage articles, ten a commit, each brought to Milvus; replaces some of them, and removes others.
WORK = f"""
import sys
from qa import Archive, adding, derived_files
from qa.milvus import bringing_up
from qa.milvus.connection import Connection
import os
adding._BATCH, derived_files._KEPT_UP, bringing_up._PART = {BATCH}, {BATCH}, 7
left = int(sys.argv[3])
real = Connection.call
def dying(self, name, *arguments, **named):
    global left
    left -= 1
    if left == 0:
        os._exit(9)
    return real(self, name, *arguments, **named)
Connection.call = dying
with Archive.open(sys.argv[1]) as archive:
    print("begun", flush=True)
    archive.add(sys.argv[2])
    archive.remove([article.id for article in archive.articles()[:15]])
    archive.optimize()
"""


@pytest.fixture
def articles(tmp_path):
    lines = [
        json.dumps({"id": f"{n:03}", "text": f"Buoy number {n} was painted by Tam Reddick, coat {n % 7}."})
        for n in range(ARTICLES)
    ]
    (tmp_path / "buoys.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "buoys.jsonl"


def begun(address, articles, dies_at=0):
    child = subprocess.Popen(
        [sys.executable, "-c", WORK, address, str(articles), str(dies_at)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout.readline() == "begun\n"
    return child


def check(folder, address):
    """Whole commits, which Milvus finds as the embedded index does."""
    with Archive.open(folder) as embedded, Archive.open(address) as archive:
        held = [article.id for article in archive.articles()]
        assert len(held) % BATCH == 0 or len(held) == ARTICLES - 15
        for question in ("Who painted buoy number 7?", "coat 3"):
            wanted = Retriever(embedded).search(question, 40)
            assert [place(hit) for hit in Retriever(archive).search(question, 40)] == [
                place(hit) for hit in wanted
            ]
        assert [check for check in diagnose(archive).checks if not check.ok] == []


@pytest.mark.slow
def test_sigkill_of_the_process_that_holds_milvus_lite_loses_nothing(tmp_path, articles):
    """At random moments, and in the stead of a call to Milvus: of each kind some."""
    rng = random.Random(11)
    for number in range(10):
        folder = tmp_path / f"archive{number}"
        Archive.create(folder, model="hashed-words").close()
        address = f"file:{folder}?search={tmp_path / f'passages{number}.db'}"
        child = begun(address, articles, dies_at=0 if number % 2 else rng.randint(2, 150))
        try:
            if number % 2:
                time.sleep(rng.uniform(0.5, 8))
                child.kill()
            child.wait(timeout=120)
        finally:
            child.kill()
            child.stdout.close()
        check(folder, address)


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextmanager
def server(data, port):
    """Milvus-lite as a server of its own process: what a cluster is to the client."""
    child = subprocess.Popen(
        [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(data), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(600):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield child
    finally:
        child.send_signal(signal.SIGCONT)
        child.kill()
        child.wait()


def command(address, *arguments):
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "qa", *arguments, "--archive", address],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "MILVUS_TIMEOUT": "2", "MILVUS_TOKEN": "root:Milvus-secret"},
    )  # fmt: skip
    assert "secret" not in done.stdout + done.stderr
    return done, time.monotonic() - begun


@pytest.mark.slow
def test_a_server_that_hangs_or_is_killed_is_told_of_and_nothing_is_lost(folder, tmp_path):
    port = free_port()
    address = f"file:{folder}?search=http://127.0.0.1:{port}"
    article = tmp_path / "new.txt"
    article.write_text("The harbour of Vell has a ribbon.", encoding="utf-8")
    with server(tmp_path / "served", port) as child:
        done, _ = command(address, "search", "harbour", "--json")
        assert done.returncode == 0, done.stderr
        expected = done.stdout
        # A second process reads while this one does.
        with Archive.open(address) as archive:
            assert Retriever(archive).search("harbour", 3)
            assert command(address, "search", "harbour", "--json")[0].stdout == expected
        child.send_signal(signal.SIGSTOP)
        for arguments in (["search", "harbour"], ["add", str(article)]):
            done, seconds = command(address, *arguments)
            assert done.returncode == (2 if arguments[0] == "search" else 0)
            assert "does not answer within 2 s" in done.stderr
            assert seconds < 60
        child.send_signal(signal.SIGCONT)
        child.kill()
        child.wait()
        done, seconds = command(address, "search", "harbour")
        assert done.returncode == 2
        assert "can't be reached" in done.stderr
        assert seconds < 60
        assert command(address, "info")[0].returncode == 0
    with server(tmp_path / "served", port):
        with Archive.open(address) as archive:
            found = {hit.article_id for hit in Retriever(archive).search("harbour ribbon", 50)}
            assert str(article) in found or "new.txt" in found
            assert [check for check in diagnose(archive).checks if not check.ok] == []
        assert command(address, "search", "harbour")[0].returncode == 0
