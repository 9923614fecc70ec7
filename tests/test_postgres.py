"""An archive in PostgreSQL: the same answers as in a folder, and nothing of it that only a folder has."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import InputError
from qa import Answerer, Archive, Retriever
from qa.cli import main
from qa.connection import streamed
from qa.doctor import diagnose
from qa.retriever import MODES
from qa.settings import generation
from qa.write_lock import write_lock

ROOT = Path(__file__).parent.parent
VELL = ROOT / "tests" / "data" / "vell"
QUESTION = "Who cut the ribbon in the harbour of Vell?"


def said(archive):
    retriever = Retriever(archive)
    return [Answerer(retriever).ask(QUESTION).to_json()] + [
        [hit.to_dict() for hit in retriever.search(QUESTION, 20, mode=mode)] for mode in MODES
    ]


def test_it_answers_as_a_folder_does_through_adds_removals_and_readds(made, new_address, tmp_path):
    with Archive.create(new_address(), model="hashed-words") as archive, Archive.open(made) as folder:
        assert archive.add(VELL).generation == 1
        assert said(archive) == said(folder)
        assert archive.add(VELL).generation == 1
        (tmp_path / "new.txt").write_text("The harbour of Vell has a new ribbon.")
        archive.add(tmp_path / "new.txt")
        assert "new.txt" in [hit["article_id"] for hit in said(archive)[1]]
        archive.remove(["new.txt", "harbour"])
        assert not {"new.txt", "harbour"} & {hit["article_id"] for hit in said(archive)[1]}
        archive.add(VELL)
        archive.optimize()
        assert said(archive) == said(folder)
        diagnosis = diagnose(archive)
        assert diagnosis.ok, diagnosis
        assert Answerer(Retriever(archive), threshold=0).ask(QUESTION).verify().ok


def test_what_is_derived_lies_in_a_folder_of_this_machine_and_is_made_again(new_address):
    address = new_address()
    with Archive.create(address, model="hashed-words") as archive:
        archive.add(VELL)
        expected, folder = said(archive), archive.path
    assert {"vectors.faiss", "lexical", "mentions.db"} <= {file.name for file in folder.iterdir()}
    assert not (folder / "archive.db").exists()
    shutil.rmtree(folder)
    with Archive.open(address) as archive:
        assert said(archive) == expected
    assert (folder / "vectors.faiss").exists()


@pytest.mark.slow
def test_indexes_of_another_archive_at_the_same_address_are_not_used(new_address, postgres):
    """The same generation, articles and rows, but other commits: as of a server put back from a copy."""
    address = new_address()
    schema = address.rpartition("=")[2]
    for name in ("flood", "strike"):
        with Archive.create(address, model="hashed-words") as archive:
            archive.add(VELL / f"{name}.md")
            assert {hit["article_id"] for hit in said(archive)[1]} == {name}
            assert archive.mentions().close() is None
            assert diagnose(archive).ok
            assert archive.generation == 1
        postgres.rows(f"DROP SCHEMA {schema} CASCADE")


def test_every_command_takes_an_address(new_address, tmp_path, capsys, monkeypatch):
    address = new_address()
    monkeypatch.setenv("QA_ARCHIVE", address)

    def run(*arguments):
        code = main([*map(str, arguments), "--json"])
        out = capsys.readouterr()
        assert out.err == ""
        return code, json.loads(out.out)

    assert run("add", VELL, "--model", "hashed-words")[1]["generation"] == 1
    _, answer = run("ask", QUESTION)
    (tmp_path / "answer.json").write_text(json.dumps(answer))
    assert run("verify", tmp_path / "answer.json")[1]["ok"]
    assert run("search", QUESTION)[1][0]["article_id"] == "harbour"
    assert run("search", "April 2031", "--since", "2031", "--by", "event")[0] == 0
    assert len(run("list")[1]) == 8
    assert run("show", "harbour")[1]["id"] == "harbour"
    assert run("show", "--furniture")[0] == 0
    info = run("info")[1]
    assert (info["archive"], info["articles"]) == (address, 8)
    assert run("doctor")[1]["ok"]
    assert run("export", tmp_path / "file.jsonl", "--vectors")[1]["articles"] == 8
    assert run("remove", "harbour")[1]["generation"] == 2
    assert run("optimize")[1]["generation"] == 2
    other = new_address()
    assert run("import", tmp_path / "file.jsonl", "--archive", other)[1]["articles"] == 8
    assert main(["export", str(tmp_path / "again.jsonl"), "--vectors", "--archive", other]) == 0
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "file.jsonl").read_bytes()


def test_an_add_that_stores_nothing_leaves_an_empty_archive(new_address, tmp_path, capsys):
    """Another may be about to add its first articles to it."""
    (tmp_path / "bad.txt").write_bytes(b"a\0b")
    address = new_address()
    assert main(["add", str(tmp_path), "--archive", address, "--model", "hashed-words"]) == 2
    with Archive.open(address) as archive:
        assert (len(archive), archive.generation) == (0, 0)


@pytest.mark.slow
def test_who_asks_waits_for_no_other_that_writes_indexes(new_address, monkeypatch):
    """As in a folder, what is not on disk is made in memory."""

    def waited(_):
        raise AssertionError("it waited")

    with Archive.create(new_address(), model="hashed-words") as archive:
        archive.add(VELL)
        expected = said(archive)
        for file in archive.path.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        with write_lock(archive.path, "rebuild"), monkeypatch.context() as patched:
            patched.setattr("qa.write_lock.time.sleep", waited)
            assert said(archive) == expected
            assert archive.mentions().close() is None
            assert not (archive.path / "vectors.faiss").exists()


def test_one_schema_holds_one_archive(new_address):
    address = new_address()
    Archive.create(address, model="hashed-words").close()
    with pytest.raises(InputError, match=r"holds an archive already; name another by \?schema=NAME"):
        Archive.create(address, model="hashed-words")
    with pytest.raises(InputError, match="is no schema's name"):
        Archive.open(address.replace("test_", "Test-"))


def test_text_is_ordered_by_code_points_as_in_a_folder(new_address, tmp_path):
    ids = ["B", "a", "É", "_", "z", "Я", "я", "10", "9", "é", "𝔘"]
    file = tmp_path / "ids.jsonl"
    file.write_text("\n".join(json.dumps({"id": id, "text": "A tern.", "source": id}) for id in ids))
    with Archive.create(new_address(), model="hashed-words") as archive:
        archive.add(file)
        assert [each.id for each in archive.articles()] == sorted(ids)
        assert [hit.article_id for hit in Retriever(archive).search("tern", 20)] == sorted(ids)


def test_an_id_too_long_for_the_server_is_refused_and_the_rest_is_stored(new_address, tmp_path):
    long = "ж" * 1_500  # 3,000 bytes
    file = tmp_path / "ids.jsonl"
    file.write_text("\n".join(json.dumps({"id": id, "text": "A tern."}) for id in ("a", long, "b")))
    with Archive.create(new_address(), model="hashed-words") as archive:
        report = archive.add(file)
        assert report.added == ["a", "b"]
        assert "its id has 3,000 bytes" in report.failed[0].reason


@pytest.mark.slow
def test_a_running_page_goes_on_when_the_server_was_started_anew(postgres, new_address):
    with Archive.create(new_address(), model="hashed-words") as archive:
        archive.add(VELL)
        expected = said(archive)
        postgres.stop()
        postgres.start()
        assert said(archive) == expected
        assert archive.remove("harbour") == 2


def test_giving_back_space_takes_its_time_and_leaves_the_limits_as_they_were(new_address):
    with Archive.create(new_address(), model="hashed-words") as archive:
        archive.add(VELL / "flood.md")
        with archive.writing("test") as connection:
            archive.storage.give_back_space(connection)
            assert connection.execute("SHOW statement_timeout").fetchone() == ("1min",)
            assert connection.execute("SHOW lock_timeout").fetchone() == ("30s",)
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_long_results_come_a_part_at_a_time(new_address, monkeypatch):
    monkeypatch.setattr("qa.postgres.connection._FETCHED", 2)
    with Archive.create(new_address(), model="hashed-words") as archive:
        archive.add(VELL)
        with archive.reading() as connection:
            found = streamed(connection, "SELECT id FROM articles WHERE row > ? ORDER BY id", (2,))
            other = streamed(connection, "SELECT row FROM articles ORDER BY row")
            assert [*found.fetchmany(3), other.fetchone()] == [("flood",), ("harbour",), ("letter-1",), (1,)]
            assert [id for (id,) in found] == ["letter-2", "lighthouse", "strike"]
            assert len(other.fetchall()) == 7
            expected = connection.execute("SELECT id FROM articles WHERE row > 2 ORDER BY id").fetchall()
            assert (
                streamed(connection, "SELECT id FROM articles WHERE row > ? ORDER BY id", (2,)).fetchall()
                == expected
            )


def test_a_reader_keeps_its_state_while_others_commit(new_address):
    address = new_address()
    with Archive.create(address, model="hashed-words") as archive, Archive.open(address) as writer:
        with archive.reading() as connection:
            assert generation(connection) == 0
            writer.add(VELL / "flood.md")
            assert generation(connection) == 0
            assert connection.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        assert archive.generation == 1


def test_psycopg_is_imported_only_when_an_address_asks_for_it(tmp_path, made):
    code = (
        "import sys, qa\nfrom qa.cli import main\n"
        f"assert main(['ask', {QUESTION!r}, '--archive', {str(made)!r}, '--json']) == 0\n"
        f"assert main(['doctor', '--archive', {str(made)!r}, '--json']) == 0\n"
        "assert not {'psycopg', 'pymilvus', 'ray'} & {name.split('.')[0] for name in sys.modules}\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
