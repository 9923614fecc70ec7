"""The sample archive: made on the first run, whole or not at all, for the user's own to replace."""

import pytest

from corpus.errors import ArchiveError, ArchiveMissing
from qa import Archive
from qa.sample import ARTICLES, DEFAULT, build_sample, named_address, open_archive, sample_ids


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_ARCHIVE", raising=False)


def test_the_default_is_built_from_the_briefs_once(tmp_path):
    told = []
    with open_archive(None, model="hashed-words", progress=told.append) as archive:
        assert archive.path == DEFAULT
        assert len(archive) == len(list(ARTICLES.glob("*.md"))) == 5
        assert sample_ids(archive) == [each.id for each in archive.articles()]
        assert archive.generation == 1
    assert sum(told) >= 5
    with open_archive(None) as archive:
        assert archive.generation == 1
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["archive"]


def test_briefs_are_labelled_as_ours():
    with open_archive(None, model="hashed-words") as archive:
        for each in archive.articles():
            assert each.source.startswith("Onrecord brief")


def test_one_that_was_named_is_not_made(monkeypatch, tmp_path):
    with pytest.raises(ArchiveMissing):
        open_archive("nowhere")
    monkeypatch.setenv("QA_ARCHIVE", str(tmp_path / "also-nowhere"))
    with pytest.raises(ArchiveMissing):
        open_archive(None)
    assert list(tmp_path.iterdir()) == []


def test_the_environment_names_one(monkeypatch, tmp_path):
    Archive.create(tmp_path / "mine", model="hashed-words").close()
    monkeypatch.setenv("QA_ARCHIVE", str(tmp_path / "mine"))
    assert named_address(None).truth == tmp_path / "mine"
    with open_archive(None) as archive:
        assert (archive.path, len(archive)) == (tmp_path / "mine", 0)
    monkeypatch.setenv("QA_ARCHIVE", "")
    assert named_address(None).truth == DEFAULT


def test_a_build_that_is_stopped_leaves_nothing(monkeypatch, tmp_path):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Archive, "add", stopped)
    with pytest.raises(KeyboardInterrupt):
        build_sample(DEFAULT, model="hashed-words")
    assert list((tmp_path / "var").iterdir()) == []


def test_another_process_may_be_first(monkeypatch, tmp_path):
    add = Archive.add

    def overtaken(archive, *args, **options):
        monkeypatch.setattr(Archive, "add", add)
        build_sample(tmp_path / "other", model="hashed-words")
        (tmp_path / "other").rename(DEFAULT)
        return add(archive, *args, **options)

    monkeypatch.setattr(Archive, "add", overtaken)
    with open_archive(None, model="hashed-words") as archive:
        assert len(archive) == 5
    assert [file.name for file in DEFAULT.parent.iterdir()] == ["archive"]


def test_a_folder_in_the_way_is_told_and_left_alone(tmp_path):
    (tmp_path / "var" / "archive").mkdir(parents=True)
    mine = tmp_path / "var" / "archive" / "mine.txt"
    mine.write_text("mine")
    with pytest.raises(
        ArchiveError, match="var/archive holds something that is no archive and is in the way"
    ):
        open_archive(None, model="hashed-words")
    assert mine.read_text() == "mine"


def test_articles_of_the_users_are_no_briefs(tmp_path):
    (tmp_path / "mine.txt").write_text("The quay was painted green.")
    with open_archive(None, model="hashed-words") as archive:
        archive.add(tmp_path / "mine.txt")
        assert "mine.txt" not in sample_ids(archive)
        assert len(sample_ids(archive)) == 5
