"""Several writers on one archive in PostgreSQL: nothing lost, one order of commits, marks as one writer makes them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from buoys import QUESTION, faults, text_of, write
from postgres_server import PASSWORD, served

from corpus.errors import ArchiveError, InputError
from qa import Answerer, Archive, Retriever, adding, storing
from qa.compared_archives import digest
from qa.doctor import diagnose
from qa.reader.loading import load_reader

ROOT = Path(__file__).parent.parent
CALL = "Sign up for our newsletter and never miss a tide."


def lines(file, records):
    file.write_text("\n".join(json.dumps(each) for each in records), encoding="utf-8")
    return file


def told(archive, articles):
    """What a list of the archive says, but for rows."""
    return [(each.id, each.sha256, archive.furniture(each.id)) for each in articles]


class Meanwhile:
    """Calls something once, right before the first commit that stores a batch begins."""

    def __init__(self, monkeypatch, do):
        self.done = False
        store = storing._store

        def first(*arguments):
            if not self.done:
                self.done = True
                do()
            return store(*arguments)

        monkeypatch.setattr(storing, "_store", first)


@pytest.fixture
def both(new_address):
    """An archive, opened twice, as by two machines."""
    address = new_address()
    with Archive.create(address, model="hashed-words") as one, Archive.open(address) as other:
        yield one, other


def test_the_same_article_stored_meanwhile_is_unchanged(both, tmp_path, monkeypatch):
    one, other = both
    file = lines(tmp_path / "a.jsonl", [{"id": "a", "text": "A tern."}, {"id": "b", "text": "A gull."}])
    other_file = lines(tmp_path / "b.jsonl", [{"id": "c", "text": "A skua."}])
    Meanwhile(monkeypatch, lambda: (other.add(file), other.add(other_file)))
    report = one.add(file)
    assert (report.added, report.unchanged, report.failed) == ([], ["a", "b"], [])
    assert one.generation == 2


def test_another_articles_id_taken_meanwhile_is_refused_and_the_rest_is_stored(both, tmp_path, monkeypatch):
    one, other = both
    file = lines(tmp_path / "a.jsonl", [{"id": "a", "text": "A tern."}, {"id": "b", "text": "A gull."}])
    taken = lines(tmp_path / "taken.jsonl", [{"id": "a", "text": "A skua."}])
    Meanwhile(monkeypatch, lambda: other.add(taken))
    report = one.add(file)
    assert report.added == ["b"]
    assert "its id 'a' is already that of" in report.failed[0].reason
    assert str(taken) in report.failed[0].reason
    assert one.article("a").text == "A skua."


def test_a_newer_text_stored_meanwhile_is_replaced_not_doubled(both, tmp_path, monkeypatch):
    one, other = both
    file = lines(tmp_path / "a.jsonl", [{"id": "a", "text": "A tern."}])
    one.add(file)
    lines(file, [{"id": "a", "text": "A tern sat on the pier."}])
    found = Retriever(one)

    def meanwhile():
        lines(file, [{"id": "a", "text": "Two terns."}])
        other.add(file)

    Meanwhile(monkeypatch, meanwhile)
    report = one.add(file)
    assert report.replaced == ["a"]
    assert one.article("a").text == "A tern sat on the pier."
    assert one.generation == 3
    assert [hit.article_id for hit in found.search("tern", 10)] == ["a"]


def test_what_was_removed_meanwhile_is_added_anew(both, tmp_path, monkeypatch):
    one, other = both
    file = lines(tmp_path / "a.jsonl", [{"id": "a", "text": "A tern."}])
    one.add(file)
    lines(file, [{"id": "a", "text": "A tern sat on the pier."}])
    Meanwhile(monkeypatch, lambda: other.remove("a"))
    assert one.add(file).added == ["a"]
    assert one.article("a").text == "A tern sat on the pier."


def gazette(ids, *, call=True):
    return [
        {"id": id, "source": "Tern Gazette", "language": "en",
         "text": f"Buoy {id} was painted red by Tam Reddick." + (f"\n\n{CALL}" if call else "")}
        for id in ids
    ]  # fmt: skip


def test_lines_that_two_writers_repeat_together_are_marked_in_all(both, tmp_path, monkeypatch):
    """Three articles each, of five that it takes: neither knows enough by itself."""
    one, other = both
    first = lines(tmp_path / "1.jsonl", gazette(["a1", "a2", "a3"]))
    second = lines(tmp_path / "2.jsonl", gazette(["b1", "b2", "b3"]))
    Meanwhile(monkeypatch, lambda: other.add(second))
    one.add(first)
    with Archive.create(tmp_path / "alone", model="hashed-words") as alone:
        alone.add([first, second])
        assert told(one, one.articles()) == told(alone, alone.articles())
        assert all(one.furniture(each.id) for each in one.articles())
    assert diagnose(one).ok


def test_marks_learned_meanwhile_are_used(both, tmp_path, monkeypatch):
    """The other settles the line while ours was read without it: five of it are there by then."""
    one, other = both
    first = lines(tmp_path / "1.jsonl", gazette(["a1"]))
    Meanwhile(monkeypatch, lambda: other.add(lines(tmp_path / "2.jsonl", gazette("bcdef"))))
    one.add(first)
    assert one.furniture("a1")
    assert diagnose(one).ok


def test_articles_that_come_while_others_are_marked_anew_are_marked_too(both, tmp_path, monkeypatch):
    one, other = both
    one.add(lines(tmp_path / "1.jsonl", gazette("abcd")))
    stale = adding.stale_marks
    late = []

    def meanwhile(connection):
        found = list(stale(connection))
        if found and not late:
            late.append(lines(tmp_path / "late.jsonl", gazette("xy")))
            with monkeypatch.context() as patched:
                patched.setattr(adding, "stale_marks", lambda _: iter(()))  # it leaves the marking to us
                patched.setattr("qa.repeated.settle", lambda *_: True)
                other.add(late[0])
        return iter(found)

    monkeypatch.setattr(adding, "stale_marks", meanwhile)
    one.add(lines(tmp_path / "2.jsonl", gazette("e")))
    assert late
    assert all(one.furniture(id) for id in "abcdexy")
    assert diagnose(one).ok


def change(address, folder, own, turns):
    """A writer: adds, replaces and removes articles of its own, and one that both fight for."""
    folder.mkdir(exist_ok=True)
    with Archive.open(address) as archive:
        for turn in range(turns):
            archive.add(write(folder, own, 1 + turn % 3))
            archive.remove([f"{own[0]:03}"])
    return True


@pytest.mark.slow
def test_two_writers_at_once_lose_nothing_and_every_answer_verifies(new_address, tmp_path, postgres):
    address = new_address()
    own = [range(100, 112), range(130, 142)]
    reader = load_reader()
    wrong, done = [], threading.Event()
    with Archive.create(address, model="hashed-words") as archive:
        archive.add(write(tmp_path, range(20), 1))
        with (
            Retriever(Archive.open(address), reader=reader, reads=3) as retriever,
            ThreadPoolExecutor(3) as threads,
        ):
            answerer = Answerer(retriever, threshold=0)

            def ask():
                while not done.is_set():
                    answer = json.loads(answerer.ask(QUESTION).to_json())
                    wrong.extend(faults(answer))

            asking = threads.submit(ask)
            try:
                writers = [threads.submit(change, address, tmp_path / str(at), own[at], 3) for at in range(2)]
                assert all(writer.result() for writer in writers)
            finally:
                done.set()
            asking.result()
        assert wrong == []
        ids = [each.id for each in archive.articles()]
        assert ids == [f"{number:03}" for number in [*range(20), *own[0][1:], *own[1][1:]]]
        assert {archive.article(f"{n:03}").text for n in own[1][1:]} == {text_of(n, 3) for n in own[1][1:]}
        assert archive.generation == 1 + 2 * 3 * 2
        diagnosis = diagnose(archive)
        assert diagnosis.ok, diagnosis
    schema = address.rpartition("=")[2]
    commits = postgres.rows(f"SELECT generation FROM {schema}.commits ORDER BY generation")
    assert [generation for (generation,) in commits] == list(range(14))


def test_commits_are_counted_in_the_order_in_which_they_are_seen(new_address, postgres):
    """While one commit is under way, another waits: no generation is seen before the one before it."""
    address = new_address()
    with Archive.create(address, model="hashed-words") as one, Archive.open(address) as other:
        with one.writing("test") as first, other.writing("test") as second:
            from qa.settings import next_generation

            first.execute("BEGIN IMMEDIATE")
            assert next_generation(first) == 1
            came = threading.Thread(target=lambda: second.execute("BEGIN IMMEDIATE"))
            came.start()
            came.join(0.5)
            assert came.is_alive()  # it waits
            assert other.generation == 0
            first.execute("COMMIT")
            came.join(30)
            assert next_generation(second) == 2
            second.execute("COMMIT")
        assert one.generation == 2


ADD = """
import sys
from qa import Archive, adding
adding._BATCH = 10
with Archive.open(sys.argv[1]) as archive:
    print("begun", flush=True)
    archive.add(sys.argv[2])
"""


def corpus(folder, count):
    return lines(
        folder / "corpus.jsonl",
        [{"id": f"{n:03}", "text": f"Buoy number {n} was painted red by Tam Reddick."} for n in range(count)],
    )


def begin_to_add(address, file, tmp_path):
    environment = {**os.environ, "PGPASSWORD": PASSWORD, "QA_DERIVED": str(tmp_path / "other")}
    process = subprocess.Popen(
        [sys.executable, "-c", ADD, address, str(file)], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline() == b"begun\n"
    return process


def holds_what_was_committed(archive, file, fresh):
    """Every commit whole, none missing; and the same command completes it."""
    committed = archive.generation * 10
    assert [each.id for each in archive.articles()] == [f"{n:03}" for n in range(min(committed, 200))]
    assert len(Retriever(archive).search("Who painted buoy number 7?", 1_000)) == min(committed, 200)
    diagnosis = diagnose(archive)
    assert diagnosis.ok, diagnosis
    archive.add(file)
    with Archive.create(fresh, model="hashed-words") as other:
        other.add(file)
        ranked = [
            [
                (hit.article_id, hit.score)
                for hit in Retriever(each).search("Who painted buoy number 7?", 1_000)
            ]
            for each in (archive, other)
        ]
        assert ranked[0] == ranked[1]
    assert diagnose(archive).ok


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.3, 0.8, 1.5])
def test_a_writer_that_is_killed_loses_nothing_that_was_committed(new_address, tmp_path, after):
    address, file = new_address(), corpus(tmp_path, 200)
    Archive.create(address, model="hashed-words").close()
    with begin_to_add(address, file, tmp_path) as process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    with Archive.open(address) as archive:
        holds_what_was_committed(archive, file, tmp_path / "fresh")


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.1, 0.5, 1.0])
def test_a_server_that_is_killed_in_mid_add_loses_nothing_that_was_committed(tmp_path, monkeypatch, after):
    """Postmaster and all its processes; the writer is told in a line, with exit code 2 on the command line."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("QA_DERIVED", str(tmp_path / "derived"))
    with served() as server:
        address, file = server.address("mine"), corpus(tmp_path, 200)
        Archive.create(address, model="hashed-words").close()
        with begin_to_add(address, file, tmp_path) as process:
            time.sleep(after)
            seen = len(server.rows("SELECT generation FROM mine.commits")) - 1
            server.kill()
            _, said = process.communicate(timeout=120)
        assert process.returncode == 0 or b"corpus.errors.ArchiveError: postgresql://" in said
        with pytest.raises(ArchiveError, match="no server answers there"):
            Archive.open(address)
        server.start()  # it recovers from its log
        with Archive.open(address) as archive:
            assert archive.generation >= seen
            holds_what_was_committed(archive, file, tmp_path / "fresh")


@pytest.mark.slow
def test_a_writer_whose_server_goes_is_told_and_can_go_on(tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("QA_DERIVED", str(tmp_path / "derived"))
    with served() as server:
        file = corpus(tmp_path, 30)
        with Archive.create(server.address("mine"), model="hashed-words") as archive:
            Meanwhile(monkeypatch, server.kill)
            with pytest.raises(ArchiveError, match=r"try again|no server answers"):
                archive.add(file)
            server.start()
            assert len(archive) == 0
            assert len(archive.add(file).added) == 30
            with archive.reading() as connection:
                assert digest(connection, "articles")[0] == 30


def test_remove_of_what_another_removed_removes_nothing(both, tmp_path):
    one, other = both
    one.add(lines(tmp_path / "a.jsonl", [{"id": "a", "text": "A tern."}, {"id": "b", "text": "A gull."}]))
    other.remove("a")
    with pytest.raises(InputError, match="no article has the id 'a'; nothing was removed"):
        one.remove(["b", "a"])
    assert [each.id for each in one.articles()] == ["b"]
