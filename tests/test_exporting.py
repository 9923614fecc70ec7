"""An archive exported and imported is the same archive; a file that was changed is refused whole."""

import base64
import json
import shutil
from pathlib import Path

import pytest

from corpus.errors import ArchiveLocked, ArchiveThere, ArchiveUnfinished, InputError
from embeddings.hashed_words import HashedWordsEncoder
from qa import Answerer, Archive, Retriever, importing
from qa.cli import main
from qa.doctor import diagnose
from qa.exporting import export
from qa.importing import import_archive

QUESTION = "Who cut the ribbon in the harbour of Vell?"


class Counting(HashedWordsEncoder):
    """Counts what it encodes."""

    def __init__(self):
        super().__init__()
        self.encoded = 0

    def encode_passages(self, texts, progress=None):
        self.encoded += len(texts)
        return super().encode_passages(texts, progress)


def exported(folder, file, **options):
    with Archive.open(folder) as archive:
        export(archive, file, **options)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def write(file, records):
    """The records with a last line that agrees with them, as a forger would write it."""
    from hashlib import sha256

    lines = [json.dumps(record).encode() + b"\n" for record in records[:-1]]
    last = {"articles": len(lines) - 1, "sha256": sha256(b"".join(lines)).hexdigest()}
    file.write_bytes(b"".join(lines) + json.dumps(last).encode() + b"\n")


def stored(archive):
    """Articles, furniture and passages, vectors and all, without the numbers of rows."""
    with archive.reading() as connection:
        return [
            list(connection.execute(statement))
            for statement in (
                (
                    "SELECT id, text, title, source, author, published, url, language, sha256, origin, origin_line "
                    "FROM articles ORDER BY id"
                ),
                'SELECT id, start, "end", kind FROM furniture JOIN articles ON article = articles.row ORDER BY id, start',
                (
                    'SELECT id, start, "end", is_note, sentences, vector FROM passages JOIN articles ON article = articles.row '
                    "ORDER BY id, start"
                ),
            )
        ]


def said(archive):
    retriever = Retriever(archive)
    hits = [(hit.article_id, hit.start, hit.score) for hit in retriever.search(QUESTION, 50)]
    return hits, Answerer(retriever, threshold=0).ask(QUESTION).to_json()


@pytest.mark.parametrize("vectors", [False, True])
def test_there_and_back_is_the_same_archive(folder, tmp_path, vectors):
    exported(folder, tmp_path / "file.jsonl", vectors=vectors)
    encoder = Counting()
    with (
        import_archive(tmp_path / "file.jsonl", tmp_path / "other", model=encoder) as other,
        Archive.open(folder) as archive,
    ):
        assert stored(other) == stored(archive)
        assert said(other) == said(archive)
        assert diagnose(other).ok
        assert (encoder.encoded == 0) is vectors
        assert other.settings == archive.settings


def test_an_export_of_the_import_is_the_same_file(folder, tmp_path):
    exported(folder, tmp_path / "one.jsonl", vectors=True)
    import_archive(tmp_path / "one.jsonl", tmp_path / "other").close()
    exported(tmp_path / "other", tmp_path / "two.jsonl", vectors=True)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_each_line_is_an_article_that_anyone_can_read(folder, tmp_path):
    head, *articles, last = exported(folder, tmp_path / "file.jsonl")
    assert (head["onrecord_export"], head["encoder"], head["vectors"]) == (1, "hashed-words", False)
    assert [each["id"] for each in articles] == sorted(each["id"] for each in articles)
    assert last["articles"] == len(articles) == 8
    assert "passages" not in articles[0]


def test_vectors_of_another_encoder_are_made_anew(folder, tmp_path):
    records = exported(folder, tmp_path / "file.jsonl", vectors=True)
    records[0]["weights_sha256"] = "0" * 64
    write(tmp_path / "file.jsonl", records)
    encoder = Counting()
    with import_archive(tmp_path / "file.jsonl", tmp_path / "other", model=encoder) as other:
        assert diagnose(other).ok
    assert encoder.encoded > 0


def forged_vector(value):
    return base64.b64encode(bytes.fromhex(value) * 256).decode()


FORGED = [
    (0, "onrecord_export", 2, "form 2, this program knows up to 1"),
    (0, "onrecord_export", "1", "is no export"),
    (0, "encoder", None, "has no 'encoder'"),
    (1, "text", "Other words.", "line 2: the text of 'bridge' has another hash"),
    (1, "id", "zebra", "does not come after 'zebra'"),
    (1, "id", 7, "are not all text"),
    (1, "published", "yesterday", "is not a date"),
    (1, "origin_line", "7", "expected a number"),
    (1, "furniture", [[0, 10**9, "call"]], "out of bounds"),
    (1, "furniture", [[5, 9, "call"], [0, 3, "call"]], "out of bounds or order"),
    (1, "furniture", "call", "a list was expected where str was found"),
    (1, "passages", [[0, 5, "no base64!"]], "not base64"),
    (1, "passages", [[0, 5, "AAAA"]], "has 3 bytes, expected 1024"),
    (1, "passages", [[0, 5, forged_vector("00000000")]], "not of length 1"),
    (1, "passages", [[0, 5, forged_vector("0000c07f")]], "not of length 1"),
    (1, "passages", [[-5, 5, "AAAA"]], "out of bounds"),
]


@pytest.mark.parametrize(("line", "name", "value", "told"), FORGED)
def test_what_was_forged_is_refused_whole(folder, tmp_path, line, name, value, told):
    records = exported(folder, tmp_path / "file.jsonl", vectors=True)
    records[line][name] = value
    write(tmp_path / "file.jsonl", records)
    with pytest.raises(InputError, match=told):
        import_archive(tmp_path / "file.jsonl", tmp_path / "other")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["archive", "file.jsonl"]


@pytest.mark.parametrize("keep", [0, 1, 500, -200, -1_500])
def test_a_file_that_is_cut_off_is_refused(folder, tmp_path, keep):
    exported(folder, tmp_path / "file.jsonl")
    raw = (tmp_path / "file.jsonl").read_bytes()
    (tmp_path / "file.jsonl").write_bytes(raw[:keep])
    with pytest.raises(InputError, match=r"cut off|not JSON|no export"):
        import_archive(tmp_path / "file.jsonl", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_byte_that_was_changed_is_told(folder, tmp_path):
    exported(folder, tmp_path / "file.jsonl")
    file = tmp_path / "file.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"title": "', b'"title": "A', 1))
    with pytest.raises(InputError, match="last line does not agree"):
        import_archive(file, tmp_path / "other")


def test_the_commands(folder, tmp_path, capsys):
    file = tmp_path / "file.jsonl"
    assert main(["export", str(file), "--vectors", "--archive", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"articles": 8, "vectors": True}
    assert main(["import", str(file), "--archive", str(tmp_path / "other")]) == 0
    assert capsys.readouterr().out == f"imported 8 articles to {tmp_path / 'other'}\n"
    assert main(["import", str(file), "--archive", str(tmp_path / "other")]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert main(["import", str(tmp_path / "none"), "--archive", str(tmp_path / "third")]) == 2
    assert "name a file that `export` wrote" in capsys.readouterr().err
    assert main(["export", "/dev/null/file", "--archive", str(folder)]) == 2
    assert "Not a directory" in capsys.readouterr().err


def test_an_export_that_fails_leaves_the_one_before(folder, tmp_path, monkeypatch):
    file = tmp_path / "file.jsonl"
    exported(folder, file)
    before = file.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"), Archive.open(folder) as archive:
        export(archive, file)
    assert file.read_bytes() == before
    assert not list(Path(tmp_path).glob("*.new"))


def test_a_damaged_index_does_not_keep_articles_from_an_export(folder, tmp_path):
    shutil.rmtree(folder / "lexical")
    (folder / "vectors.faiss").write_bytes(b"")
    assert len(exported(folder, tmp_path / "file.jsonl", vectors=True)) == 10


@pytest.mark.slow
def test_another_programs_tables_are_left_alone(folder, postgres, new_address, tmp_path):
    """They are named as ours are, and the second has settings of its own."""
    exported(folder, tmp_path / "file.jsonl")
    for settings in (None, "INSERT INTO {}.settings VALUES ('theme', 'dark')"):
        address = new_address()
        schema = address.rpartition("=")[2]
        postgres.rows(f"CREATE SCHEMA {schema}")
        postgres.rows(f"CREATE TABLE {schema}.articles AS SELECT 7 AS price")
        if settings is not None:
            postgres.rows(f"CREATE TABLE {schema}.settings (name TEXT PRIMARY KEY, value TEXT)")
            postgres.rows(settings.format(schema))
        with pytest.raises(InputError, match="name another by"):
            import_archive(tmp_path / "file.jsonl", address)
        assert postgres.rows(f"SELECT price FROM {schema}.articles") == [(7,)]


def test_a_second_import_to_one_place_is_refused_while_the_first_fills_it(
    folder, new_place, tmp_path, monkeypatch
):
    exported(folder, tmp_path / "file.jsonl", vectors=True)
    place, store, told = new_place(), importing.store_changes, []

    def overtaken(*arguments, **options):
        monkeypatch.setattr(importing, "store_changes", store)
        with pytest.raises(ArchiveLocked, match=r"is being (written|filled) by .* try again") as refused:
            import_archive(tmp_path / "file.jsonl", place)
        told.append(str(refused.value))
        store(*arguments, **options)

    monkeypatch.setattr(importing, "store_changes", overtaken)
    with import_archive(tmp_path / "file.jsonl", place) as other, Archive.open(folder) as archive:
        assert len(told) == 1
        assert stored(other) == stored(archive)
        assert diagnose(other).ok
    with pytest.raises(InputError, match=r"is not empty|holds an archive already"):
        import_archive(tmp_path / "file.jsonl", place)


@pytest.mark.slow
def test_an_empty_archive_on_a_server_stays_whose_first_articles_may_be_on_their_way(
    folder, new_address, tmp_path
):
    exported(folder, tmp_path / "file.jsonl")
    place = new_address()
    with Archive.create(place, model="hashed-words") as archive:
        with pytest.raises(ArchiveThere, match="holds an archive already"):
            import_archive(tmp_path / "file.jsonl", place)
        (tmp_path / "a.txt").write_text("A walrus slept on the pier.")
        assert archive.add(tmp_path / "a.txt").added == ["a.txt"]


@pytest.mark.slow
def test_an_import_to_a_server_is_opened_by_nobody_from_its_first_moment(
    folder, new_address, tmp_path, monkeypatch
):
    exported(folder, tmp_path / "file.jsonl")
    place, create = new_address(), Archive.create

    def created(*arguments, **options):
        archive = create(*arguments, **options)
        with pytest.raises(ArchiveUnfinished, match="python -m qa import"):
            Archive.open(place)
        return archive

    monkeypatch.setattr(Archive, "create", created)
    with import_archive(tmp_path / "file.jsonl", place) as archive:
        assert len(archive) == 8
    with Archive.open(place) as archive:
        assert diagnose(archive).ok
