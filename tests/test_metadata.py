import json
from pathlib import Path

import pytest

from corpus.article import Facts
from corpus.metadata import read_metadata


@pytest.fixture
def read(tmp_path):
    def from_lines(*lines):
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        (tmp_path / "metadata.jsonl").write_text(text)
        return read_metadata(tmp_path)

    return from_lines


def reasons(metadata):
    return [(wrong.origin.line, wrong.reason) for wrong in metadata.wrong]


def test_no_file_is_no_facts(tmp_path):
    metadata = read_metadata(tmp_path)
    assert (metadata.facts, metadata.wrong) == ({}, [])
    assert metadata.path == tmp_path / "metadata.jsonl"


def test_facts_are_by_file_and_lines_are_kept(read, tmp_path):
    metadata = read({"file": "a.txt", "id": "1"}, "", {"file": "sub/b.txt", "published": "2012-02"})
    a, b = tmp_path / "a.txt", tmp_path / "sub" / "b.txt"
    assert metadata.facts == {a: Facts(id="1"), b: Facts(published="2012-02")}
    assert metadata.lines == {a: 1, b: 3}
    assert metadata.wrong == []


def test_a_path_may_be_written_with_a_dot(read, tmp_path):
    assert list(read({"file": "./a.txt"}).facts) == [tmp_path / "a.txt"]


@pytest.mark.parametrize("file", ["/etc/passwd", "../a.txt", "sub/../../a.txt", "a\0.txt"])
def test_a_file_outside_the_folder_is_refused(read, file):
    metadata = read({"file": file})
    assert metadata.facts == {}
    assert reasons(metadata) == [(1, f"'file' is {file!r}, which is outside this folder")]


@pytest.mark.parametrize("record", [{}, {"file": None}, {"file": " "}, {"file": 7}])
def test_a_line_that_names_no_file_is_told(read, record):
    assert reasons(read(record)) == [(1, "'file' is missing; name the file the facts are of")]


def test_a_line_that_is_not_json_is_told_and_the_others_are_read(read, tmp_path):
    metadata = read({"file": "a.txt"}, "{", {"file": "b.txt"})
    assert set(metadata.facts) == {tmp_path / "a.txt", tmp_path / "b.txt"}
    [(line, reason)] = reasons(metadata)
    assert line == 2
    assert "not JSON" in reason


def test_a_file_named_twice_keeps_its_first_facts(read, tmp_path):
    metadata = read({"file": "a.txt", "id": "1"}, {"file": "a.txt", "id": "2"})
    assert metadata.facts == {tmp_path / "a.txt": Facts(id="1")}
    assert reasons(metadata) == [(2, "it names 'a.txt', as line 1 does")]


def test_a_wrong_fact_puts_only_its_own_file_in_doubt(read, tmp_path):
    metadata = read({"file": "a.txt", "published": "last week"}, {"file": "b.txt"})
    [wrong] = metadata.wrong
    assert metadata.doubt(tmp_path / "a.txt") == wrong
    assert metadata.doubt(tmp_path / "b.txt") is None
    assert metadata.doubt(tmp_path / "c.txt") is None


def test_a_line_that_cannot_be_read_puts_the_folders_other_files_in_doubt(read, tmp_path):
    metadata = read("{", {"file": "b.txt"})
    [wrong] = metadata.wrong
    assert metadata.doubt(tmp_path / "a.txt") == wrong
    assert metadata.doubt(tmp_path / "b.txt") is None
    assert metadata.doubt(tmp_path / "sub" / "a.txt") is None


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file whose reading fails")
def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "metadata.jsonl").symlink_to("/proc/self/mem")
    [(line, reason)] = reasons(read_metadata(tmp_path))
    assert line is None
    assert reason.startswith("it can't be read: ")
