"""Adding on Ray: the same archive as in one process, whoever is killed on the way."""

import collections
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from ray_adding import BATCH, POISON, WORKERS
from ray_nodes import ALONE, alive, below, end, kill_node, two_nodes, wait_for

from corpus.passages import context_text
from qa import Archive, rows
from qa.exporting import export
from qa.on_ray.dispatch import BLOCK, DEPTH

pytest.importorskip("ray", reason="Ray is not installed (requirements-scale.txt)")
pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ARTICLES = 1_500  # a passage each
SECONDS = 0.01  # that encoding a text takes at least


@pytest.fixture(scope="module")
def cluster():
    with two_nodes() as (address, second):
        yield address, second


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """Articles that repeat no line, so that what is read anew after a stop is split as before."""
    folder = tmp_path_factory.mktemp("articles")
    for at in range(ARTICLES):
        (folder / f"buoy-{at:04}.txt").write_text(
            f"Buoy number {at} was painted by Tam Reddick, coat {at % 7}."
        )
    return folder


@pytest.fixture(scope="module")
def plain(articles, tmp_path_factory):
    """What the plain add makes of them, exported."""
    place = tmp_path_factory.mktemp("plain")
    with Archive.create(place / "archive", model="hashed-words") as archive:
        archive.add(articles)
        export(archive, place / "plain.jsonl", vectors=True)
    return (place / "plain.jsonl").read_bytes()


@pytest.fixture
def archive(tmp_path):
    Archive.create(tmp_path / "archive", model="hashed-words").close()
    return tmp_path / "archive"


def started(archive, articles, log, *, address=None, seconds=SECONDS):
    named = [address] if address else []
    return subprocess.Popen(
        [sys.executable, str(HERE / "ray_adding.py"), archive, articles, log, str(seconds), *named],
        env={**os.environ, **ALONE, "PYTHONPATH": str(HERE.parent)},
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process):
    out, err = process.communicate(timeout=240)  # on a machine that others use
    return process.returncode, out, err


def lines(log):
    """The texts that were encoded."""
    return [line.partition(" ")[2] for line in log.read_text().splitlines()] if log.exists() else []


def workers(log):
    """The processes that encoded any."""
    return {int(line.split()[0]) for line in log.read_text().splitlines()} if log.exists() else set()


def exported(archive, place):
    with Archive.open(archive) as opened:
        export(opened, place, vectors=True)
    return place.read_bytes()


def committed(archive):
    with closing(sqlite3.connect(f"file:{archive}/archive.db?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT count(*) FROM articles").fetchone()[0]


def test_a_node_that_is_killed_loses_nothing(cluster, archive, articles, plain, tmp_path):
    address, second = cluster
    adding = started(archive, articles, tmp_path / "log", address=address)
    try:
        wait_for(
            lambda: committed(archive) >= BATCH and workers(tmp_path / "log") & {*below(second)},
            180,
            of=adding,
        )
        kill_node(second)
        assert committed(archive) < ARTICLES, "it was in the middle"
        code, out, err = ended(adding)
    finally:
        end(adding.pid)
    assert code == 0, err
    assert err == "note: a worker was lost, another does its work (the worker that had it died)\n"
    assert out.splitlines()[-1] == f"{ARTICLES} added 0 unchanged 0 failed"
    assert exported(archive, tmp_path / "ray.jsonl") == plain
    counts = collections.Counter(lines(tmp_path / "log"))
    assert len(counts) == ARTICLES
    again = sum(counts.values()) - ARTICLES
    assert again <= DEPTH * BLOCK, "only what the lost worker had and had not handed over"
    assert not (archive / "encoded").exists(), "nothing is left of what was committed"


def test_a_program_that_is_killed_goes_on_where_it_was(archive, articles, plain, tmp_path):
    first = started(archive, articles, tmp_path / "first")
    try:
        wait_for(
            lambda: committed(archive) >= BATCH and len(lines(tmp_path / "first")) > 2 * BATCH, 180, of=first
        )
        pids = below(first.pid)
        working = [pid for pid in pids if "ray::Worker" in Path(f"/proc/{pid}/cmdline").read_text()]
    finally:
        end(first.pid)
        ended(first)
    assert len(working) == WORKERS
    wait_for(lambda: not any(map(alive, working)), 30)  # they go with it
    for pid in pids:
        end(pid)  # two of Ray's own try for a minute to tell someone
    kept = spooled(archive)
    with Archive.open(archive) as opened, opened.reading() as connection:
        for article in opened.articles():
            text = rows.find_article(connection, article.id)
            kept |= {
                context_text(text.title, each.passage.span.of(text.text))
                for each in rows.passages_of(connection, article.id)
            }
    assert BATCH <= len(kept) < ARTICLES
    code, out, err = ended(started(archive, articles, tmp_path / "second"))
    assert (code, err) == (0, "")
    assert " 0 failed" in out
    again = set(lines(tmp_path / "second"))
    assert len(again) == len(lines(tmp_path / "second")) == ARTICLES - len(kept)
    assert not again & kept, "what was committed or spooled is not encoded again"
    first_log = lines(tmp_path / "first")
    assert len(first_log) == len(set(first_log))
    assert len(again & set(first_log)) <= WORKERS * BLOCK, "but for blocks that were being handed over"
    assert exported(archive, tmp_path / "ray.jsonl") == plain
    assert not (archive / "encoded").exists()


def spooled(archive):
    """The texts that lie in the spool, by trying all."""
    from embeddings.hashed_words import HashedWordsEncoder
    from qa.spool import Shelf, Spool

    texts = [f"Buoy number {at} was painted by Tam Reddick, coat {at % 7}." for at in range(ARTICLES)]
    return set(Spool.open(Shelf.of(archive / "encoded", HashedWordsEncoder())).take(texts))


def test_an_article_that_kills_workers_fails_alone(cluster, archive, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "00.txt").write_text("Buoy number 0 is red.")
    (tmp_path / "in" / "01.txt").write_text(f"{POISON}.")
    adding = started(archive, tmp_path / "in", tmp_path / "log", address=cluster[0], seconds=0)
    code, out, _ = ended(adding)
    assert code == 0, out
    failed, counts = out.splitlines()[-2:]  # before them, Ray tells of its losses
    assert failed == f"{tmp_path}/in/01.txt it can't be encoded: the worker that had it died"
    assert counts == "1 added 0 unchanged 1 failed"
    assert committed(archive) == 1
