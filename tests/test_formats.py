"""Archives of every format there has been, as the programs of their time wrote them (`data/formats`)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa import Answerer, Archive
from qa.database import FORMAT, NAME
from qa.doctor import diagnose
from qa.tables import STEPS

FORMATS = Path(__file__).parent / "data" / "formats"


@pytest.fixture(params=range(1, FORMAT + 1))
def earlier(request, tmp_path):
    """An archive of two articles in each format."""
    folder = tmp_path / "archive"
    folder.mkdir()
    with closing(sqlite3.connect(folder / NAME)) as connection:
        connection.executescript((FORMATS / f"{request.param}.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return folder


def test_every_format_has_an_archive_and_every_later_one_a_migration():
    assert sorted(int(file.stem) for file in FORMATS.glob("*.sql")) == list(range(1, FORMAT + 1))
    assert sorted(STEPS) == list(range(2, FORMAT + 1))


def test_it_is_read_as_it_is(earlier):
    with Answerer.open(earlier, threshold=0) as answerer:
        for question, quote in (
            ("When does the ferry Gull sail?", "The ferry Gull sails to Sorn on Monday."),
            ("Кто открыл мост?", "Мэр Она Бриск открыла мост во вторник."),
        ):
            answer = answerer.ask(question)
            assert [each.text for each in answer.quotes] == [quote]
            assert answer.verify().ok


def test_its_first_writer_makes_it_the_present_format(earlier, tmp_path):
    (tmp_path / "new.txt").write_text("A walrus slept on the pier.")
    with Archive.open(earlier) as archive:
        before = {each.id: archive.article(each.id) for each in archive.articles()}
        assert archive.add(tmp_path / "new.txt").added == ["new.txt"]
        archive.remove("new.txt")
        assert {each.id: archive.article(each.id) for each in archive.articles()} == before
    with Archive.open(earlier) as archive:
        assert archive.settings.format == FORMAT
        assert diagnose(archive).ok


def test_a_migration_that_fails_changes_nothing(earlier, monkeypatch):
    with Archive.open(earlier) as archive:
        before = archive.settings.format
    monkeypatch.setattr("qa.database.FORMAT", FORMAT + 1)
    monkeypatch.setitem(STEPS, FORMAT + 1, "DELETE FROM articles;\nno SQL at all;\n")
    with Archive.open(earlier) as archive, pytest.raises(Exception, match="syntax error"):
        archive.optimize()
    monkeypatch.undo()
    with Archive.open(earlier) as archive:
        assert archive.settings.format in (before, FORMAT)
        assert len(archive) == 2
        assert diagnose(archive).ok
