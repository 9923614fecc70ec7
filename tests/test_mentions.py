"""What an archive mentions: kept beside it, made anew where it must be, the same however it came to be."""

import json
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Answerer, Archive, Retriever
from qa.mentions import file, tables
from qa.mentions.lookup import Mentions, Spelling

STEPPE = Path(__file__).parent / "data" / "steppe"


@pytest.fixture(scope="module")
def steppe(tmp_path_factory):
    folder = tmp_path_factory.mktemp("steppe") / "archive"
    with Archive.create(folder, model="hashed-words") as archive:
        archive.add(STEPPE)
    return folder


@pytest.fixture
def folder(steppe, tmp_path):
    return Path(shutil.copytree(steppe, tmp_path / "archive"))


def held(folder):
    """All that lookups can see, articles by their id in place of their row."""
    with Archive.open(folder) as archive, archive.reading() as connection, archive.mentions() as found:
        ids = dict(connection.execute("SELECT row, id FROM articles"))
        return sorted(
            str((ids[row[0]], *row[1:]) if row[0] in ids else row) for row in tables.contents(found._tables)
        )


def test_adding_writes_the_file_and_a_reader_opens_it(folder):
    assert (folder / file.NAME).is_file()
    with Archive.open(folder) as archive, archive.reading() as connection:
        found = file.opened(folder, connection)
        assert isinstance(found, Mentions)
        found.close()


def test_names_forms_and_dates_are_found(folder):
    with Archive.open(folder) as archive, archive.mentions() as found:
        assert found.spelled_alike("Kosanov") == []
        assert found.spelled_alike("Zhumakanov") == [
            Spelling("Dzhumakanov", 1),
            Spelling("Zhumaqanov", 1),
            Spelling("Жумаканов", 1),
        ]
        assert found.other_forms(["bwa", "lake transport bureau"]) == {
            "bwa": [("BWA", "Baiterek Water Authority")],
            "lake transport bureau": [("Lake Transport Bureau", "LTB")],
        }
        assert found.attested(["Flooded", "Nowhere"])["flooded"].plain == 1
        assert not found.attested(["Nowhere"])["nowhere"]


@pytest.mark.parametrize("damage", ["missing", "cut", "changed", "manifest", "format", "other state"])
def test_a_file_of_no_use_is_made_anew(folder, damage):
    before, path = held(folder), folder / file.NAME
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:5_000])
    elif damage == "changed":
        path.write_bytes(path.read_bytes().replace(b"Dzhumakanov", b"Dzhumakanoff"[:11]))
    elif damage == "manifest":
        (folder / file.MANIFEST).write_text("[]", encoding="utf-8")
    else:
        with sqlite3.connect(path) as connection:
            name = "format" if damage == "format" else "state"
            connection.execute("UPDATE about SET value = '0 0 0' WHERE name = ?", (name,))
        connection.close()
        manifest = json.loads((folder / file.MANIFEST).read_text())
        manifest["sha256"] = file.sha256_of(path)
        (folder / file.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert held(folder) == before
    with Archive.open(folder) as archive, archive.reading() as connection:
        found = file.opened(folder, connection)
        assert found is not None
        found.close()


def test_where_it_cannot_be_written_it_is_made_in_memory(folder, monkeypatch):
    before = held(folder)
    (folder / file.NAME).unlink()
    monkeypatch.setattr(file, "write", lambda *_: (_ for _ in ()).throw(OSError("no room")))
    assert held(folder) == before
    assert not (folder / file.NAME).exists()


def test_adds_and_removes_in_any_order_leave_what_one_add_does(folder, tmp_path):
    ids = ["dam", "inquiry", "houses"]
    with Archive.open(folder) as archive:
        archive.remove(["dam", "vote"])
        archive.add(STEPPE / "vote.md")
        archive.remove(ids[1:])
        archive.add(STEPPE)
    fresh = tmp_path / "fresh"
    with Archive.create(fresh, model="hashed-words") as archive:
        archive.add(STEPPE)
    assert held(folder) == held(fresh)
    questions = ["Who met Zhumakanov in April 2031?", "What did the BWA decline?", "Кто такой Туякбаев?"]
    answers = []
    for place in (folder, fresh):
        with Answerer.open(place, threshold=0) as answerer:
            answers.append([answerer.ask(question).to_json() for question in questions])
    assert answers[0] == answers[1]


def test_what_is_removed_or_replaced_is_no_longer_searched_for(folder, tmp_path):
    question = "What did Zhumakanov say?"
    with Archive.open(folder) as archive:
        answerer = Answerer(Retriever(archive))
        spellings = ["Zhumakanov", "Dzhumakanov", "Zhumaqanov", "Жумаканов"]
        assert answerer.ask(question).variants == {"Zhumakanov": spellings}
        archive.remove("inquiry")
        assert answerer.ask(question).variants == {"Zhumakanov": ["Zhumakanov", "Zhumaqanov", "Жумаканов"]}


@given(
    st.lists(st.tuples(st.integers(1, 4000), st.sampled_from([0, 6, 30, 365, 366, 3000])), max_size=30),
    st.integers(1, 4000),
    st.sampled_from([0, 6, 400]),
)
def test_all_that_mention_some_days_are_found(said, since, more):
    connection = sqlite3.connect(":memory:")
    tables.create(connection)
    rows = [(at, at, first, first + length) for at, (first, length) in enumerate(said)]
    connection.executemany("INSERT INTO dates VALUES (?, ?, ?, ?)", rows)
    until = since + more
    of_these = [row for row in rows if row[2] <= until and row[3] >= since]
    with Mentions(connection) as found:
        days = date.fromordinal(since), date.fromordinal(until)
        assert sorted(found.places_of(*days)) == [row[:2] for row in of_these]
        assert found.places_of(*days, len(of_these)) is not None
        assert not of_these or found.places_of(*days, len(of_these) - 1) is None
        assert sorted(found.dates_in(range(0, 30, 2), since, until)) == [
            row for row in of_these if row[0] % 2 == 0
        ]


def test_who_forgets_it_leaves_nothing_open():
    """Without waiting for the garbage collector: a page asks for years, through many generations."""
    tables = sqlite3.connect(":memory:")
    Mentions(tables)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        tables.execute("SELECT 1")
