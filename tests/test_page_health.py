import asyncio
import base64
import dataclasses
import itertools
import shutil
import threading
import time
from unittest.mock import Mock

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from corpus.errors import ArchiveError, ArchiveMissing, InputError
from qa import Answerer, Archive, Retriever
from qa.page import health
from qa.page.desk import Desk
from qa.page.look import Look

GOOD = "Who cut the ribbon at the harbour of Vell?"
OPERA = "Which opera did Xanthippe compose?"


class NoReader:
    """A reader that leaves every passage alone: none of this is about reading."""

    weights_sha256 = "0" * 64

    def __init__(self):
        from qa.reader.loading import load_reader

        self.calibration = load_reader().calibration

    def read(self, question, hits):
        return [None for _ in hits]


@pytest.fixture
def desk(folder):
    with Retriever(Archive.open(folder), reader=NoReader()) as retriever:
        desk = Desk(Answerer(retriever, threshold=0.01))
        retriever.watch = desk.meter.watch
        yield desk


def client(desk, *, auth=None, patience=2.0, waiting=0):
    app = Starlette(routes=health.routes(desk, waiting=lambda: waiting, auth=auth, patience=patience))
    return TestClient(app)


def samples(text):
    """Every sample by name and labels, parsed by Prometheus' own parser."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_process_that_answers_lives_and_is_ready(desk):
    with client(desk) as asked:
        for path, words in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
            answer = asked.get(path)
            assert (answer.status_code, answer.text) == (200, words)
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["content-type"].startswith("text/plain")


def test_the_archive_gone_is_not_ready_and_names_no_place(desk, folder, capsys):
    with client(desk) as asked:
        aside = folder.with_name("aside")
        folder.rename(aside)
        for _ in range(2):
            answer = asked.get("/readyz")
            assert (answer.status_code, answer.text) == (503, "not ready: the archive is gone\n")
        assert asked.get("/healthz").status_code == 200
        aside.rename(folder)
        assert asked.get("/readyz").status_code == 200
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2, "told when it changes, not at each look"
    assert str(folder) in told[0]
    assert told[1] == "ready again"


def test_a_damaged_archive_is_not_ready(desk, folder):
    (folder / "archive.db").write_bytes(b"no database" * 400)
    with client(desk) as asked:
        answer = asked.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: the archive is damaged\n")


@pytest.mark.parametrize("further", [-1, 0, 1])
def test_an_archive_that_another_was_put_in_the_place_of_is_not_ready(desk, folder, made, further):
    """Whether its generation is lower, the same or higher."""
    with Archive.open(folder) as archive:
        ids = [article.id for article in archive.articles()]
        if further == -1:
            archive.remove(ids[0])
    other = folder.with_name("other")
    shutil.copytree(made, other)
    if further == 1:
        with Archive.open(other) as archive:
            archive.remove(ids[0])
    folder.rename(folder.with_name("aside"))
    other.rename(folder)
    with client(desk) as asked:
        answer = asked.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: the archive can't be read\n")


@pytest.mark.slow
def test_an_archive_on_a_server_that_another_was_put_in_the_place_of_is_not_ready(new_address, postgres):
    address = new_address()
    schema = address.rpartition("=")[2]
    Archive.create(address, model="hashed-words").close()
    with Retriever(Archive.open(address), reader=NoReader()) as retriever:
        desk = Desk(Answerer(retriever, threshold=0.01))
        with client(desk) as asked:
            assert asked.get("/readyz").status_code == 200
            postgres.rows(f"UPDATE {schema}.commits SET token = 'other' WHERE generation = 0")
            assert asked.get("/readyz").status_code == 503
            postgres.rows(f"DROP SCHEMA {schema} CASCADE")
            assert asked.get("/readyz").text == "not ready: the archive is gone\n"


def test_a_milvus_that_is_away_is_not_ready_although_all_was_loaded(folder, tmp_path, monkeypatch, capsys):
    pytest.importorskip("milvus_lite", reason="milvus-lite is missing: requirements-scale.txt")
    from qa.milvus.connection import Connection

    def away(*_, **__):
        raise ArchiveError("Milvus can't be reached")

    address = f"file:{folder}?search={tmp_path / 'passages.db'}"
    with Retriever(Archive.open(address), reader=NoReader()) as retriever:
        desk = Desk(Answerer(retriever, threshold=0.01))
        with client(desk, patience=60) as asked:
            assert asked.get("/readyz").text == "ready\n"
            with monkeypatch.context() as patched:
                patched.setattr(Connection, "call", away)
                answer = asked.get("/readyz")
                assert (answer.status_code, answer.text) == (503, "not ready: the archive can't be read\n")
            assert asked.get("/readyz").text == "ready\n"
    assert capsys.readouterr().err == "not ready: Milvus can't be reached\nready again\n"


def test_readiness_loads_the_present_generation(desk, folder):
    with Archive.open(folder) as writer, client(desk) as asked:
        before = desk.answerer.retriever.snapshot().generation
        writer.remove(writer.articles()[0].id)
        assert asked.get("/readyz").status_code == 200
        assert desk.answerer.retriever._latest._kept[0].generation == before + 1


def test_who_asks_waits_only_so_long_and_health_not_at_all(desk):
    held, release = threading.Event(), threading.Event()

    def hold():
        with desk.archive.reading():
            held.set()
            release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    try:
        with client(desk, patience=0.2) as asked:
            threads = threading.active_count()
            for _ in range(3):
                begun = time.monotonic()
                answer = asked.get("/readyz")
                assert (answer.status_code, answer.text) == (
                    503,
                    "not ready: the archive has not answered within 0.2 s\n",
                )
                assert time.monotonic() - begun < 5
                assert asked.get("/healthz").text == "ok\n"
                assert "onrecord_archive_generation NaN" in asked.get("/metrics").text
            assert threading.active_count() <= threads + 2, "looks that hang are not begun again"
            release.set()
            holder.join()
            assert asked.get("/readyz").status_code == 200
    finally:
        release.set()


def test_a_look_passes_on_what_its_work_raises():
    def fails():
        raise ArchiveMissing("gone")

    with pytest.raises(ArchiveMissing):
        asyncio.run(Look(fails, patience=5).now())


def test_metrics_count_questions_by_what_came_of_them(desk):
    with desk.meter.question("ask") as told:
        told(desk.answerer.ask(GOOD))
    with desk.meter.question("page") as told:
        told(desk.answerer.ask(OPERA))
    with pytest.raises(InputError), desk.meter.question("search") as told:
        told(desk.answerer.retriever.search(""))
    with pytest.raises(ArchiveMissing), desk.meter.question("search"):
        raise ArchiveMissing("gone")
    with desk.meter.question("search") as told:
        told(desk.answerer.retriever.search(GOOD, mode="bm25"))
    desk.meter.turned_away()
    with client(desk, waiting=3) as asked:
        answer = asked.get("/metrics")
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = samples(answer.text)

    def questions(endpoint, outcome):
        return found["onrecord_questions_total", ("endpoint", endpoint), ("outcome", outcome)]

    assert questions("ask", "answered") == 1
    assert questions("page", "abstained") == 1
    assert questions("search", "refused") == 1
    assert questions("search", "failed") == 1
    assert questions("search", "answered") == 1
    assert questions("page", "failed") == 0
    # five questions; two were read, three searched, of which one by words alone, and one quoted
    counted = {
        stage: found["onrecord_stage_seconds_count", ("stage", stage)]
        for stage in ("whole", "encode", "search", "read", "quote")
    }
    assert counted == {"whole": 5, "encode": 2, "search": 3, "read": 2, "quote": 1}
    whole, parts = (
        sum(found["onrecord_stage_seconds_sum", ("stage", stage)] for stage in stages)
        for stages in (("whole",), ("encode", "search", "read", "quote"))
    )
    assert 0 < parts <= whole, "no moment is counted twice"
    assert {
        labels: value for labels, value in found.items() if labels[0] == "onrecord_abstentions_total"
    } == {("onrecord_abstentions_total", ("reason_code", "no_shared_words")): 1}
    assert found["onrecord_queue_length",] == 3
    assert found["onrecord_queue_refusals_total",] == 1
    assert found["onrecord_questions_now",] == 0
    assert found["process_start_time_seconds",] <= time.time()
    for word in ("ribbon", "Vell", "opera", "Xanthippe"):
        assert word not in answer.text


def test_metrics_tell_what_the_archive_holds_now(desk, folder):
    with client(desk) as asked, Archive.open(folder) as writer:

        def held():
            found = samples(asked.get("/metrics").text)
            return tuple(
                found[f"onrecord_archive_{each}",] for each in ("generation", "articles", "passages")
            )

        with writer.reading() as connection:
            (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
        before = held()
        assert before == (writer.generation, len(writer), passages)
        writer.remove(writer.articles()[0].id)
        assert held()[:2] == (before[0] + 1, before[1] - 1)


def basic(words):
    return {"Authorization": "Basic " + base64.b64encode(words.encode()).decode()}


def test_with_a_password_only_who_knows_it_reads_the_metrics(desk):
    with client(desk, auth=("ro", "pass:wörd")) as asked:
        wrong = [{}, basic("ro:password"), basic("ro"), {"Authorization": "Basic =?="}]
        wrong.append({"Authorization": "Bearer pass:word"})
        for headers in wrong:
            answer = asked.get("/metrics", headers=headers)
            assert answer.status_code == 401
            assert "onrecord" not in answer.text
            assert answer.headers["www-authenticate"].startswith("Basic ")
        assert asked.get("/metrics", headers=basic("ro:pass:wörd")).status_code == 200
        assert asked.get("/readyz").status_code == 200, "a probe has no password"


def test_two_pages_of_one_process_count_apart(desk):
    other = Desk(desk.answerer)
    with other.meter.question("ask") as told:
        told([])
    assert b'endpoint="ask",outcome="abstained"} 1.0' in other.meter.text(waiting=0, holding=None)
    assert b'endpoint="ask",outcome="abstained"} 0.0' in desk.meter.text(waiting=0, holding=None)


def test_a_question_asked_on_the_page_is_counted(desk):
    from qa.page.ask_tab import AskTab
    from qa.page.chosen import Chosen

    parts = {field.name: Mock() for field in dataclasses.fields(AskTab)}
    tab = AskTab(**{**parts, "desk": desk, "turns": itertools.count()})
    for question in (GOOD, ""):
        list(tab._put(question, (), Chosen(), None))
    found = samples(desk.meter.text(waiting=0, holding=None).decode())
    assert found["onrecord_questions_total", ("endpoint", "page"), ("outcome", "answered")] == 1
    assert found["onrecord_questions_total", ("endpoint", "page"), ("outcome", "refused")] == 1
