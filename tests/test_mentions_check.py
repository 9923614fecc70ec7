"""Whether `mentions.db` agrees with the archive: each way it may not is caught, and made anew."""

import json
import sqlite3
from contextlib import closing

import pytest

from qa import Archive
from qa.doctor import diagnose
from qa.mentions import check
from qa.mentions.file import MANIFEST, NAME
from qa.whole_file import sha256_of


def diagnosis(folder, **options):
    with Archive.open(folder) as archive:
        return diagnose(archive, **options)


def said(found):
    return next(each for each in found.checks if each.name == NAME)


def change(folder, statement):
    """Changes the file as a program that is wrong would: whole by its own manifest."""
    with closing(sqlite3.connect(folder / NAME)) as tables, tables:
        tables.execute(statement)
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | {"sha256": sha256_of(folder / NAME)}))


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("DELETE FROM articles WHERE row = (SELECT min(row) FROM articles)", "articles, the database"),
        ("UPDATE words SET articles = articles + 1 WHERE number = 1", "of them name it"),
        ("UPDATE dates SET first_day = first_day - 1", "is not what that mentions"),
        ("INSERT INTO definitions SELECT row, 'AB', 'A B', 'ab', 'a b' FROM articles", "is not what that"),
        ("UPDATE words SET word = word || 'x' WHERE number = 3", "is not what that mentions"),
    ],
)
def test_what_disagrees_with_the_database_is_caught_and_repaired(folder, statement, detail):
    change(folder, statement)
    found = diagnosis(folder)
    assert (found.ok, said(found).ok) == (False, False)
    assert detail in said(found).detail
    found = diagnosis(folder, repair=True)
    assert found.ok
    assert NAME in found.rebuilt
    assert diagnosis(folder).ok


@pytest.mark.parametrize("file", [NAME, MANIFEST])
def test_a_missing_or_damaged_file_is_written_again(folder, file):
    (folder / file).unlink()
    assert diagnosis(folder).rebuilt == [NAME]
    (folder / file).write_bytes(b"damaged")
    assert diagnosis(folder).rebuilt == [NAME]
    assert diagnosis(folder).rebuilt == []


def test_one_that_cannot_be_written_now_is_no_fault(folder):
    (folder / NAME).unlink()
    with Archive.open(folder) as other, other.writing("add"):
        found = diagnosis(folder)
        assert (found.ok, found.rebuilt) == (True, [])
        assert said(found).detail == "it could not be written or opened here; searches make it in memory"
    with Archive.open(folder) as archive:
        assert check.remake(archive) == [NAME]


def test_optimize_writes_it_too(folder):
    (folder / NAME).unlink()
    with Archive.open(folder) as archive:
        archive.optimize()
    assert (folder / NAME).is_file()
