"""The archive: made, opened, filled, emptied; and what it says when it can't."""

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import ArchiveDamaged, ArchiveError, ArchiveLocked, ArchiveMissing, InputError
from embeddings.hashed_words import HashedWordsEncoder
from qa import Answerer, Archive, Retriever
from qa.database import NAME

VELL = Path(__file__).parent / "data" / "vell"
ODD_IDS = [
    'o\'hara "x"',
    "../../etc/passwd",
    "line\nbreak",
    "🚋 tram",
    "a" * 2_000,
    "%_'; DROP TABLE articles; --",
    "a\tb",
]


@pytest.fixture
def archive(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        yield archive


def test_a_new_archive_is_empty_and_its_folder_is_made(tmp_path):
    with Archive.create(tmp_path / "deep" / "archive", model="hashed-words") as archive:
        assert (len(archive), archive.articles(), archive.generation) == (0, [], 0)
        assert archive.settings.encoder == "hashed-words"
        assert archive.settings.dimension == HashedWordsEncoder.dimension


def test_what_was_added_is_there_when_it_is_opened_again(archive):
    with Archive.open(archive.path) as again:
        listed = again.articles()
        assert [each.id for each in listed] == [
            "bridge", "census.txt", "flood", "harbour", "letter-1", "letter-2", "lighthouse", "strike",
        ]  # fmt: skip
        assert len(again) == 8
        assert again.article("census.txt").text == (VELL / "census.txt").read_text(encoding="utf-8")
        assert again.article("letter-1").author == "Nan Tully, Ro Hale"
        assert again.article("letter-1").published == "2031-05-03"


def test_furniture_is_kept_with_its_kind(archive):
    text = archive.article("harbour").text
    assert {mark.kind: mark.span.of(text) for mark in archive.furniture("harbour")} == {
        "headline": "# Harbour of Vell reopens after two years",
        "caption": "The Harbour Today",
        "player": "0:00 0:04:12",
        "call": "Sign up for our newsletter and never miss a tide.",
    }


def test_an_article_that_is_not_there_is_an_error_that_says_how_to_find_those_that_are(archive):
    with pytest.raises(InputError, match=r"no article has the id 'nobody'.*list"):
        archive.article("nobody")


@pytest.mark.parametrize("id", ["", "\ud800", "har\0bour", "harbour "])
def test_an_id_that_no_article_can_have_is_unknown_and_removes_nothing(archive, id):
    with pytest.raises(InputError, match="no article has the id"):
        archive.article(id)
    with pytest.raises(InputError, match="nothing was removed"):
        archive.remove(["flood", id])
    assert len(archive) == 8
    assert archive.generation == 1


def test_remove_takes_one_id_or_many_and_counts_one_commit(archive):
    assert archive.remove("flood") == 2
    assert archive.remove(["harbour", "strike", "harbour"]) == 3
    assert [each.id for each in archive.articles()] == [
        "bridge",
        "census.txt",
        "letter-1",
        "letter-2",
        "lighthouse",
    ]
    with archive.reading() as connection:
        for table in ("passages", "furniture"):
            (orphans,) = connection.execute(
                f"SELECT count(*) FROM {table} WHERE article NOT IN (SELECT row FROM articles)"
            ).fetchone()
            assert orphans == 0


def test_row_ids_are_never_used_again(archive):
    def rows(connection):
        return {row for (row,) in connection.execute("SELECT row FROM passages")}

    with archive.reading() as connection:
        before = rows(connection)
    archive.remove([each.id for each in archive.articles()])
    archive.add(VELL)
    with archive.reading() as connection:
        assert min(rows(connection)) > max(before)


@pytest.mark.parametrize("id", ODD_IDS)
def test_ids_with_odd_characters_are_kept_found_and_removed(tmp_path, id):
    file = tmp_path / "corpus.jsonl"
    file.write_text(json.dumps({"id": id, "text": "A gull sat on the Vell pier all day."}))
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        assert archive.add(file).added == [id.strip()]
        assert archive.article(id.strip()).id == id.strip()
        (hit,) = Retriever(archive).search("gull on the pier")
        assert hit.article_id == id.strip()
        archive.remove([id.strip()])
        assert len(archive) == 0
    assert not (tmp_path.parent / "etc").exists()


def test_sql_in_a_question_or_a_source_is_only_words(archive):
    retriever = Retriever(archive)
    assert retriever.search("harbour'; DROP TABLE articles; --", 1)[0].article_id == "harbour"
    with pytest.raises(InputError, match="no article's source"):
        retriever.search("harbour", source="' OR 1=1 --")
    assert len(archive) == 8


def test_closing_twice_is_closing_once_and_a_closed_archive_says_so(archive):
    archive.close()
    archive.close()
    with pytest.raises(ArchiveError, match="was closed; open it again"):
        archive.articles()


def test_a_folder_without_an_archive_is_missing_not_made(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere", VELL / "census.txt"):
        with pytest.raises(ArchiveMissing, match="no archive there; make one with"):
            Archive.open(place)
    assert list(tmp_path.iterdir()) == []


def test_create_leaves_a_folder_that_holds_something_alone(tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    with pytest.raises(InputError, match="is not empty; name a new folder"):
        Archive.create(tmp_path, model="hashed-words")
    with pytest.raises(InputError, match="is not a folder"):
        Archive.create(mine, model="hashed-words")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_create_refuses_a_folder_that_holds_an_archive(archive):
    with pytest.raises(InputError, match="is not empty"):
        Archive.create(archive.path, model="hashed-words")
    assert len(archive) == 8


def test_create_takes_up_what_a_crash_in_create_left(tmp_path):
    (tmp_path / "write.lock").touch()
    (tmp_path / f"{NAME}.new").write_bytes(b"half a database")
    with Archive.create(tmp_path, model="hashed-words") as archive:
        assert archive.add(VELL / "flood.md").added == ["flood"]


def test_two_makers_of_one_archive_at_once_make_one(tmp_path, monkeypatch):
    """The second must not put its empty database in the place of the first's, which may be filled."""
    from qa import storage as module

    checked = module.check_empty
    first = []

    def check_then_be_overtaken(folder):
        checked(folder)
        if not first:
            first.append(True)
            with Archive.create(folder, model="hashed-words") as other:
                other.add(VELL / "flood.md")

    monkeypatch.setattr(module, "check_empty", check_then_be_overtaken)
    with pytest.raises(InputError, match="is not empty"):
        Archive.create(tmp_path / "archive", model="hashed-words")
    with Archive.open(tmp_path / "archive") as archive:
        assert [each.id for each in archive.articles()] == ["flood"]


def test_create_refuses_an_index_that_faiss_does_not_know(tmp_path):
    with pytest.raises(InputError, match="not a FAISS index-factory string"):
        Archive.create(tmp_path / "archive", model="hashed-words", index="Nonsense42")
    assert not (tmp_path / "archive").exists()


def test_a_reader_sees_what_another_connection_adds(archive, tmp_path):
    with Archive.open(archive.path) as reader:
        retriever = Retriever(reader)
        assert retriever.search("walrus on the pier", mode="bm25", k=1)[0].text.find("walrus") == -1
        file = tmp_path / "walrus.txt"
        file.write_text("A walrus slept on the pier of Low Sound.")
        archive.add(file)
        (hit,) = retriever.search("walrus", mode="bm25")
        assert hit.article_id == "walrus.txt"
        archive.remove(["walrus.txt"])
        assert retriever.search("walrus", mode="bm25") == []


def test_a_turn_within_a_turn_sees_one_state(archive):
    with Archive.open(archive.path) as reader:
        with reader.reading():
            assert len(reader) == 8
            thread = threading.Thread(target=archive.remove, args=(["flood"],))
            thread.start()
            while archive.generation == 1:  # committed; what the thread still does is waiting for us
                pass
            assert len(reader) == 8
        thread.join()
        assert len(reader) == 7


def test_an_encoder_that_needs_no_keeping_keeps_no_writer_out(archive, monkeypatch):
    def locked(folder, work):
        raise AssertionError(work)

    monkeypatch.setattr("qa.kept_encoder.write_lock", locked)
    with Archive.open(archive.path) as reader:
        assert reader.encoder.name == "hashed-words"


def test_threads_share_an_answerer_while_another_connection_writes(archive, tmp_path):
    """Each answer is of one committed state: with the walrus article whole, or without it."""
    file = tmp_path / "walrus.md"
    file.write_text("---\ntitle: Walrus\n---\nA walrus slept on the pier of Low Sound on Sunday.\n")
    wrong = []
    done = threading.Event()

    def ask(answerer):
        while not done.is_set():
            answer = answerer.ask("Which walrus slept?")
            texts = [quote.text for quote in answer.quotes]
            if answer.abstained is not (not texts) or any(
                quote.text != quote.article.text[quote.start : quote.end] for quote in answer.quotes
            ):
                wrong.append(answer)
            if texts and texts[0] != "A walrus slept on the pier of Low Sound on Sunday.":
                wrong.append(answer)

    with Answerer.open(archive.path) as answerer:
        threads = [threading.Thread(target=ask, args=(answerer,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(5):
            archive.add(file)
            archive.remove(["walrus.md"])
        archive.add(file)
        done.set()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert answerer.ask("Which walrus slept?").quotes[0].article.id == "walrus.md"


def _truncated(raw):
    return raw[: len(raw) // 2]


def _nothing(_):
    return b""


def _not_sqlite(_):
    return b"These are the minutes of the harbour board.\n" * 300


def _flipped_header(raw):
    return bytes([raw[0] ^ 0x20]) + raw[1:]


def _schema_gone(raw):
    return raw[:100] + bytes(4096 - 100) + raw[4096:]


@pytest.mark.parametrize("spoilt", [_truncated, _nothing, _not_sqlite, _flipped_header, _schema_gone])
def test_a_database_that_is_none_is_told_with_the_way_out(archive, spoilt):
    archive.optimize()
    archive.close()
    file = archive.path / NAME
    for log in archive.path.glob(f"{NAME}-*"):
        log.unlink()
    file.write_bytes(spoilt(file.read_bytes()))
    with pytest.raises(ArchiveDamaged, match="restore"):
        _read(archive.path)


def _read(folder):
    with Archive.open(folder) as archive:
        archive.articles()
        Retriever(archive).search("harbour")


def test_a_text_that_is_not_unicode_any_more_is_damage_whatever_words_it_holds(archive):
    """Python's message for it quotes the text: words such as "full" in it mean nothing."""
    with closing(sqlite3.connect(archive.path / NAME)) as connection:
        connection.execute(
            "UPDATE articles SET text = CAST(X'66756c6c206c6f636b656420ff' AS TEXT) WHERE id = 'flood'"
        )  # "full locked \xff"
        connection.commit()
    with pytest.raises(ArchiveDamaged, match="is damaged"):
        archive.article("flood")


def test_a_busy_database_says_so(archive, monkeypatch):
    with closing(sqlite3.connect(archive.path / NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        connect = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *a, timeout, **k: connect(*a, timeout=0.05, **k))
        with pytest.raises(ArchiveLocked, match="is busy"):
            archive.remove(["flood"])
    assert len(archive) == 8
