"""Adding: what becomes of each article, and what is kept of an earlier state."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InputError
from embeddings.hashed_words import HashedWordsEncoder
from qa import Archive, Retriever
from qa import adding as module

VELL = Path(__file__).parent / "data" / "vell"


class CountingEncoder(HashedWordsEncoder):
    """Hashed words that remembers what it was given."""

    def __init__(self):
        self.texts = []

    def encode_passages(self, texts, progress=None):
        self.texts += texts
        return super().encode_passages(texts, progress)


@pytest.fixture
def encoder():
    return CountingEncoder()


@pytest.fixture
def archive(tmp_path, encoder):
    with Archive.create(tmp_path / "archive", model=encoder) as archive:
        yield archive


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


def write(folder, name, *lines):
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / name


def corpus(folder, *records):
    return write(folder, "corpus.jsonl", *(json.dumps(record) for record in records))


def rows(archive):
    with archive.reading() as connection:
        return connection.execute("SELECT * FROM passages ORDER BY row").fetchall()


def test_a_folder_is_added_whole_in_one_commit(archive):
    report = archive.add(VELL)
    assert sorted(report.added) == [
        "bridge", "census.txt", "flood", "harbour", "letter-1", "letter-2", "lighthouse", "strike",
    ]  # fmt: skip
    assert (report.replaced, report.unchanged, report.failed, report.skipped) == ([], [], [], [])
    assert report.generation == archive.generation == 1


def test_adding_again_changes_nothing_and_encodes_nothing(archive, encoder):
    added = archive.add(VELL).added
    before, encoded = rows(archive), len(encoder.texts)
    report = archive.add([VELL])
    assert sorted(report.unchanged) == sorted(added)
    assert (report.added, report.replaced, report.failed) == ([], [], [])
    assert report.generation == 1
    assert rows(archive) == before
    assert len(encoder.texts) == encoded


def test_each_passage_is_encoded_with_its_title_and_without_furniture(archive, encoder):
    archive.add(VELL / "harbour.md")
    assert all(text.startswith("Harbour of Vell reopens after two years. ") for text in encoder.texts)
    given = " ".join(encoder.texts)
    assert "Mayor Ona Brisk cut the ribbon" in given
    assert not any(words in given for words in ("newsletter", "0:00", "The Harbour Today", "#"))


def test_new_text_replaces_and_only_what_is_new_is_encoded(archive, encoder, folder):
    first = "The quay of Low Sound was painted green in May. " + "It took the painters nine days. " * 12
    second = "The ferry to Marrow sails twice a day. " + "It takes forty minutes to cross. " * 12
    file = write(folder, "quay.txt", first, "", second)
    archive.add(folder)
    old = archive.article("quay.txt").sha256
    encoded = len(encoder.texts)
    write(folder, "quay.txt", first, "", second.replace("twice a day", "three times a day"))
    report = archive.add(folder)
    assert (report.added, report.replaced, report.unchanged) == ([], ["quay.txt"], [])
    assert archive.article("quay.txt").text == file.read_text(encoding="utf-8")
    assert archive.article("quay.txt").sha256 != old
    assert [text for text in encoder.texts[encoded:] if "three times" not in text] == []
    assert len(encoder.texts) == encoded + 1
    retriever = Retriever(archive)
    assert retriever.search("twice", mode="bm25") == []
    assert len(retriever.search("three times", mode="bm25")) == 1


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("source", "Marrow Post"),
        ("author", "Ro Hale"),
        ("published", "2032"),
        ("url", "https://x.example"),
        ("language", "de"),
    ],
)
def test_new_facts_alone_replace_without_encoding(archive, encoder, folder, fact, value):
    corpus(folder, {"id": "a", "title": "Quay", "text": "The quay was painted green."})
    archive.add(folder)
    encoded = len(encoder.texts)
    corpus(folder, {"id": "a", "title": "Quay", "text": "The quay was painted green.", fact: value})
    assert archive.add(folder).replaced == ["a"]
    assert getattr(archive.article("a"), fact) == value
    assert len(encoder.texts) == encoded
    assert Retriever(archive).search("green quay")[0].article == archive.article("a")


def test_a_new_title_is_encoded_for_the_passages_are_read_under_it(archive, encoder, folder):
    corpus(folder, {"id": "a", "title": "Quay", "text": "The quay was painted green."})
    archive.add(folder)
    corpus(folder, {"id": "a", "title": "Pier", "text": "The quay was painted green."})
    assert archive.add(folder).replaced == ["a"]
    assert encoder.texts == ["Quay. The quay was painted green.", "Pier. The quay was painted green."]


def test_stored_vectors_are_the_encoders_in_the_order_of_the_passages(archive, encoder):
    archive.add(VELL / "strike.md")
    with archive.reading() as connection:
        stored = [
            (text[start:end], np.frombuffer(vector, dtype="<f4"))
            for text, start, end, vector in connection.execute(
                'SELECT text, start, "end", vector FROM passages JOIN articles ON article = articles.row'
            )
        ]
    for text, vector in stored:
        np.testing.assert_array_equal(
            vector, encoder.encode_question(f"Tram drivers walk out in Marrow. {text}")
        )


def test_same_id_from_another_file_is_refused_naming_both(archive, folder):
    one = write(folder, "one.md", "---", "id: twin", "---", "The first twin was born on Monday.")
    two = write(folder, "two.md", "---", "id: twin", "---", "The second twin was born on Tuesday.")
    archive.add(one)
    report = archive.add(two)
    (failure,) = report.failed
    assert failure.path == str(two)
    assert str(one) in failure.reason
    assert "'twin'" in failure.reason
    assert "--prefix" in failure.reason
    assert archive.article("twin").text == "The first twin was born on Monday.\n"
    assert archive.add(two, prefix="b").added == ["b/twin"]


def test_same_id_twice_in_one_go_stores_the_first_and_the_next_go_changes_nothing(archive, folder):
    file = corpus(
        folder,
        {"id": "twin", "text": "The first twin was born on Monday."},
        {"id": "twin", "text": "The second twin was born on Tuesday."},
    )
    report = archive.add(folder)
    assert report.added == ["twin"]
    assert [failure.path for failure in report.failed] == [f"{file}:2"]
    again = archive.add(folder)
    assert (again.added, again.replaced, again.unchanged) == ([], [], ["twin"])
    assert [failure.path for failure in again.failed] == [f"{file}:2"]
    assert archive.article("twin").text == "The first twin was born on Monday."
    assert archive.generation == 1


def test_a_file_named_twice_is_one_article(archive):
    for expected in ("added", "unchanged"):
        report = archive.add([VELL, VELL / "flood.md", VELL / "harbour.md"])
        assert len(getattr(report, expected)) == 8
        assert report.failed == []


def test_a_line_that_moved_in_its_file_is_the_same_article(archive, folder):
    one, two = {"id": "one", "text": "One gull sat there."}, {"id": "two", "text": "Two gulls sat there."}
    corpus(folder, one, two)
    archive.add(folder)
    corpus(folder, two, one)
    assert sorted(archive.add(folder).unchanged) == ["one", "two"]


def test_what_disappears_from_disk_stays(archive, folder):
    file = write(folder, "gone.txt", "The tide table of Vell was printed in blue.")
    write(folder, "stays.txt", "The tide table of Marrow was printed in red.")
    archive.add(folder)
    file.unlink()
    assert archive.add(folder).unchanged == ["stays.txt"]
    assert [each.id for each in archive.articles()] == ["gone.txt", "stays.txt"]


def test_one_bad_file_among_a_hundred_fails_alone(archive, folder):
    for number in range(100):
        write(folder, f"{number:03}.txt", f"Buoy number {number} was painted.")
    (folder / "042.txt").write_bytes(b"\xff\xfe broken")
    report = archive.add(folder)
    assert len(report.added) == 99
    assert [Path(failure.path).name for failure in report.failed] == ["042.txt"]
    assert len(archive) == 99


def test_a_path_that_is_not_there_stores_nothing(archive):
    with pytest.raises(InputError, match="no such file or folder"):
        archive.add([VELL, VELL / "nowhere"])
    assert (len(archive), archive.generation) == (0, 0)


@pytest.mark.parametrize("prefix", ["\ud800", "a\0b"])
def test_a_prefix_that_is_no_text_is_refused_before_anything_is_stored(archive, prefix):
    with pytest.raises(InputError, match="the prefix holds"):
        archive.add(VELL, prefix=prefix)
    assert len(archive) == 0


def test_files_of_other_kinds_are_told_not_read(archive, folder):
    write(folder, "photo.jpg", "not a text")
    write(folder, "a.txt", "The quay was painted green.")
    report = archive.add(folder)
    assert report.added == ["a.txt"]
    assert [Path(path).name for path in report.skipped] == ["photo.jpg"]


def test_an_article_of_furniture_alone_is_stored_without_passages(archive, folder):
    write(folder, "menu.txt", "Subscribe to our newsletter today.")
    assert archive.add(folder).added == ["menu.txt"]
    assert Retriever(archive).search("newsletter") == []
    assert archive.article("menu.txt").text == "Subscribe to our newsletter today.\n"


def test_batches_are_committed_one_by_one(archive, folder, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 2)  # passages; each of these articles has one
    for number in range(5):
        write(folder, f"{number}.txt", f"Buoy number {number} was painted.")
    assert archive.add(folder).generation == 3


def test_an_encoder_that_fails_leaves_what_was_committed_before(archive, encoder, folder, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 2)
    for number in range(5):
        write(folder, f"{number}.txt", f"Buoy number {number} was painted.")
    encode = encoder.encode_passages

    def failing(texts, progress=None):
        if any("number 3" in text for text in texts):
            raise InputError("the encoder is out of order")
        return encode(texts, progress)

    monkeypatch.setattr(encoder, "encode_passages", failing)
    with pytest.raises(InputError, match="out of order"):
        archive.add(folder)
    assert [each.id for each in archive.articles()] == ["0.txt", "1.txt"]
    assert [hit.article_id for hit in Retriever(archive).search("buoy number 1", 5)] == ["1.txt", "0.txt"]
    monkeypatch.undo()
    report = archive.add(folder)
    assert (report.unchanged, report.added) == (["0.txt", "1.txt"], ["2.txt", "3.txt", "4.txt"])


def test_progress_is_told_of_every_passage(archive):
    told = []
    archive.add(VELL, progress=told.append)
    assert sum(told) == len(rows(archive))


def test_the_next_batch_is_read_and_the_last_one_stored_while_one_is_encoded(
    archive, encoder, folder, monkeypatch
):
    monkeypatch.setattr(module, "_BATCH", 1)  # passages; each of these articles has one
    corpus(folder, *({"id": f"{n}", "text": f"Buoy {n} was painted."} for n in range(3)))
    split, encode = module.split, encoder.encode_passages
    third_is_read, stored = threading.Event(), []

    def splitting(article, *rest, **options):
        if article.id == "2":
            third_is_read.set()
        return split(article, *rest, **options)

    def encoding(texts, progress=None):
        if texts == ["Buoy 1 was painted."]:
            assert third_is_read.wait(10)
            with Archive.open(archive.path) as other:
                stored.extend(each.id for each in other.articles())
        return encode(texts, progress)

    monkeypatch.setattr(module, "split", splitting)
    monkeypatch.setattr(encoder, "encode_passages", encoding)
    assert archive.add(folder).added == ["0", "1", "2"]
    assert stored == ["0"]


def test_a_stop_ends_the_encoding_and_a_second_run_goes_on(archive, encoder, folder, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 2)
    corpus(folder, *({"id": f"{n}", "text": f"Buoy {n} was painted."} for n in range(9)))
    told = []

    def interrupted(passages):
        told.append(passages)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.add(folder, progress=interrupted)
    assert [each.id for each in archive.articles()] == ["0", "1"]
    encoder.texts.clear()
    report = archive.add(folder)
    assert (report.unchanged, len(report.added), len(encoder.texts)) == (["0", "1"], 7, 7)


def test_how_many_passages_there_will_be_is_told_from_those_so_far(archive, folder, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 2)
    for n in range(10):
        (folder / f"{n}.txt").write_text(f"Buoy {n} was painted.")
    expected = []
    archive.add(folder, expecting=expected.append)
    assert expected == [10] * 5
