"""What can go wrong with a server is told in a line or two, with what to do and without a password."""

import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres_server import PASSWORD, USER, served

from corpus.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveLocked,
    ArchiveUnfinished,
    EncoderMismatch,
    FormatTooNew,
    InputError,
)
from embeddings.hashed_words import HashedWordsEncoder
from qa import Archive
from qa.address import Address
from qa.cli import main

VELL = Path(__file__).parent / "data" / "vell"


class Other(HashedWordsEncoder):
    """An encoder with other weights."""

    weights_sha256 = "0" * 64


@pytest.fixture
def address(new_address):
    """An archive of one article."""
    place = new_address()
    with Archive.create(place, model="hashed-words") as archive:
        archive.add(VELL / "flood.md")
    return place


def refused(address, capsys, *, words):
    """The command line's exit code is 2, and its message one line with those words and no password."""
    assert main(["list", "--archive", address]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.startswith("error: ")
    assert len(out.err.splitlines()) == 1
    for each in words:
        assert each in out.err
    assert PASSWORD not in out.err
    return out.err


def test_a_wrong_or_missing_password(address, capsys, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "not-the-one-1234")
    told = refused(
        address, capsys, words=["refuses this user or password", "set PGPASSWORD, or use ~/.pgpass"]
    )
    assert "not-the-one-1234" not in told
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("HOME", "/nonexistent")
    refused(address, capsys, words=["set PGPASSWORD"])


def test_no_such_database_or_host(postgres, capsys):
    refused(postgres.address(None, database="nowhere"), capsys, words=["no such database", "createdb"])
    refused("postgresql://nowhere.invalid/x", capsys, words=["no server answers there; start it"])


def test_a_server_that_is_down(capsys):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused(f"postgresql://127.0.0.1:{port}/x", capsys, words=["no server answers there; start it"])


def test_a_server_that_takes_the_connection_and_says_nothing(capsys):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        began = time.monotonic()
        address = f"postgresql://127.0.0.1:{deaf.getsockname()[1]}/x?connect_timeout=2"
        refused(address, capsys, words=["does not answer in time"])
        assert time.monotonic() - began < 20


@pytest.mark.slow
def test_a_server_that_hangs_in_the_middle(address, postgres, monkeypatch):
    """It is stopped as by a failing disk: connections stay open, nothing comes."""
    monkeypatch.setattr("qa.postgres.connection.Bounded.patience", 2.0)
    with Archive.open(f"{address}&connect_timeout=2") as archive:
        stopped = [postgres.process.pid, archive._connection._raw.info.backend_pid]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            with pytest.raises(ArchiveError, match="does not answer in time"):
                archive.articles()
            assert time.monotonic() - began < 30
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        assert [each.id for each in archive.articles()] == ["flood"]


@pytest.mark.slow
def test_a_connection_that_hangs_is_left_for_another(address, monkeypatch):
    monkeypatch.setattr("qa.postgres.connection.Bounded.patience", 2.0)
    with Archive.open(address) as archive:
        pid = archive._connection._raw.info.backend_pid
        os.kill(pid, signal.SIGSTOP)
        try:
            assert [each.id for each in archive.articles()] == ["flood"]
        finally:
            os.kill(pid, signal.SIGCONT)


def test_another_that_keeps_it_busy_is_waited_for_only_so_long(address, monkeypatch):
    monkeypatch.setitem(__import__("qa.postgres.address", fromlist=["_"])._WAITS, "lock_timeout", "300")
    with (
        Archive.open(address) as archive,
        archive.writing("test") as connection,
        Archive.open(address) as other,
    ):
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveLocked, match="another writer keeps it busy; try again"):
            other.remove("flood")
        assert len(other) == 1  # readers are not kept waiting
        connection.execute("ROLLBACK")
        other.remove("flood")


@pytest.mark.slow
def test_a_writer_that_is_silent_in_a_commit_keeps_nobody_waiting_for_long(address, monkeypatch):
    monkeypatch.setattr("qa.postgres.dialect._SILENCE", "300ms")
    with Archive.open(address) as archive, Archive.open(address) as other:

        def fall_silent():
            with archive.writing("test") as connection:
                connection.execute("BEGIN IMMEDIATE")
                assert other.remove("flood") == 2
                connection.execute("DELETE FROM articles")

        with pytest.raises(ArchiveError, match="silent in the middle of a commit; nothing was lost"):
            fall_silent()
        assert other.generation == 2


@pytest.mark.slow
def test_the_server_soon_tells_a_machine_that_is_gone(address):
    with Archive.open(address) as archive, archive.reading() as connection:
        for name, value in {"idle": "15", "interval": "5", "count": "3"}.items():
            assert connection.execute(f"SHOW tcp_keepalives_{name}").fetchone() == (value,)
        assert connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("0",)


def test_a_newer_format(address, postgres):
    schema = address.rpartition("=")[2]
    postgres.rows(f"UPDATE {schema}.settings SET value = '99' WHERE name = 'format'")
    with pytest.raises(FormatTooNew, match="the archive has format 99, this program knows up to"):
        Archive.open(address)


def test_another_model(address):
    with pytest.raises(EncoderMismatch, match="were made by hashed-words"):
        Archive.open(address, encoder=Other())


def test_a_half_finished_archive(address, postgres):
    schema = address.rpartition("=")[2]
    postgres.rows(f"INSERT INTO {schema}.settings VALUES ('unfinished', 'python -m qa migrate a b')")
    with pytest.raises(ArchiveUnfinished, match="run `python -m qa migrate a b` again"):
        Archive.open(address)


def test_tables_that_are_gone(address, postgres):
    schema = address.rpartition("=")[2]
    with Archive.open(address) as archive:
        postgres.rows(f"DROP TABLE {schema}.furniture")
        with pytest.raises(ArchiveDamaged, match="a table is missing"):
            archive.furniture("flood")


def test_a_user_who_may_only_read(address, postgres, monkeypatch, tmp_path):
    schema = address.rpartition("=")[2]
    postgres.rows(f"CREATE ROLE reader_{schema} LOGIN PASSWORD '{PASSWORD}'")
    postgres.rows(f"GRANT USAGE ON SCHEMA {schema} TO reader_{schema}")
    postgres.rows(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader_{schema}")
    reader = address.replace(f"//{USER}@", f"//reader_{schema}@")
    monkeypatch.setenv("QA_DERIVED", str(tmp_path / "other"))
    from qa import Retriever
    from qa.doctor import diagnose

    with Archive.open(reader) as archive:
        assert Retriever(archive).search("flood")[0].article_id == "flood"
        assert archive.on_disk().lacking == []  # its indexes are its machine's own
        diagnosis = diagnose(archive)
        assert diagnosis.ok, diagnosis
        with pytest.raises(ArchiveError, match="may not do that there; grant the rights"):
            archive.remove("flood")


def test_a_user_without_the_schema_is_told_of_rights_not_of_damage(address, postgres):
    schema = address.rpartition("=")[2]
    postgres.rows(f"CREATE ROLE stranger_{schema} LOGIN PASSWORD '{PASSWORD}'")
    postgres.rows(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO stranger_{schema}")
    with pytest.raises(ArchiveError, match="may not do that there; grant the rights") as told:
        Archive.open(address.replace(f"//{USER}@", f"//stranger_{schema}@"))
    assert f"permission denied for schema {schema}" in str(told.value)


def test_a_full_disk(address, monkeypatch):
    import psycopg

    with Archive.open(address) as archive:

        def full(*_, **__):
            raise psycopg.errors.DiskFull("could not extend file: No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("qa.rows.insert_article", full)
            with pytest.raises(ArchiveError, match="the server's disk is full; nothing was lost"):
                archive.add(VELL / "strike.md")
        assert archive.generation == 1
        assert archive.add(VELL / "strike.md").added == ["strike"]


def test_an_archive_that_was_closed(address):
    archive = Archive.open(address)
    archive.close()
    with pytest.raises(ArchiveError, match="was closed; open it again"):
        len(archive)


@pytest.mark.slow
def test_a_database_of_another_encoding(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    told = pytest.raises(ArchiveError, match="writes text as SQL_ASCII, an archive needs UTF8")
    with served(encoding="SQL_ASCII") as server, told:
        Archive.create(server.address("mine"), model="hashed-words")


secrets = st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=6, max_size=20)


@given(secret=secrets, form=st.sampled_from([
    "postgresql://me:{}@127.0.0.1:1/x", "postgres://me:{}@h/x?schema=Ä", "postgresql://127.0.0.1:1/x?password={}",
    "postgresql://127.0.0.1:1/x?sslpassword={}&schema=a", "file://me:{}@x/y", "redis://me:{}@h/x",
    "postgresql//me:{}@h/x", "host=h password={}", "host=h PASSWORD = '{}'", "postgresql://me:{}@h:port/x",
    "postgresql://127.0.0.1:1/x?search=http://me:{}@m", "postgresql://[me:{}@h/x",
    "postgresql://me:{}#t@h/x", "postgresql://me:1/{}@h/x", "postgresql://me:{}/x@h/x", "postgresql://me:{}?x@h/x",
    "postgresql://127.0.0.1:1/x?pass%77ord={}", "postgresql://127.0.0.1:1/x?search=http://me:1%23{}@m",
]))  # fmt: skip
@settings(max_examples=100)
def test_no_message_repeats_a_password(secret, form):
    secret = f"s3{secret}"
    with pytest.raises((InputError, ArchiveError)) as told:
        Archive.open(form.format(secret))
    assert secret not in str(told.value)
    assert secret not in repr(told.value.__cause__)
    with pytest.raises(InputError):
        Address.parse(form.format(secret))


@given(secret=secrets)
@settings(max_examples=10)
def test_no_message_repeats_the_environments_password(secret):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PGPASSWORD", f"s3{secret}")
        for address in (f"postgresql://127.0.0.1:1/x?options=-c%20s3{secret}", "postgresql://127.0.0.1:1/x"):
            with pytest.raises(ArchiveError) as told:
                Archive.open(address)
            if "options" not in address:
                assert secret not in str(told.value)


def test_threads_share_an_archive(address):
    with Archive.open(address) as archive:
        found = []
        threads = [threading.Thread(target=lambda: found.append(len(archive))) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert found == [1] * 8
