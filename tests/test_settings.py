"""What made an archive is kept in it, and opening refuses what doesn't fit."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from corpus.errors import ArchiveDamaged, EncoderMismatch, FormatTooNew
from embeddings.hashed_words import HashedWordsEncoder
from qa import Archive, Retriever
from qa.database import FORMAT, NAME


@pytest.fixture
def folder(tmp_path):
    Archive.create(tmp_path / "archive", model="hashed-words").close()
    return tmp_path / "archive"


def change(folder, name, value):
    with closing(sqlite3.connect(folder / NAME)) as connection, connection:
        connection.execute("UPDATE settings SET value = ? WHERE name = ?", (value, name))


def encoder(**differs):
    other = HashedWordsEncoder()
    for name, value in differs.items():
        setattr(other, name, value)
    return other


def test_settings_are_read_as_they_were_written(folder):
    with Archive.open(folder) as archive:
        made = archive.settings
    assert (made.format, made.encoder, made.dimension) == (FORMAT, "hashed-words", 256)
    assert made.weights_sha256 == HashedWordsEncoder.weights_sha256
    assert (made.passage_words, made.index) == (120, "auto")


def test_a_newer_format_is_refused_with_both_numbers(folder):
    change(folder, "format", FORMAT + 1)
    with pytest.raises(FormatTooNew, match=rf"format {FORMAT + 1}, .* up to {FORMAT}; update"):
        Archive.open(folder)


@pytest.mark.parametrize(
    "differs", [{"name": "other-words"}, {"weights_sha256": "0" * 64}, {"dimension": 384}]
)
def test_another_encoder_is_refused_with_both_names(folder, differs):
    other = encoder(**differs)
    with pytest.raises(EncoderMismatch, match="made by hashed-words") as refused:
        Archive.open(folder, encoder=other)
    assert f"at hand is {other.name} (weights {other.weights_sha256[:12]}" in str(refused.value)
    assert f"{other.dimension} dimensions" in str(refused.value)


def test_an_archive_of_other_weights_opens_to_read_and_refuses_to_search(folder):
    change(folder, "weights_sha256", "0" * 64)
    with Archive.open(folder) as archive:
        assert archive.articles() == []
        with pytest.raises(EncoderMismatch, match="the encoder at hand"):
            Retriever(archive).search("harbour")


def test_the_same_encoder_is_accepted(folder):
    with Archive.open(folder, encoder=encoder()) as archive:
        archive.settings.check_encoder(archive.encoder)
        with pytest.raises(EncoderMismatch):
            replace(archive.settings, dimension=1).check_encoder(archive.encoder)


@pytest.mark.parametrize(
    ("name", "value"), [("format", "one"), ("dimension", ""), ("passage_words", "many"), ("generation", "x")]
)
def test_settings_that_are_no_numbers_are_damage(folder, name, value):
    change(folder, name, value)
    with pytest.raises(ArchiveDamaged, match="settings can't be read"):
        Archive.open(folder)


@pytest.mark.parametrize(
    "name", ["format", "encoder", "weights_sha256", "dimension", "passage_words", "index", "generation"]
)
def test_settings_that_are_gone_are_damage(folder, name):
    with closing(sqlite3.connect(folder / NAME)) as connection, connection:
        connection.execute("DELETE FROM settings WHERE name = ?", (name,))
    with pytest.raises(ArchiveDamaged, match=rf"settings can't be read.*{name}"):
        Archive.open(folder)
