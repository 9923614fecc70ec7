"""Truncated files and flipped bytes: an archive answers truly, or says that it is damaged; nothing else."""

import json
import random
import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from corpus.errors import ArchiveDamaged, OnrecordError
from qa import Answerer, Archive, Retriever
from qa.cli import main
from qa.database import NAME
from qa.doctor import diagnose
from qa.reader.loading import load_reader
from qa.verify import verify

QUESTION = "Who cut the ribbon in the harbour?"


@pytest.fixture(scope="module")
def reader():
    return load_reader()


def truncate(raw, chance):
    return raw[: chance.randrange(len(raw))]


def flip(raw, chance):
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def blank(raw, chance):
    at = chance.randrange(len(raw)) // 512 * 512
    return raw[:at] + bytes(len(raw[at : at + 512])) + raw[at + 512 :]


def garble(raw, chance):
    at = chance.randrange(len(raw))
    return raw[:at] + chance.randbytes(len(raw[at : at + 64])) + raw[at + 64 :]


def files(folder):
    """Every file of the archive that holds something, without the random part of tantivy's names."""
    return sorted(
        (file for file in folder.rglob("*") if file.is_file() and file.stat().st_size),
        key=lambda file: (file.parent, file.suffix, len(file.name)),
    )


def damage(folder, file, spoil, seed):
    file.write_bytes(spoil(file.read_bytes(), random.Random(seed)))


def answers(folder, reader):
    """What it says, verified; or None where it says that it is damaged."""
    try:
        with Retriever(Archive.open(folder), reader=reader, reads=2) as retriever:
            said = json.loads(Answerer(retriever, threshold=0).ask(QUESTION).to_json())
            assert verify(said, retriever.archive).ok
            assert len(retriever.search(QUESTION, 50)) > 8
    except OnrecordError:
        return None
    return said


def examined(folder):
    """What the doctor says: True, False, or that it can't be opened."""
    try:
        with Archive.open(folder) as archive:
            return diagnose(archive, repair=True).ok
    except OnrecordError:
        return False


def spoilt(folder, reader, spoil, seeds):
    """Spoils every file in turn."""
    whole = answers(folder, reader)
    for seed in seeds:
        for at in range(len(files(folder))):
            copy = shutil.copytree(folder, folder.with_name("copy"))
            file = files(copy)[at]
            damage(copy, file, spoil, f"{at} {seed}")
            said, sound = answers(copy, reader), examined(copy)
            if file.name != NAME:
                assert (said, sound) == (whole, True), file.name
            shutil.rmtree(copy)


SPOILS = [truncate, flip, blank, garble]


@pytest.mark.parametrize("spoil", SPOILS)
def test_any_file_may_be_damaged(folder, reader, spoil):
    spoilt(folder, reader, spoil, range(1))


@pytest.mark.slow
@pytest.mark.parametrize("spoil", SPOILS)
def test_any_file_may_be_damaged_at_many_places(folder, reader, spoil):
    spoilt(folder, reader, spoil, range(1, 4))


@pytest.mark.slow
@pytest.mark.parametrize("spoil", SPOILS)
def test_the_database_may_be_damaged_at_many_places(folder, reader, spoil):
    raw = (folder / NAME).read_bytes()
    for seed in range(60):
        copy = shutil.copytree(folder, folder.with_name("copy"))
        damage(copy, copy / NAME, spoil, seed)
        if answers(copy, reader) is None and (copy / NAME).read_bytes() != raw:
            assert not examined(copy)
        shutil.rmtree(copy)


@pytest.mark.parametrize("spoil", SPOILS)
def test_the_log_may_be_damaged(folder, reader, spoil):
    """What was committed last is in the log; SQLite takes in what is whole of it."""
    with Archive.open(folder) as archive, archive.reading():  # a reader keeps the log from being taken in
        len(archive)
        with Archive.open(folder) as other, other.writing("test") as connection:
            connection.execute("UPDATE articles SET title = 'Flood' WHERE id = 'flood'")
        copy = shutil.copytree(folder, folder.with_name("copy"))
    log = copy / f"{NAME}-wal"
    assert log.stat().st_size
    damage(copy, log, spoil, 1)
    assert answers(copy, reader) is not None
    assert examined(copy)


def test_a_word_that_was_altered_on_disk_is_never_quoted(folder, reader, capsys):
    """SQLite has no checksums: only the article's hash can tell."""
    raw = (folder / NAME).read_bytes()
    assert raw.count(b"cut the ribbon") == 1
    (folder / NAME).write_bytes(raw.replace(b"cut the ribbon", b"ate the ribbon"))
    with Answerer.open(folder) as answerer, pytest.raises(ArchiveDamaged, match="'harbour' has another hash"):
        answerer.ask(QUESTION)
    assert main(["ask", QUESTION, "--archive", str(folder)]) == 2
    assert (
        "error: the text of 'harbour' has another hash than was stored; `doctor`" in capsys.readouterr().err
    )
    assert main(["doctor", "--archive", str(folder)]) == 1


def test_an_id_that_was_altered_on_disk_is_never_cited(folder, reader):
    """Wherever it stands: beside the article, or where ids are looked up."""
    raw = (folder / NAME).read_bytes()
    places = [found.start() for found in re.finditer(b"harbour", raw)]
    assert places
    for at in places:
        (folder / NAME).write_bytes(raw[:at] + b"harboUr" + raw[at + 7 :])
        answers(folder, reader)  # verifies what is said


def test_adding_its_file_again_mends_an_altered_text(folder):
    from conftest import REPOSITORY

    with closing(sqlite3.connect(folder / NAME)) as connection, connection:
        connection.execute("UPDATE articles SET text = replace(text, 'ribbon', 'cable') WHERE id = 'harbour'")
    with Archive.open(folder) as archive:
        assert not diagnose(archive).ok
        assert archive.add(REPOSITORY / "tests" / "data" / "vell").replaced == ["harbour"]
        assert diagnose(archive).ok
