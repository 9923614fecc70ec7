"""An archive moved between a folder and a server, and back: the same rows, vectors and answers."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import ArchiveLocked, ArchiveUnfinished
from qa import Archive, Retriever, migrating
from qa.address import Address
from qa.cli import main
from qa.compared_archives import differing, digest
from qa.doctor import diagnose
from qa.exporting import export
from qa.migrating import migrate
from qa.settings import setting

ROOT = Path(__file__).parent.parent


def exported(place, file):
    with Archive.open(place) as archive:
        export(archive, file, vectors=True)
    return file.read_bytes()


@pytest.fixture
def other_folder(tmp_path):
    return tmp_path / "other"


def test_from_folder_to_folder_every_row_is_the_same(folder, other_folder, tmp_path):
    with Archive.open(folder) as archive:
        archive.remove("strike")  # its rows are not to be given away again
    moved = migrate(Address(folder), Address(other_folder))
    assert moved.ok
    assert (moved.articles, moved.generation, moved.behind) == (7, 2, False)
    assert exported(folder, tmp_path / "1") == exported(other_folder, tmp_path / "2")
    with Archive.open(other_folder) as archive:
        assert diagnose(archive).ok
        (tmp_path / "new.txt").write_text("A walrus slept on the pier.")
        archive.add(tmp_path / "new.txt")
        with archive.reading() as connection:
            rows = [row for (row,) in connection.execute("SELECT row FROM articles ORDER BY row")]
    assert rows[-1] == 9  # eight there were


def test_there_and_back_gives_the_same_bytes(folder, new_address, other_folder, tmp_path, capsys):
    address = new_address()
    assert main(["migrate", str(folder), address, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["articles"], told["faults"], told["behind"]) == (True, 8, [], False)
    with Archive.open(address) as archive:
        archive.add(_new(tmp_path))
        archive.remove("walrus.txt")
        assert diagnose(archive).ok
    assert main(["migrate", address, str(other_folder)]) == 0
    assert exported(folder, tmp_path / "1") == exported(other_folder, tmp_path / "2")
    with Archive.open(other_folder) as archive, Archive.open(address) as served:
        assert diagnose(archive).ok
        assert archive.generation == served.generation == 3
        questions = ("Who cut the ribbon?", "walrus pier")
        assert [Retriever(archive).search(each) for each in questions] == [
            Retriever(served).search(each) for each in questions
        ]


def test_its_collection_in_milvus_stays_the_sources(folder, other_folder):
    """Else two archives would write to one."""
    with Archive.open(folder) as archive, archive.writing("test") as connection:
        connection.execute("INSERT INTO settings VALUES ('search_id', 'abc')")
    assert migrate(Address(folder), Address(other_folder)).ok
    with Archive.open(other_folder) as archive, archive.reading() as connection:
        assert setting(connection, "search_id") is None


def _new(folder):
    (folder / "walrus.txt").write_text("A walrus slept on the pier.")
    return folder / "walrus.txt"


def test_a_place_that_holds_an_archive_is_refused(folder, other_folder, made, capsys):
    assert main(["migrate", str(made), str(folder)]) == 2
    assert "holds an archive already; name another place" in capsys.readouterr().err
    other_folder.mkdir()
    (other_folder / "notes.txt").write_text("mine")
    assert main(["migrate", str(made), str(other_folder)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert (other_folder / "notes.txt").read_text() == "mine"
    assert main(["migrate", str(other_folder / "nowhere"), str(other_folder)]) == 2
    assert "no archive there" in capsys.readouterr().err


class Stopped(Exception):
    pass


def stopped(source, target, monkeypatch):
    """A move that is stopped after the first of several commits."""
    with monkeypatch.context() as patched:
        patched.setattr(migrating, "_BATCH", 3)

        def stop(_):
            raise Stopped

        with pytest.raises(Stopped):
            migrate(source, target, told=stop)


def test_a_half_finished_move_is_refused_by_readers_and_gone_on_with(folder, other_folder, monkeypatch):
    source, target = Address(folder), Address(other_folder)
    stopped(source, target, monkeypatch)
    with pytest.raises(
        ArchiveUnfinished, match=f"run `python -m qa migrate '{folder}' '{other_folder}'` again"
    ):
        Archive.open(other_folder)
    assert main(["add", str(folder), "--archive", str(other_folder)]) == 2
    taken = []
    copy = migrating._copy_of
    monkeypatch.setattr(migrating, "_copy_of", lambda row, *rest: taken.append(row) or copy(row, *rest))
    assert migrate(source, target).ok
    assert taken == [4, 5, 6, 7, 8]  # the three that were there are not copied again
    with Archive.open(other_folder) as archive:
        assert diagnose(archive).ok


def test_what_was_begun_of_another_state_is_begun_anew(folder, other_folder, monkeypatch):
    source, target = Address(folder), Address(other_folder)
    stopped(source, target, monkeypatch)
    with Archive.open(folder) as archive:
        archive.remove("bridge")
    assert migrate(source, target).ok
    with Archive.open(other_folder) as archive:
        assert "bridge" not in [each.id for each in archive.articles()]
        assert diagnose(archive).ok


def test_a_half_finished_move_to_a_server(folder, new_address, monkeypatch):
    address = new_address()
    stopped(Address(folder), Address.parse(address), monkeypatch)
    with pytest.raises(ArchiveUnfinished, match="was not wholly filled"):
        Archive.open(address)
    assert migrate(Address(folder), Address.parse(address)).ok
    with Archive.open(address) as archive:
        assert diagnose(archive).ok


def test_what_differs_is_told_and_nobody_reads_it(folder, other_folder, monkeypatch, capsys):
    copy = migrating._copy_of

    def wrong(row, source, target):
        count = copy(row, source, target)
        target.execute("UPDATE passages SET vector = zeroblob(1024) WHERE article = 3")
        return count

    with monkeypatch.context() as patched:
        patched.setattr(migrating, "_copy_of", wrong)
        assert main(["migrate", str(folder), str(other_folder)]) == 1
    assert "differs: passages: 9 rows of hash" in capsys.readouterr().err
    with pytest.raises(ArchiveUnfinished):
        Archive.open(other_folder)
    assert main(["migrate", str(folder), str(other_folder)]) == 0  # begun anew
    with Archive.open(other_folder) as archive:
        assert diagnose(archive).ok


def test_a_second_move_to_one_place_is_refused_while_the_first_fills_it(made, folder, new_place, tmp_path):
    place, refused = new_place(), []

    def second(_):
        for source in (folder, made):  # the one goes on with it, the other begins anew
            with pytest.raises(ArchiveLocked, match=r"is being (written|filled) by .* try again"):
                migrate(Address(source), Address.parse(place))
            refused.append(source)

    assert migrate(Address(folder), Address.parse(place), told=second).ok
    assert refused == [folder, made]
    assert exported(folder, tmp_path / "1") == exported(place, tmp_path / "2")


def test_rows_of_a_server_are_compared_a_part_at_a_time(folder, new_address, monkeypatch):
    """Outside of a transaction they would all come at once."""
    seen = []

    def compared(one, other):
        seen.append((one.in_transaction, other.in_transaction))
        return differing(one, other)

    monkeypatch.setattr(migrating, "differing", compared)
    assert migrate(Address(folder), Address.parse(new_address())).ok
    assert seen == [(True, True)]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("articles", "UPDATE articles SET title = 'x' WHERE row = 1"),
        ("articles", "UPDATE articles SET text = text || 'x' WHERE row = 1"),
        ("passages", "UPDATE passages SET start = start + 1 WHERE row = 2"),
        ("furniture", "DELETE FROM furniture"),
        ("forms", "UPDATE forms SET marked = 1"),
        ("form_articles", "DELETE FROM form_articles"),
    ],
)
def test_every_change_is_seen(folder, made, table, change):
    with (
        Archive.open(made) as archive,
        Archive.open(folder) as other,
        archive.reading() as one,
        other.writing("test") as two,
    ):
        assert differing(one, two) == []
        two.execute(change)
        assert digest(one, table) != digest(two, table)
        assert differing(one, two)


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.5, 1.5, 2.5])
def test_a_move_that_is_killed_is_gone_on_with(tmp_path, new_address, after):
    file = tmp_path / "corpus.jsonl"
    records = [
        {"id": f"{n:04}", "text": f"Buoy number {n} was painted red by Tam Reddick."} for n in range(3_000)
    ]
    file.write_text("\n".join(map(json.dumps, records)))
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(file)
    address = new_address()
    command = [sys.executable, "-m", "qa", "migrate", str(tmp_path / "archive"), address]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0 or b"holds an archive already" in done.stderr, done.stderr
    with Archive.open(address) as archive:
        assert len(archive) == 3_000
        assert diagnose(archive).ok
