"""Milvus beside an archive in PostgreSQL: copies and backups of the database, several processes."""

import time
from dataclasses import replace

import pytest

pytest.importorskip("pymilvus", reason="pymilvus is missing: requirements-scale.txt")
pytest.importorskip("milvus_lite", reason="milvus-lite is missing: requirements-scale.txt")

from conforming import written

from corpus.errors import ArchiveError
from qa import Archive, Retriever
from qa.address import Address
from qa.doctor import diagnose
from qa.milvus import turn
from qa.milvus.bringing_up import search_name
from qa.milvus.collection import Collection
from qa.milvus.turn import writers_turn

pytestmark = pytest.mark.slow
TEXTS = {
    "buoy": "Tam Reddick painted the buoy of Vell.",
    "pier": "The pier of Vell was closed by Ona Brisk.",
    "wall": "The harbour wall of Vell cost 48 million crowns.",
}


@pytest.fixture
def databases(postgres, tmp_path):
    """Makes databases of the names given, as copies of others; their archives' addresses."""
    made = []

    def of(name, *, like=None):
        if name in made:
            postgres.rows(f"DROP DATABASE {name} WITH (FORCE)")
        made.append(name)
        postgres.rows(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else ""))
        address = Address.parse(postgres.address("news", database=name))
        return str(replace(address, search=str(tmp_path / "passages.db")))

    yield of
    for name in set(made):
        postgres.rows(f"DROP DATABASE {name} WITH (FORCE)")


def article(tmp_path, id, text):
    return written(tmp_path / "articles", id, {"text": text})


def filled(address, tmp_path):
    with Archive.create(address, model="hashed-words") as archive:
        for id, text in TEXTS.items():
            archive.add(article(tmp_path, id, text))


def unable(*_, **__):
    raise ArchiveError("no space left")


def found(archive, question="Vell", **named):
    return {hit.article_id for hit in Retriever(archive).search(question, 20, **named)}


def test_a_copy_of_the_database_has_a_collection_of_its_own(databases, tmp_path):
    address = databases("production")
    filled(address, tmp_path)
    copied = databases("staging", like="production")
    with Archive.open(copied) as staging:
        staging.remove("wall")
        assert found(staging) == {"buoy", "pier"}
        assert diagnose(staging).ok
    with Archive.open(address) as production:
        assert found(production) == set(TEXTS)
        assert found(production, "What did the harbour wall cost?") >= {"wall"}
        assert diagnose(production).ok


def test_after_a_backup_was_put_back_nothing_of_the_lost_history_is_searched(
    databases, tmp_path, monkeypatch
):
    address = databases("production")
    filled(address, tmp_path)
    databases("backup", like="production")
    with Archive.open(address) as archive:
        for number in range(3):
            archive.add(article(tmp_path, f"lost{number}", f"Gull number {number} was counted."))
        assert archive.lacking() == []
    databases("production", like="backup")
    with Archive.open(address) as archive:
        assert archive.lacking() == ["milvus"], "the doctor sees that it is ahead"
        with monkeypatch.context() as patched:
            patched.setattr(Collection, "make", unable)
            archive.add(article(tmp_path, "new", "Ona Brisk opened the lock of Marden."))
            # The row is one that the lost history gave to another text, which is still in Milvus.
            assert found(archive, "Marden lock", mode="bm25") == {"new"}
            assert archive.lacking() == ["milvus"]
        assert found(archive) == {*TEXTS, "new"}
        assert archive.lacking() == []
        diagnosis = diagnose(archive)
        assert diagnosis.ok
        assert "milvus" not in diagnosis.rebuilt


def test_a_question_does_not_wait_for_a_writer(databases, tmp_path, monkeypatch):
    monkeypatch.setattr(turn, "_PATIENCE", 8)
    address = databases("production")
    filled(address, tmp_path)
    with Archive.open(address) as archive, Archive.open(address) as writer:
        with writer.reading() as connection:
            name = search_name(connection, "")
        with writer.writing("add") as connection:
            archive.remove("pier")
            with writers_turn(connection, name):
                begun = time.monotonic()
                archive.add(article(tmp_path, "new", "Ona Brisk opened the lock of Marden."))
                waited = time.monotonic() - begun
                begun = time.monotonic()
                assert "new" in found(archive, "Marden lock")
                assert time.monotonic() - begun < turn._PATIENCE / 2
        assert waited > turn._PATIENCE, "who writes does wait"
        assert archive.lacking() == ["milvus"]
        assert found(archive) == {"buoy", "wall", "new"}
        assert archive.lacking() == []
