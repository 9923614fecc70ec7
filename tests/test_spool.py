"""Vectors on disk between encoding and commit: taken again after a stop, dropped when committed."""

import errno
import fcntl
import multiprocessing
import os
import shutil
import time

import numpy as np
import pytest

from corpus.errors import InputError
from embeddings.hashed_words import HashedWordsEncoder
from qa.spool import Shelf, Spool

TEXTS = ["The ferry sails.", "The buoy is red.", "Ünïcödé \ud800 too."]


@pytest.fixture
def shelf(tmp_path):
    return Shelf.of(tmp_path / "encoded", HashedWordsEncoder())


def vectors_of(count, dimension=4):
    return np.arange(count * dimension, dtype=np.float32).reshape(count, dimension)


def files(shelf):
    return sorted(file.name for file in shelf.folder.glob("*.npz"))


def test_what_was_put_is_taken_by_a_later_run(shelf):
    Spool.open(shelf).put(TEXTS, vectors_of(3))
    taken = Spool.open(shelf).take([*TEXTS[1:], "Never seen."])
    assert list(taken) == TEXTS[1:]
    assert taken[TEXTS[1]].tolist() == [4, 5, 6, 7]
    assert taken[TEXTS[2]].tolist() == [8, 9, 10, 11]


def test_another_encoder_finds_nothing(shelf):
    class Other(HashedWordsEncoder):
        weights_sha256 = "0" * 64

    Spool.open(shelf).put(TEXTS, vectors_of(3))
    assert Spool.open(Shelf.of(shelf.folder, Other())).take(TEXTS) == {}
    assert Shelf.of(shelf.folder, HashedWordsEncoder()) == shelf, "the folder keeps its mark"


def test_a_file_goes_with_the_last_of_its_vectors(shelf):
    spool = Spool.open(shelf)
    spool.put(TEXTS[:2], vectors_of(2))
    spool.put(TEXTS[2:], vectors_of(1))
    spool.drop(TEXTS[:1])
    assert len(files(shelf)) == 2, "half of a file is not committed"
    spool.drop(TEXTS[1:2])
    assert len(files(shelf)) == 1
    assert spool.take(TEXTS[:2]) == {}
    spool.close()
    assert shelf.folder.is_dir(), "something is left in it"
    spool = Spool.open(shelf)
    spool.drop(TEXTS[2:])
    spool.close()
    assert not shelf.folder.exists()


def test_the_same_texts_in_another_block_replace_the_first(shelf):
    spool = Spool.open(shelf)
    spool.put(TEXTS[:2], vectors_of(2))
    spool.put(TEXTS[:1], vectors_of(1) + 1)
    assert spool.take(TEXTS)[TEXTS[0]].tolist() == [1, 2, 3, 4]
    spool.drop(TEXTS[:2])
    assert files(shelf) == []


@pytest.mark.parametrize("damage", ["cut", "flipped", "nonsense", "empty"])
def test_damaged_files_are_encoded_anew(shelf, damage):
    Spool.open(shelf).put(TEXTS, vectors_of(3))
    file = next(shelf.folder.glob("*.npz"))
    raw = bytearray(file.read_bytes())
    if damage == "cut":
        raw = raw[: len(raw) // 2]
    elif damage == "flipped":
        at = raw.index(vectors_of(3).tobytes())
        raw[at] ^= 1
    else:
        raw = bytearray(b"nonsense" if damage == "nonsense" else b"")
    file.write_bytes(raw)
    spool = Spool.open(shelf)
    assert spool.take(TEXTS) == {}
    assert files(shelf) == []
    spool.put(TEXTS, vectors_of(3))
    assert len(spool.take(TEXTS)) == 3


@pytest.mark.parametrize("dimension", [4, 2_000], ids=["all of a small file", "the head of a large one"])
def test_a_bit_that_is_flipped_anywhere_harms_nothing(shelf, dimension):
    vectors = vectors_of(3, dimension)
    file = shelf.put(TEXTS, vectors)
    whole = file.read_bytes()
    head = (
        range(len(whole)) if dimension == 4 else range(whole.index(b"vectors.npy"), whole.index(b"}") + 300)
    )
    flips = [(at, bit) for at in head for bit in range(8)]
    for at, bit in flips:
        raw = bytearray(whole)
        raw[at] ^= 1 << bit
        file.write_bytes(raw)
        spool = Spool.open(shelf)
        for text, vector in spool.take(TEXTS).items():
            assert vector.tobytes() == vectors[TEXTS.index(text)].tobytes(), (at, bit)
        assert set(spool.take(TEXTS)) == (set(TEXTS) if file.exists() else set()), (at, bit)


def test_pickles_are_not_opened(shelf):
    np.savez(shelf.folder / "evil.npz", keys=np.array([object()]), vectors=vectors_of(1))
    Spool.open(shelf)
    assert files(shelf) == []


def test_it_stays_within_its_bytes(shelf):
    first = Spool.open(shelf)
    first.put(TEXTS[:1], vectors_of(1))
    size = next(shelf.folder.glob("*.npz")).stat().st_size
    time.sleep(0.02)
    first.put(TEXTS[1:2], vectors_of(1))
    first.close()
    second = Spool.open(shelf, most_bytes=2 * size)
    second.put(TEXTS[2:], vectors_of(1))
    assert set(second.take(TEXTS)) == set(TEXTS[1:]), "the oldest of another run made way"
    second.put(["a fourth"], vectors_of(1))
    assert set(second.take([*TEXTS, "a fourth"])) == {TEXTS[2], "a fourth"}
    second.put(["a fifth"], vectors_of(1))
    assert second.take(["a fifth"]) == {}, "what this run has not committed stays"
    assert not second.has_room


def test_a_folder_is_known_by_its_mark(shelf, tmp_path):
    assert shelf.is_seen()
    other = Shelf(tmp_path / "encoded-2", shelf.encoder, shelf.mark)
    assert not other.is_seen()
    shutil.copytree(shelf.folder, other.folder)
    assert other.is_seen()
    assert not Shelf(shelf.folder, shelf.encoder, "another").is_seen()


def test_files_that_were_never_finished_are_removed_in_time(shelf):
    for name, age in (("a.1.new", 7_200), ("b.2.new", 60)):
        file = shelf.folder / name
        file.write_bytes(b"half")
        os.utime(file, (time.time() - age,) * 2)
    Spool.open(shelf)
    assert [file.name for file in shelf.folder.glob("*.new")] == ["b.2.new"]


def test_what_others_remove_meanwhile_is_not_there(shelf):
    Spool.open(shelf).put(TEXTS[:1], vectors_of(1))
    for name in ("removed.npz", "renamed.new"):
        (shelf.folder / name).symlink_to("nothing")  # listed, and not found
    spool = Spool.open(shelf)
    assert list(spool.take(TEXTS)) == TEXTS[:1]
    next(file for file in shelf.folder.glob("*.npz") if file.is_file()).unlink()
    assert spool.take(TEXTS) == {}


def test_what_another_run_is_at_makes_no_way(shelf):
    first = Spool.open(shelf)
    first.put(TEXTS[:1], vectors_of(1))
    size = next(shelf.folder.glob("*.npz")).stat().st_size
    second = Spool.open(shelf, most_bytes=size)
    assert not second.has_room
    second.put(TEXTS[1:], vectors_of(2))
    assert list(first.take(TEXTS)) == list(second.take(TEXTS)) == TEXTS[:1]
    first.close()  # with its work undone
    assert second.has_room
    assert files(shelf) == []


def test_the_last_to_use_a_folder_removes_it(shelf):
    first, second = Spool.open(shelf), Spool.open(shelf)
    first.close()
    assert shelf.is_seen()
    second.put(TEXTS, vectors_of(3))
    third = Spool.open(shelf)
    second.drop(TEXTS)
    second.close()
    assert shelf.is_seen()
    third.close()
    assert not shelf.folder.exists(), "what it found there is gone"
    fourth = Spool.open(shelf)
    assert fourth.shelf.is_seen(), "made anew"
    assert not shelf.is_seen()


def test_a_folder_that_is_kept_is_let_go_of(shelf):
    Spool.open(shelf).close(keeps_folder=True)
    assert shelf.is_seen()
    Spool.open(shelf).close()
    assert not shelf.folder.exists()


def test_without_locks_nobody_is_known_to_be_alone(shelf, monkeypatch):
    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    Spool.open(shelf).put(TEXTS, vectors_of(3))
    monkeypatch.setattr(fcntl, "flock", none)
    spool = Spool.open(shelf, most_bytes=1)
    assert not spool.has_room
    assert list(spool.take(TEXTS)) == TEXTS
    spool.drop(TEXTS)
    spool.close()
    assert shelf.is_seen()


def _runs(folder, number, rounds):
    """What a run of several does, over and over; ends with 0 where nothing fails."""
    texts = [f"{number} {at}" for at in range(8)]
    for _ in range(rounds):
        spool = Spool.open(Shelf.of(folder, HashedWordsEncoder()))
        for text in texts:
            spool.shelf.put([text], vectors_of(1))
            spool.was_put(spool.shelf.put([text], vectors_of(1)), [text])
        assert set(spool.take(texts)) == set(texts)
        assert spool.shelf.is_seen()
        spool.drop(texts)
        spool.close()


def test_runs_that_share_a_folder_do_not_harm_each_other(tmp_path):
    fresh = multiprocessing.get_context("spawn")
    runs = [fresh.Process(target=_runs, args=(tmp_path / "encoded", number, 20)) for number in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(120)
    assert [run.exitcode for run in runs] == [0, 0, 0]
    assert not (tmp_path / "encoded").exists()


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="--spool DIR"):
        Shelf.of(tmp_path / "file" / "encoded", HashedWordsEncoder())
