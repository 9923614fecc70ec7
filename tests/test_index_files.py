"""The indexes' files: whatever happens to them, searches stay right and the files are mended."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ArchiveError
from embeddings.faiss_index import FaissIndex
from qa import Archive, Retriever, index_files
from qa.lexical import LexicalIndex

VELL = Path(__file__).parent / "data" / "vell"
QUESTION = "Who cut the ribbon in the harbour of Vell?"


@pytest.fixture(scope="module")
def expected(made):
    return answers(made)


def answers(folder):
    """What each of the three searches says."""
    with Retriever.open(folder) as retriever:
        return {
            mode: [(hit.article_id, hit.start, hit.score) for hit in retriever.search(QUESTION, 5, mode=mode)]
            for mode in ("hybrid", "dense", "bm25")
        }


def state(folder):
    """The bytes of every file of the indexes but tantivy's lock files."""
    files = [folder / index_files.VECTORS, folder / index_files.VECTORS_MANIFEST]
    files += [file for file in (folder / index_files.LEXICAL).rglob("*") if file.is_file()]
    return {file.relative_to(folder): file.read_bytes() for file in files if not file.name.endswith(".lock")}


def lacking(folder):
    with Archive.open(folder) as archive:
        return archive.on_disk().lacking


def files_of_the_indexes():
    return [
        "vectors.faiss", "vectors.json", "lexical/g1/manifest.json", "lexical/g1/meta.json",
        "lexical/g1/*.idx", "lexical/g1/*.term", "lexical/g1/*.fieldnorm", "lexical/g1/*.fast", "lexical/g1/*.store",
    ]  # fmt: skip


def one(folder, pattern):
    (file,) = folder.glob(pattern)
    return file


def unlink(file):
    file.unlink()


def empty(file):
    file.write_bytes(b"")


def truncate(file):
    file.write_bytes(file.read_bytes()[:-7])


def flip_a_bit(file):
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


@pytest.mark.parametrize("pattern", files_of_the_indexes())
@pytest.mark.parametrize("spoil", [unlink, empty, truncate, flip_a_bit])
def test_a_spoilt_file_is_noticed_searches_are_right_and_it_is_mended(folder, expected, pattern, spoil):
    spoil(one(folder, pattern))
    assert lacking(folder) == ["vectors.faiss" if pattern.startswith("vectors") else "lexical"]
    assert answers(folder) == expected
    assert lacking(folder) == []
    assert not list(folder.rglob("*.new"))


@pytest.mark.parametrize("at", range(0, 100, 7))
def test_no_bit_of_a_manifest_can_flip_unnoticed(folder, expected, at):
    """Harmless flips, such as in the manifest's white space or its counts, may leave the file in use."""
    for file in (folder / "vectors.json", one(folder, "lexical/g1/manifest.json")):
        raw = bytearray(file.read_bytes())
        raw[at % len(raw)] ^= 4
        file.write_bytes(raw)
    assert answers(folder) == expected


def test_missing_altogether(folder, expected):
    for name in ("vectors.faiss", "vectors.json"):
        (folder / name).unlink()
    shutil.rmtree(folder / "lexical")
    assert lacking(folder) == ["vectors.faiss", "lexical"]
    assert answers(folder) == expected
    assert lacking(folder) == []


@pytest.mark.parametrize("name", ["lexical", "lexical/g1", "vectors.faiss"])
def test_something_else_of_that_name_is_in_the_way(folder, expected, name):
    place = folder / name
    if place.is_dir():
        shutil.rmtree(place)
        place.write_text("in the way")
    else:
        place.unlink()
        place.mkdir()
    assert answers(folder) == expected


def test_a_crash_between_commit_and_writing_them(folder, monkeypatch):
    """The files are then of the generation before."""

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, Archive.open(folder) as archive:
        patch.setattr(index_files, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            archive.remove(["flood"])
    assert lacking(folder) == ["vectors.faiss", "lexical"]
    with Retriever.open(folder) as retriever:
        found = retriever.search("flood in the lower town", 50)
        assert {hit.article_id for hit in found} == {
            "bridge", "census.txt", "harbour", "letter-1", "letter-2", "lighthouse", "strike",
        }  # fmt: skip
    assert lacking(folder) == []


def test_files_of_another_generation_are_not_read(folder, expected, tmp_path):
    older = shutil.copytree(folder, tmp_path / "older")
    with Archive.open(folder) as archive:
        archive.remove(["harbour"])
    shutil.rmtree(folder / "lexical")
    shutil.copytree(older / "lexical", folder / "lexical")
    for name in ("vectors.faiss", "vectors.json"):
        shutil.copy(older / name, folder / name)
    assert lacking(folder) == ["vectors.faiss", "lexical"]
    assert "harbour" not in [id for id, _, _ in answers(folder)["hybrid"]]


def test_the_manifest_tells_generation_count_and_hashes(folder):
    import hashlib

    manifest = json.loads((folder / "vectors.json").read_bytes())
    sha256 = hashlib.sha256((folder / "vectors.faiss").read_bytes()).hexdigest()
    with Archive.open(folder) as archive, archive.reading() as connection:
        (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    made = {"generation": 1, "vectors": passages, "last": passages, "commit": None}  # which only servers name
    assert manifest == {**made, "sha256": sha256}
    manifest = json.loads(one(folder, "lexical/g1/manifest.json").read_bytes())
    assert (manifest["generation"], manifest["passages"]) == (1, passages)
    assert manifest["sha256"] == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (folder / "lexical" / "g1").iterdir()
        if file.name != "manifest.json" and not file.name.endswith(".lock")
    }


def test_only_the_newest_generation_is_kept(folder):
    with Archive.open(folder) as archive:
        archive.remove(["flood"])
        archive.remove(["strike"])
    assert [each.name for each in (folder / "lexical").iterdir()] == ["g3"]


def test_a_search_with_whole_files_writes_nothing(folder):
    before = state(folder)
    answers(folder)
    assert state(folder) == before


def test_nothing_is_written_while_another_writes_and_searches_are_right(folder, expected):
    shutil.rmtree(folder / "lexical")
    with Archive.open(folder) as other, other.writing("add"):
        assert answers(folder) == expected
        assert not (folder / "lexical").exists()
    assert answers(folder) == expected
    assert lacking(folder) == []


def test_a_folder_that_a_writer_removes_while_it_is_read_is_made_in_memory(folder, expected, monkeypatch):
    """Another process finishes a commit between our look at the manifest and at the files."""
    sha256 = index_files.sha256_of

    def removed_meanwhile(path):
        if path.parent.name.startswith("g"):
            shutil.rmtree(path.parent, ignore_errors=True)
        return sha256(path)

    monkeypatch.setattr(index_files, "sha256_of", removed_meanwhile)
    with Archive.open(folder) as archive:
        assert archive.on_disk().lacking == ["lexical"]


def test_vectors_that_a_writer_replaces_while_they_are_read_are_not_taken(folder, monkeypatch):
    load = FaissIndex.load

    def replaced_meanwhile(path):
        shutil.copy(path, path.with_suffix(".other"))
        os.replace(path.with_suffix(".other"), path)
        return load(path)

    monkeypatch.setattr(FaissIndex, "load", replaced_meanwhile)
    with Archive.open(folder) as archive:
        assert archive.on_disk().lacking == ["vectors.faiss"]


def test_files_of_a_library_that_this_one_cannot_read_are_made_anew(folder, expected, monkeypatch):
    def cannot(*_):
        raise RuntimeError("Index type 0x12345 not recognized")

    def neither(*_):
        raise ValueError("Index version mismatch")

    with monkeypatch.context() as patch:
        patch.setattr(FaissIndex, "load", cannot)
        patch.setattr(LexicalIndex, "open", neither)
        assert lacking(folder) == ["vectors.faiss", "lexical"]
        assert answers(folder) == expected


def test_an_index_that_disagrees_in_number_with_the_database_is_not_used(folder):
    """As when the database was put back from a copy of the same generation."""
    with Archive.open(folder) as archive, archive.writing("test") as connection:
        connection.execute("DELETE FROM articles WHERE id = 'harbour'")
    for mode, found in answers(folder).items():
        assert "harbour" not in [id for id, _, _ in found], mode


def test_an_index_that_lacks_passages_is_not_used(folder, expected):
    with Archive.open(folder) as archive:
        rows = archive.snapshot().columns.row
        few = FaissIndex.from_factory("Flat", np.full((1, 256), 1 / 16, dtype=np.float32), rows[-1:])
        with archive.reading() as connection:
            index_files._write_vectors(connection, folder, few)
    assert answers(folder) == expected
    with Archive.open(folder) as archive:
        place = one(folder, "lexical/g1")
        shutil.rmtree(place)
        place.mkdir()
        LexicalIndex.build([], ["english", "russian"], place)
        files = {file.name: index_files.sha256_of(file) for file in index_files._index_files(place)}
        (place / "manifest.json").write_text(json.dumps({"generation": 1, "sha256": files}))
        assert archive.on_disk().lacking == []
    assert answers(folder) == expected


def test_a_commit_between_opening_the_files_and_reading_the_database_is_noticed(folder, monkeypatch):
    """The files are then those of the generation before, whole and of no use."""
    with Archive.open(folder) as archive, Archive.open(folder) as other:
        opened = archive.on_disk

        def overtaken():
            ready = opened()
            if other.generation == 1:
                other.remove("harbour")
                other.add(VELL / "harbour.md")
            return ready

        monkeypatch.setattr(archive, "on_disk", overtaken)
        snapshot = archive.snapshot()
        assert snapshot.generation == 3
        assert (
            snapshot.derived.vectors.ids()
            == snapshot.derived.lexical.rows()
            == set(snapshot.columns.row.tolist())
        )


def test_rows_that_the_database_does_not_hold_are_dropped(folder):
    """As many vectors as passages, but of other rows: nothing found there may be shown or crash."""
    with Archive.open(folder) as archive, archive.writing("test") as connection:
        connection.execute(
            "UPDATE passages SET row = row + 1000 WHERE article = (SELECT row FROM articles WHERE id = 'harbour')"
        )
    for mode, found in answers(folder).items():
        assert "harbour" not in [id for id, _, _ in found], mode


def test_an_index_that_cannot_be_written_is_no_trouble_but_optimize_says_so(folder, expected, monkeypatch):
    def full(_, path):
        path.write_bytes(b"half an index")
        raise RuntimeError("write error in x: 1 != 2 (No space left on device)")

    monkeypatch.setattr(FaissIndex, "save", full)
    with Archive.open(folder) as archive:
        with pytest.raises(
            ArchiveError, match=r"can't be written \(No space left on device\); free some space"
        ):
            archive.optimize()
        archive.remove(["flood"])
        assert archive.on_disk().lacking == ["vectors.faiss", "lexical"]
        report = archive.add(VELL)
        assert report.added == ["flood"]
    assert answers(folder) == expected
    assert not list(folder.rglob("*.new"))


def test_a_fault_of_tantivy_that_is_no_io_error_is_not_hidden(folder, monkeypatch):
    def wrong(*_):
        raise ValueError("Schema error: no such field")

    monkeypatch.setattr(LexicalIndex, "build", wrong)
    with Archive.open(folder) as archive, pytest.raises(ValueError, match="no such field"):
        archive.optimize()


@pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="counts open files in /proc, which is not here"
)
def test_no_file_stays_open(folder):
    def opened():
        return len(list(Path("/proc/self/fd").iterdir()))

    answers(folder)
    before = opened()
    for _ in range(5):
        answers(folder)
    assert opened() <= before
