"""An archive that milvus-lite searches: brought up, made anew, behind, half written; errors in plain words."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pymilvus", reason="pymilvus is missing: requirements-scale.txt")
pytest.importorskip("milvus_lite", reason="milvus-lite is missing: requirements-scale.txt")

from by_milvus import all_is_well, collection_of, embedded, hits
from conforming import place, rankings, written

from corpus.errors import ArchiveError, ArchiveLocked
from qa import Archive, Retriever
from qa.doctor import diagnose
from qa.milvus import bringing_up, lexical, searching
from qa.milvus.collection import Collection
from qa.milvus.connection import Connection
from qa.milvus.schema import Manifest, index_for
from qa.reach import Between
from qa.scoring import Said

ROOT = Path(__file__).parent.parent
VELL = Path(__file__).parent / "data" / "vell"


@pytest.fixture
def address(folder, tmp_path):
    """The invented articles' archive, to be searched by milvus-lite."""
    return f"file:{folder}?search={tmp_path / 'passages.db'}"


class Unwilling:
    """An encoder that must not be asked for passages."""

    def __init__(self, encoder):
        self._encoder = encoder

    def __getattr__(self, name):
        return getattr(self._encoder, name)

    def encode_passages(self, texts, progress=None):
        raise AssertionError("nothing is to be encoded")


def test_nothing_of_it_is_imported_unless_an_address_asks_for_it(folder):
    script = (
        "import sys, qa\n"
        "from qa.cli import main\n"
        f"main(['search', 'harbour', '--archive', {str(folder)!r}])\n"
        f"main(['doctor', '--archive', {str(folder)!r}])\n"
        "loaded = [m for m in sys.modules if m.split('.')[0] in {'pymilvus', 'milvus_lite', 'grpc', 'psycopg'}]\n"
        "assert not loaded, loaded\n"
        "assert not [m for m in sys.modules if m.startswith('qa.milvus')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_an_archive_made_embedded_is_searched_by_milvus_without_encoding_anything(address, folder):
    with Archive.open(folder) as archive:
        encoder = Unwilling(archive.encoder)
    with Archive.open(address, encoder=encoder) as archive:
        assert archive.lacking() == ["milvus"]
        all_is_well(archive, folder)
        assert archive.lacking() == []


def test_adds_and_removals_are_brought_there_by_who_writes(address, folder, tmp_path):
    with Archive.open(address) as archive:
        hits(archive)
        before = collection_of(archive).manifest()
        archive.add(written(tmp_path / "more", "new", {"text": "The harbour of Vell has a new ribbon."}))
        assert archive.lacking() == []
        after = collection_of(archive).manifest()
        assert (after.generation, after.passages) == (archive.generation, before.passages + 1)
        assert ("new", 0) in hits(archive)
        archive.remove("new")
        assert archive.lacking() == []
        assert ("new", 0) not in hits(archive)
        assert collection_of(archive).count() == before.passages
        all_is_well(archive, folder)


@pytest.mark.slow
@pytest.mark.parametrize("harm", ["gone", "no manifest", "counts", "rows", "older schema", "other model"])
def test_what_is_missing_damaged_or_of_another_kind_is_made_anew_from_the_truth(address, folder, harm):
    with Archive.open(address) as archive:
        expected = hits(archive)
        collection = collection_of(archive)
        manifest = collection.manifest()
        if harm == "gone":
            collection.drop()
        elif harm == "no manifest":
            collection.connection.call("delete", f"{collection.name}_counts", ids=["manifest"])
        elif harm == "counts":
            collection.keep_texts(manifest.counts[1:])
        elif harm == "rows":
            collection.delete([1, 2])
        else:
            changed = {"older schema": {"schema": 0}, "other model": {"identity": "0" * 32}}[harm]
            values = json.loads(manifest.to_json()) | changed
            collection._write_text("manifest", json.dumps(values))
    with Archive.open(address) as archive:
        if harm in ("counts", "rows"):  # right by what they say of themselves
            assert not diagnose(archive).ok
            diagnosis = diagnose(archive, repair=True)
            assert diagnosis.ok
            assert "milvus" in diagnosis.rebuilt
        assert hits(archive) == expected
        all_is_well(archive, folder)


def test_a_collection_of_a_newer_schema_is_left_alone(address):
    with Archive.open(address) as archive:
        hits(archive)
        collection = collection_of(archive)
        newer = json.dumps(json.loads(collection.manifest().to_json()) | {"schema": 2})
        collection._write_text("manifest", newer)
        with pytest.raises(
            ArchiveError, match="schema version 2, this program knows up to 1; update Onrecord"
        ):
            archive.snapshot()


@pytest.mark.slow
def test_a_writer_that_stops_between_two_calls_leaves_nothing_wrong(address, folder, tmp_path, monkeypatch):
    """Each call to Milvus in turn fails, in an add that also replaces and in a removal."""
    monkeypatch.setattr(bringing_up, "_PART", 3)
    texts = [f"Ribbon number {number} was cut in the harbour of Vell." for number in range(7)]
    with Archive.open(address) as archive:
        hits(archive)
        real = Connection.call
        for turn in range(0, 40, 4):
            calls = 0

            def failing(self, name, *arguments, turn=turn, **named):
                nonlocal calls
                calls += name in ("insert", "upsert", "delete", "flush")
                if calls > turn + 1:
                    raise ArchiveError("Milvus is gone")
                return real(self, name, *arguments, **named)

            with monkeypatch.context() as patched:
                patched.setattr(Connection, "call", failing)
                record = {"text": " ".join(texts), "title": f"Turn {turn}"}
                archive.add(written(tmp_path / "more", "new", record))
                stopped = archive.milvus.trouble
                if turn % 8:
                    archive.remove("new")
            assert stopped == "Milvus is gone" or turn > 8
            with Archive.open(address) as reader:
                all_is_well(reader, folder)


def test_a_reader_that_cannot_bring_it_up_searches_the_rest_beside_it(address, folder, tmp_path, monkeypatch):
    with Archive.open(address) as archive:
        hits(archive)
        first = archive.articles()[0].id

        def unable(*_):
            raise ArchiveError("no space left")

        monkeypatch.setattr(Collection, "insert", unable)
        monkeypatch.setattr(Collection, "delete", unable)
        archive.add(
            written(
                tmp_path / "more", "new", {"text": "The harbour of Vell has a ribbon.", "title": "Ribbons"}
            )
        )
        archive.remove(first)
        assert archive.lacking() == ["milvus"]
        found, ids = hits(archive), {hit[0] for hit in hits(archive, "Vell")}
        assert ("new", 0) in found
        assert first not in ids
        wanted, _ = embedded(folder)
        # Idf still counts what was removed, as in a large embedded archive until `optimize`.
        dense = slice(1, None, 3)
        assert [[hit[:3] for hit in ranked] for ranked in rankings(archive, k=20)[dense]] == [
            [hit[:3] for hit in ranked] for ranked in wanted[dense]
        ]


@pytest.mark.parametrize("is_there", [True, False], ids=["behind", "missing"])
def test_a_question_does_no_more_of_a_writers_work_than_is_soon_done(
    address, folder, tmp_path, monkeypatch, is_there
):
    if is_there:
        with Archive.open(address) as archive:
            hits(archive)
    with Archive.open(folder) as writer:  # as of a process that can't reach Milvus
        texts = [f"Ribbon {number} was cut in the harbour of Vell." for number in range(3)]
        writer.add([written(tmp_path / "more", f"n{at}", {"text": text}) for at, text in enumerate(texts)])
    with Archive.open(address) as archive:
        with monkeypatch.context() as patched:
            patched.setattr(searching, "_SOON", 2)
            patched.setattr(searching, "EXACT", 2)
            found = hits(archive, "ribbon")
            assert {("n0", 0), ("n1", 0), ("n2", 0)} <= set(found)
            assert archive.lacking() == ["milvus"]
        assert hits(archive, "ribbon") == found
        assert archive.lacking() == []


def test_every_row_that_shares_a_word_is_scored_however_many_are_asked_for(address, monkeypatch):
    with Archive.open(address) as archive:
        snapshot = archive.snapshot()
        search, rows = snapshot.derived.lexical, sorted(snapshot.columns.row.tolist())
        expected = search.scores("the harbour of Vell", rows)
        assert len(expected) > 3
        monkeypatch.setattr(lexical, "_SCORED", 3)
        monkeypatch.setattr(lexical, "_LEAST", 1)
        monkeypatch.setattr(lexical, "_MORE", 1)
        assert search.scores("the harbour of Vell", rows) == expected


def test_a_score_that_the_search_gave_stays_where_nothing_more_is_told_of_the_row():
    between = Between.of([1, 2, 3], {1: 0.5, 2: 0.25}, left_out=math.inf)
    said = Said(between, lambda rows: {1: 0.75})
    assert said.of([1, 2, 3], [0, 1, 2]).tolist() == [0.75, 0.25, 0.0]


def test_term_counts_of_many_commits_are_put_together(address, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(bringing_up, "_MERGED", 3)
    with Archive.open(address) as archive:
        hits(archive)
        for number in range(6):
            archive.add(
                written(tmp_path / "more", f"n{number}", {"text": f"Ribbon {number} was cut in Vell."})
            )
            keys = collection_of(archive).manifest().counts
            assert len({key.split("-")[0] for key in keys}) <= 3
        archive.optimize()
        keys = collection_of(archive).manifest().counts
        assert len({key.split("-")[0] for key in keys}) == 1
        all_is_well(archive, folder)


def test_copies_of_an_archive_have_collections_of_their_own(address, folder, tmp_path):
    import shutil

    with Archive.open(address) as archive:
        hits(archive)
        copy = shutil.copytree(folder, tmp_path / "copy")
        with Archive.open(f"file:{copy}?search={tmp_path / 'passages.db'}") as other:
            other.remove(other.articles()[0].id)
            assert collection_of(other).name != collection_of(archive).name
            all_is_well(other, copy)
        all_is_well(archive, folder)


def command(address, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "qa", *arguments, "--archive", address],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.slow
def test_a_second_process_is_told_who_holds_the_file_and_its_commits_are_not_lost(address, folder, tmp_path):
    article = written(tmp_path / "more", "new", {"text": "The harbour of Vell has a ribbon."})
    with Archive.open(address) as archive:
        retriever = Retriever(archive)
        retriever.search("harbour", 3)
        done = command(address, "search", "harbour")
        assert done.returncode == 2
        assert done.stdout == ""
        assert f"in use by process {os.getpid()}" in done.stderr
        assert "search by a Milvus server" in done.stderr
        added = command(address, "add", str(article))
        assert added.returncode == 0
        assert "stored, but not brought to where it is searched yet" in added.stderr
        assert ("new", 0) in [place(hit) for hit in retriever.search("harbour ribbon", 50)]
        all_is_well(archive, folder)
    assert command(address, "search", "harbour").returncode == 0


def test_info_tells_where_it_is_searched(address):
    before = json.loads(command(address, "info", "--json").stdout)["search"]
    assert before["state"] == "to be made"
    command(address, "search", "harbour")
    found = json.loads(command(address, "info", "--json").stdout)
    assert found["search"]["state"] == "up to date"
    assert found["search"]["passages"] == found["passages"]
    assert found["search"]["index"] == "FLAT"


def test_a_file_of_an_older_milvus_lite_is_left_alone(folder, tmp_path):
    (tmp_path / "old.db").write_bytes(b"SQLite format 3\0")
    with (
        Archive.open(f"file:{folder}?search={tmp_path / 'old.db'}") as archive,
        pytest.raises(ArchiveError, match="is a file; milvus-lite 3 keeps its data in a folder"),
    ):
        archive.snapshot()
    assert (tmp_path / "old.db").read_bytes() == b"SQLite format 3\0"


def test_no_server_is_told_within_the_time_that_is_allowed(folder, monkeypatch):
    import socket
    import time

    monkeypatch.setenv("MILVUS_TIMEOUT", "1")
    monkeypatch.setenv("MILVUS_TOKEN", "root:Milvus-secret")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but nobody listens
        port = nobody.getsockname()[1]
        with Archive.open(f"file:{folder}?search=http://127.0.0.1:{port}") as archive:
            begun = time.monotonic()
            with pytest.raises(ArchiveError, match="can't be reached or does not answer within 1 s") as told:
                archive.snapshot()
            assert time.monotonic() - begun < 15
            assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("auth check failure, please check api key is correct: root:Milvus-secret", "refuses the token; set $MILVUS_TOKEN"),
        ("quota exceeded[reason=disk quota exceeded, please allocate more resources]", "has no space left"),
        ("rpc deadline exceeded: Retry timeout: 10s", "does not answer within"),
        ("field vector of root:Milvus-secret and of Milvus-secret is odd", "could not do this (field vector of … and of … is odd)"),
    ],
)  # fmt: skip
def test_what_milvus_says_is_told_in_plain_words_without_the_token(monkeypatch, said, told):
    from pymilvus import MilvusException

    monkeypatch.setenv("MILVUS_TOKEN", "root:Milvus-secret")
    message = str(Connection("http://milvus:19530")._plain(MilvusException(65535, said)))
    assert told in message
    assert "secret" not in message
    assert message.startswith("Milvus at http://milvus:19530 ")


def test_a_wait_that_is_no_number_is_refused(monkeypatch):
    from corpus.errors import InputError

    monkeypatch.setenv("MILVUS_TIMEOUT", "soon")
    with pytest.raises(InputError, match="write a number of seconds"):
        Connection("http://milvus:19530").call("list_collections")


def test_a_manifest_is_read_as_it_was_written():
    manifest = Manifest(1, "x", generation=3, last=7, passages=5, index="FLAT", counts=("a-0",), gone=(2,))
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert Manifest.from_json("{}") is None
    assert Manifest.from_json("[") is None
    assert Manifest.from_json('{"schema": 9}') == Manifest(9, "")


def test_index_types_by_size():
    assert [index_for(size, is_lite=False) for size in (100, 10**6, 10**9)] == ["FLAT", "HNSW", "DISKANN"]


class Database:
    """A server's connection that grants an advisory lock at the n-th try."""

    in_transaction = False

    def __init__(self, grants_at):
        self.grants_at = grants_at
        self.asked = []

    def execute(self, sql, parameters=()):
        self.asked.append(sql.split("(")[0])
        return self

    def fetchone(self):
        return (len(self.asked) >= self.grants_at,)

    def executemany(self, sql, parameters):
        raise NotImplementedError

    streamed = executemany

    def close(self):
        pass


def test_writers_of_a_servers_archive_take_turns_at_its_collection(monkeypatch):
    from qa.milvus import turn

    monkeypatch.setattr(turn, "_PATIENCE", 0.3)
    monkeypatch.setattr(turn, "_LOOK", 0.01)
    soon, never = Database(3), Database(10**9)
    with pytest.raises(ZeroDivisionError), turn.writers_turn(soon, "onrecord_1"):
        raise ZeroDivisionError
    assert soon.asked == ["SELECT pg_try_advisory_lock"] * 3 + ["SELECT pg_advisory_unlock"]
    with pytest.raises(ArchiveLocked, match="another process"), turn.writers_turn(never, "onrecord_1"):
        pass
    assert "SELECT pg_advisory_unlock" not in never.asked


IDLE = """
import sys, time
from qa.milvus.connection import Connection

connection = Connection(sys.argv[1])
connection.call("list_collections")
time.sleep(45)
connection.call("list_collections")
"""


@pytest.mark.slow
def test_a_connection_that_lies_idle_is_kept(tmp_path):
    """Milvus-lite hung up after three pings, half a minute, with lines of gRPC's on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", IDLE, str(tmp_path / "passages.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
