import os

from corpus.changes import Change, Watch


def test_new_changed_and_deleted_files_are_told_once(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "old.txt").write_text("Old.")
    watch = Watch(tmp_path)
    assert not watch.look()
    new, old = tmp_path / "new.txt", tmp_path / "sub" / "old.txt"
    new.write_text("New.")
    old.write_text("Older.")
    (tmp_path / ".hidden").write_text("no")
    assert not watch.look(), "it may still be written to"
    assert watch.look() == Change(frozenset({new, old}))
    assert not watch.look()
    old.unlink()
    assert watch.look() == Change(gone=frozenset({old}))
    assert not watch.look()


def test_a_file_that_grows_counts_once_it_rests(tmp_path):
    watch = Watch(tmp_path)
    for size in range(3):
        (tmp_path / "a.txt").write_text("A" * (size + 1))
        assert not watch.look()
    assert watch.look().written == {tmp_path / "a.txt"}


def test_a_file_put_in_the_place_of_another_counts(tmp_path):
    (tmp_path / "a.txt").write_text("A.")
    told = (tmp_path / "a.txt").stat()
    watch = Watch(tmp_path)
    (tmp_path / "b").write_text("B.")
    os.utime(tmp_path / "b", ns=(told.st_atime_ns, told.st_mtime_ns))
    (tmp_path / "b").replace(tmp_path / "a.txt")
    watch.look()
    assert watch.look().written == {tmp_path / "a.txt"}
