"""The doctor: each invariant, broken by hand, is caught; what is derived is made anew."""

import json
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from corpus.article import sha256_of
from corpus.errors import ArchiveDamaged
from embeddings.faiss_index import FaissIndex
from qa import Archive, Retriever, doctor, index_files
from qa.cli import main
from qa.database import NAME
from qa.doctor import diagnose

STORED = ["database", "generation", "articles", "passages", "vectors"]
HARBOUR = "(SELECT row FROM articles WHERE id = 'harbour')"


def change(folder, *statements):
    """Changes the database as no program of ours would; its generation stays."""
    with closing(sqlite3.connect(folder / NAME)) as connection, connection:
        for statement in statements:
            connection.execute(*([statement] if isinstance(statement, str) else statement))


def diagnosis(folder, **options):
    with Archive.open(folder) as archive:
        return diagnose(archive, **options)


def faults(folder):
    """What is wrong, by check."""
    return {check.name: check.detail for check in diagnosis(folder).checks if not check.ok}


def test_a_sound_archive_passes_every_check(folder):
    found = diagnosis(folder)
    assert found.ok
    derived = ["vectors.faiss", "lexical", "mentions.db", "lines"]
    assert [check.name for check in found.checks] == [*STORED, *derived]
    assert found.rebuilt == []
    assert found.to_dict() == {
        "ok": True,
        "checks": [{"name": check.name, "ok": True, "detail": check.detail} for check in found.checks],
        "rebuilt": [],
    }


def test_an_empty_archive_is_sound(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        assert diagnose(archive).ok
        assert diagnose(archive).rebuilt == []


VECTOR = np.ones(256, dtype="<f4")
BROKEN = [
    ("articles", "UPDATE articles SET text = text || ' And more.' WHERE id = 'flood'", "'flood' has another hash"),
    ("articles", "UPDATE articles SET sha256 = 'f00' WHERE id = 'flood'", "'flood' has another hash"),
    ("articles", "UPDATE articles SET published = '2031-13' WHERE id = 'flood'", "dated '2031-13', which is no date"),
    ("articles", "UPDATE articles SET text = CAST(X'ff' AS TEXT) WHERE id = 'flood'", "can't be read"),
    ("articles", f'UPDATE furniture SET "end" = 99999 WHERE article = {HARBOUR} AND kind = \'call\'', "out of bounds"),
    ("articles", f'UPDATE furniture SET "end" = start WHERE article = {HARBOUR} AND kind = \'call\'', "out of bounds"),
    ("database", "UPDATE furniture SET article = 4711", "furniture belongs to no article"),
    ("database", "UPDATE passages SET article = 4711 WHERE row = 1", "passages belongs to no article"),
    ("generation", "UPDATE settings SET value = -1 WHERE name = 'generation'", "the generation is -1"),
    ("generation", "UPDATE settings SET value = 0 WHERE name = 'generation'", "8 articles, and the generation is 0"),
    ("generation", "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'passages'", "may be given away again"),
    ("passages", f'UPDATE passages SET "end" = 99999 WHERE article = {HARBOUR}', "out of bounds"),
    ("passages", f"UPDATE passages SET start = start - 1 WHERE article = {HARBOUR}", "not its sentences"),
    ("passages", f"UPDATE passages SET sentences = X'' WHERE article = {HARBOUR}", "not its sentences"),
    ("passages", f"UPDATE passages SET sentences = X'0102' WHERE article = {HARBOUR}", "can't be read"),
    ("passages", f"INSERT INTO furniture VALUES ({HARBOUR}, 90, 95, 'call')", "takes in furniture"),
    ("vectors", f"UPDATE passages SET vector = X'' WHERE article = {HARBOUR}", "has 0 dimensions, expected 256"),
    ("vectors", f"UPDATE passages SET vector = X'0102' WHERE article = {HARBOUR}", "can't be read"),
    ("vectors", f"UPDATE passages SET vector = zeroblob(1024) WHERE article = {HARBOUR}", "not of length 1"),
    ("vectors", ("UPDATE passages SET vector = ? WHERE row = 1", (VECTOR.tobytes(),)), "not of length 1"),
    ("vectors", ("UPDATE passages SET vector = ? WHERE row = 1", ((VECTOR * np.nan).tobytes(),)), "not of length 1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "statement", "said"), BROKEN)
def test_what_is_broken_by_hand_is_caught_and_no_index_is_made_of_it(folder, name, statement, said):
    change(folder, statement)
    shutil.rmtree(folder / "lexical")
    found = faults(folder)
    assert said in found[name]
    assert not (folder / "lexical").exists()
    assert not diagnosis(folder, repair=True).ok


def test_sentences_out_of_order_are_caught(folder):
    with Archive.open(folder) as archive, archive.reading() as connection:
        row, packed = connection.execute(
            f"SELECT row, sentences FROM passages WHERE article = {HARBOUR} ORDER BY start"
        ).fetchone()
    pairs = np.frombuffer(packed, dtype="<u4").reshape(-1, 2).copy()
    pairs[0, 1], pairs[1, 0] = pairs[1, 1], pairs[0, 0]
    change(folder, ("UPDATE passages SET sentences = ? WHERE row = ?", (pairs.tobytes(), row)))
    assert "not its sentences" in faults(folder)["passages"]


def test_passages_that_overlap_are_caught(folder):
    with Archive.open(folder) as archive, archive.reading() as connection:
        first, second = connection.execute(
            f"SELECT row, start FROM passages WHERE article = {HARBOUR} ORDER BY start LIMIT 2"
        ).fetchall()
    change(
        folder,
        f'INSERT INTO passages (article, start, "end", is_note, sentences, vector) '
        f'SELECT article, start + 1, "end", is_note, sentences, vector FROM passages WHERE row = {first[0]}',
    )
    assert second[1] > first[1]
    assert "out of bounds or order" in faults(folder)["passages"]


def test_pages_of_the_database_that_were_overwritten_are_caught(folder):
    with closing(sqlite3.connect(folder / NAME)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'passages_by_article'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    raw = bytearray((folder / NAME).read_bytes())
    raw[(page - 1) * size + 8 : page * size] = bytes(size - 8)
    (folder / NAME).write_bytes(raw)
    assert "passages_by_article" in faults(folder)["database"]


def test_many_faults_are_counted_not_listed(folder):
    change(folder, "UPDATE articles SET sha256 = 'f00'")
    assert faults(folder)["articles"].endswith(" and 5 more")


def test_missing_stale_and_damaged_files_are_no_trouble(folder):
    (folder / "vectors.faiss").write_bytes(b"damaged")
    shutil.rmtree(folder / "lexical")
    found = diagnosis(folder)
    assert (found.ok, found.rebuilt) == (True, ["vectors.faiss", "lexical"])
    change(folder, "UPDATE settings SET value = 7 WHERE name = 'generation'")
    found = diagnosis(folder)
    assert (found.ok, found.rebuilt) == (True, ["vectors.faiss", "lexical", "mentions.db"])
    assert diagnosis(folder).rebuilt == []


def test_files_that_another_writer_keeps_us_from_are_no_trouble_and_not_called_rebuilt(folder):
    shutil.rmtree(folder / "lexical")
    with Archive.open(folder) as other, other.writing("add"):
        found = diagnosis(folder)
    assert (found.ok, found.rebuilt) == (True, [])
    assert [check.detail for check in found.checks if check.name == "lexical"] == [
        "it could not be written or opened here; searches make it in memory"
    ]


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("DELETE FROM articles WHERE id = 'flood'", ["vectors.faiss", "lexical"]),
        (
            "UPDATE passages SET row = row + 100; UPDATE sqlite_sequence SET seq = seq + 100",
            ["vectors.faiss", "lexical"],
        ),
        (("UPDATE passages SET vector = ? WHERE row = 2", ((VECTOR / 16).tobytes(),)), ["vectors.faiss"]),
    ],
)
def test_indexes_that_disagree_with_the_database_are_caught_and_repaired(folder, statement, names):
    with closing(sqlite3.connect(folder / NAME)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        if isinstance(statement, str):
            connection.executescript(statement)
        else:
            connection.execute(*statement)
    assert list(faults(folder)) == names
    found = diagnosis(folder, repair=True)
    assert (found.ok, found.rebuilt) == (True, ["vectors.faiss", "lexical"])
    assert diagnosis(folder).rebuilt == []


def test_repair_of_a_sound_archive_makes_nothing_anew(folder):
    assert diagnosis(folder, repair=True).rebuilt == []


def test_a_vector_of_the_index_that_differs_is_caught(folder):
    """The file is whole by its own manifest, and wrong."""
    with Archive.open(folder) as archive:
        snapshot = archive.snapshot()
        vectors = np.full((len(snapshot.columns.row), 256), 1 / 16, dtype=np.float32)
        wrong = FaissIndex.from_factory("Flat", vectors, snapshot.columns.row)
        with archive.reading() as connection:
            index_files._write_vectors(connection, folder, wrong)
    assert "differs" in faults(folder)["vectors.faiss"]
    assert diagnosis(folder, repair=True).ok


def test_a_database_that_cannot_be_read_is_told_when_it_is_opened(folder):
    (folder / NAME).write_bytes(b"no database at all " * 500)
    with pytest.raises(ArchiveDamaged, match="restore it from a copy"):
        diagnosis(folder)


def test_the_doctor_changes_no_answer(folder):
    def answers():
        with Retriever.open(folder) as retriever:
            return [(hit.article_id, hit.start, hit.score) for hit in retriever.search("storm of 2029", 20)]

    before = answers()
    diagnosis(folder, repair=True)
    assert answers() == before


def test_words_that_the_lexical_index_lacks_are_caught(folder):
    """It holds the right rows, of other texts."""
    with Archive.open(folder) as archive, archive.writing("test") as connection:
        (row,) = connection.execute("SELECT row FROM articles WHERE id = 'flood'").fetchone()
        connection.execute("UPDATE articles SET text = replace(text, 'flood', 'quake') WHERE row = ?", (row,))
        text = archive.article("flood").text
        connection.execute("UPDATE articles SET sha256 = ? WHERE row = ?", (sha256_of(text), row))
    assert "is not found by its word" in faults(folder)["lexical"]
    assert diagnosis(folder, repair=True).ok


def test_the_command_tells_a_database_that_cannot_be_opened_and_exits_1(folder, capsys):
    (folder / NAME).write_bytes(b"no database at all " * 500)
    assert main(["doctor", "--archive", str(folder), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["checks"][0]["name"]) == (False, "database")
    assert "is damaged" in found["checks"][0]["detail"]


def test_a_further_derived_file_is_checked_mended_and_made_anew(folder, monkeypatch):
    """The seam: what is derived is a list."""
    told = []

    def faults(archive, connection):
        return iter([] if told[-1:] == ["remade"] else ["it is out of tune"])

    def mend(archive):
        return []

    def remake(archive):
        told.append("remade")
        return ["tune.db"]

    tune = doctor.Derived("tune.db", faults, mend, remake)
    monkeypatch.setattr(doctor, "DERIVED", (*doctor.DERIVED, tune))
    assert [check.detail for check in diagnosis(folder).checks if not check.ok] == ["it is out of tune"]
    assert (diagnosis(folder, repair=True).ok, told) == (True, ["remade"])
