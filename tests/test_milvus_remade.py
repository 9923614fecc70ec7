"""A collection that is made anew while others search: beside what they search, in its place when it is whole."""

import dataclasses
from contextlib import suppress

import pytest

pytest.importorskip("pymilvus", reason="pymilvus is missing: requirements-scale.txt")
pytest.importorskip("milvus_lite", reason="milvus-lite is missing: requirements-scale.txt")

from by_milvus import all_is_well, collection_of, hits
from conforming import place

from corpus.errors import ArchiveError
from qa import Archive, Retriever
from qa.milvus import bringing_up
from qa.milvus.connection import Connection

WRITES = ("create_collection", "insert", "upsert", "delete", "flush", "drop_collection")


@pytest.fixture
def address(folder, tmp_path):
    """The invented articles' archive, to be searched by milvus-lite."""
    return f"file:{folder}?search={tmp_path / 'passages.db'}"


@pytest.mark.slow
def test_while_the_collection_is_made_anew_whoever_asks_finds_all(address, folder, tmp_path, monkeypatch):
    """At each call of the writer: who began before, and who begins just then."""
    monkeypatch.setattr(bringing_up, "_PART", 3)
    with Archive.open(address) as archive, Archive.open(address) as other:
        retriever = Retriever(other)
        expected, times = hits(archive), 0
        assert [place(hit) for hit in retriever.search("harbour of Vell", 10)]
        real = Connection.call

        def watched(self, name, *arguments, **named):
            nonlocal times
            done = real(self, name, *arguments, **named)
            if name in WRITES and self is archive.milvus._connection:
                times += 1
                question = "Who cut the ribbon in the harbour of Vell?"
                assert [place(hit) for hit in retriever.search(question, 10)] == expected, name
                if times % 5 == 0:
                    assert hits(other) == expected, name
            return done

        def stored():
            return set(real(archive.milvus._connection, "list_collections"))

        names = stored()
        for remake in (True, False, True):
            with monkeypatch.context() as patched:
                patched.setattr(Connection, "call", watched)
                if remake:
                    with archive.writing("rebuild") as connection:
                        archive.milvus.remake(connection)
                else:
                    archive.optimize()
            assert len(stored()) == 2, "what was searched before is gone"
            names |= stored()
        assert times > 20
        assert len(names) == 4, "each time anew, beside the same counts"
        all_is_well(archive, folder)


@pytest.mark.slow
def test_a_remake_that_stops_between_two_calls_is_finished_by_the_next_writer(address, folder, monkeypatch):
    monkeypatch.setattr(bringing_up, "_PART", 3)
    real = Connection.call
    with Archive.open(address) as archive:
        expected = hits(archive)
        for turn in range(0, 24, 3):
            calls = 0

            def failing(self, name, *arguments, turn=turn, **named):
                nonlocal calls
                calls += name in WRITES
                if calls > turn + 1:
                    raise ArchiveError("Milvus is gone")
                return real(self, name, *arguments, **named)

            with monkeypatch.context() as patched:
                patched.setattr(Connection, "call", failing)
                with suppress(ArchiveError), archive.writing("rebuild") as connection:
                    archive.milvus.remake(connection)
            with Archive.open(address) as reader:
                assert hits(reader) == expected
            if turn % 2:
                archive.optimize()
                assert len(real(archive.milvus._connection, "list_collections")) == 2
            with Archive.open(address) as reader:
                all_is_well(reader, folder)


def test_a_reader_of_what_was_dropped_is_told_rather_than_shown_half_of_it(address, monkeypatch):
    monkeypatch.setattr(bringing_up, "_PART", 3)
    with Archive.open(address) as archive:
        retriever = Retriever(archive)
        expected = retriever.search("harbour", 10)
        collection = collection_of(archive)
        empty = dataclasses.replace(
            collection.manifest(), place="other", last=0, passages=0, counts=(), holes=(), generation=0
        )
        collection.make(empty)
        for _ in range(2):
            with pytest.raises(ArchiveError, match="is being made anew; ask again in a while"):
                retriever.search("harbour", 10)
        archive.optimize()
        assert retriever.search("harbour", 10) == expected
