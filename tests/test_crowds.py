"""Crowds on one archive: many readers, several writers, threads and processes, every answer verified."""

import json
import multiprocessing
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from buoys import QUESTION, faults, text_of, write

from corpus.errors import ArchiveLocked
from qa import Answerer, Archive, Retriever
from qa.doctor import diagnose
from qa.reader.loading import load_reader


@pytest.fixture(scope="module")
def reader():
    return load_reader()


def asked(answerer):
    return faults(json.loads(answerer.ask(QUESTION).to_json()))


def ask_until(answerer, done):
    """Asks until told to stop; returns how often, and what was wrong."""
    count, wrong = 0, []
    while not done.is_set() or not count:
        wrong += asked(answerer)
        count += 1
    return count, wrong


def change(archive, folder, rounds):
    """Adds, replaces and removes; never lacks buoy 7."""
    for at in range(rounds):
        archive.add(write(folder, range(40 + 10 * (at % 3)), 1 + at % 3))
        archive.remove([f"{number:03}" for number in range(20 + at % 5, 30)])
    archive.add(write(folder, range(60), 1))


@pytest.fixture
def filled(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(write(tmp_path, range(60), 1))
    return tmp_path / "archive"


def test_many_threads_ask_one_answerer_while_a_writer_adds_and_removes(filled, tmp_path, reader):
    with Archive.open(filled) as writer, Retriever(Archive.open(filled), reader=reader, reads=3) as retriever:
        answerer = Answerer(retriever, threshold=0)
        done = threading.Event()
        with ThreadPoolExecutor(6) as threads:
            asking = [threads.submit(ask_until, answerer, done) for _ in range(6)]
            try:
                change(writer, tmp_path, 4)
            finally:
                done.set()
        assert [wrong for each in asking for wrong in each.result()[1]] == []
        assert sum(each.result()[0] for each in asking) >= 6
        assert answerer.ask(QUESTION).verify().ok
        assert diagnose(writer).ok


def test_threads_get_byte_for_byte_what_one_gets(filled, reader):
    questions = [f"Who painted buoy number {number}?" for number in range(12)]
    with Retriever(Archive.open(filled), reader=reader, reads=3) as retriever:
        answerer = Answerer(retriever, threshold=0)
        alone = [answerer.ask(question).to_json() for question in questions]
        with ThreadPoolExecutor(6) as threads:
            assert list(threads.map(lambda each: answerer.ask(each).to_json(), questions * 2)) == alone * 2


def insist(folder, numbers, coat, turns):
    """A writer that comes again when the archive is locked; returns how often it was refused."""
    refused = 0
    with Archive.open(folder) as archive:
        for _ in range(turns):
            for write_something in (
                lambda: archive.add(write(folder.with_name(f"of-{coat}"), numbers, coat)),
                lambda: archive.remove([f"{numbers[0]:03}"]),
            ):
                while True:
                    try:
                        write_something()
                        break
                    except ArchiveLocked:
                        refused += 1
                        time.sleep(0.005)
    return refused


def test_two_writers_lose_nothing_of_each_other(filled, tmp_path):
    own = [range(100, 130), range(130, 160)]
    for coat in (1, 2):
        (tmp_path / f"of-{coat}").mkdir()
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda at: insist(filled, own[at], at + 1, 4), range(2)))
    with Archive.open(filled) as archive:
        ids = [each.id for each in archive.articles()]
        assert ids == [f"{number:03}" for number in [*range(60), *range(101, 130), *range(131, 160)]]
        assert {archive.article(f"{number:03}").text for number in own[1][1:]} == {
            text_of(number, 2) for number in own[1][1:]
        }
        assert archive.generation == 1 + 2 * 4 * 2
        assert diagnose(archive).ok


def visit(folder, name, seconds):
    """A process of its own: reads, or writes if its name says so; leaves what was wrong in a file."""
    ends = time.monotonic() + seconds
    wrong, count = [], 0
    if name.startswith("writer"):
        coat = int(name[-1])
        (folder.with_name(f"of-{coat}")).mkdir(exist_ok=True)
        while time.monotonic() < ends:
            insist(folder, range(100 + 20 * coat, 120 + 20 * coat), coat, 1)
            count += 1
    else:
        with Answerer.open(folder, threshold=0) as answerer:
            answerer.retriever.reads = 3
            while time.monotonic() < ends or not count:
                wrong += asked(answerer)
                count += 1
    (folder.parent / f"{name}.json").write_text(json.dumps([count, wrong]))


@pytest.mark.slow
def test_many_processes_on_one_archive(filled):
    """Four that ask and two that write, for ten seconds."""
    here = Path(__file__).parent
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(here), str(here.parent)])
    try:
        context = multiprocessing.get_context("spawn")
        names = ["reader-1", "reader-2", "reader-3", "reader-4", "writer-1", "writer-2"]
        processes = [context.Process(target=visit, args=(filled, name, 10)) for name in names]
        for process in processes:
            process.start()
        for process in processes:
            process.join(240)
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    assert [process.exitcode for process in processes] == [0] * 6
    for name in names:
        count, wrong = json.loads((filled.parent / f"{name}.json").read_text())
        assert wrong == []
        assert count > 0
    with Archive.open(filled) as archive:
        assert diagnose(archive).ok
