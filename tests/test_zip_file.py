import io
import json
import warnings
import zipfile
from pathlib import Path

import pytest

from corpus import zip_file
from corpus.article import Article
from corpus.found import Failure, Skipped
from corpus.reading import read_paths


def packed(files, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as container, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in files:
            container.writestr(name, content)
    return file.getvalue()


def read(tmp_path, raw):
    (tmp_path / "a.zip").write_bytes(raw)
    return list(read_paths([tmp_path / "a.zip"]))


def failures(found):
    return {Path(each.path).name: each.reason for each in found if isinstance(each, Failure)}


def test_a_zip_is_read_as_the_folder_it_holds(tmp_path):
    metadata = json.dumps({"file": "b.txt", "id": "b", "source": "Courier"})
    files = [
        *(("sub/b.txt", "B."), ("sub/metadata.jsonl", metadata), ("a.md", "# A\n\nText."), ("c.odt", "no")),
        *(("c.jsonl", '{"_id": "1", "text": "C."}\n{}'), (".hidden.txt", "no"), ("__MACOSX/a.md", "no")),
    ]
    found = read(tmp_path, packed(files))
    articles = {each.id: each for each in found if isinstance(each, Article)}
    assert set(articles) == {"a.zip/a.md", "b", "1"}
    assert articles["b"].source == "Courier"
    assert articles["b"].origin.path == str(tmp_path / "a.zip" / "sub" / "b.txt")
    assert (articles["1"].origin.line, articles["a.zip/a.md"].title) == (1, "A")
    assert [Path(each.path).name for each in found if isinstance(each, Skipped)] == ["c.odt"]
    assert list(failures(found)) == ["c.jsonl:2"]


def test_a_zip_in_a_zip_is_read_and_the_fourth_is_not(tmp_path):
    raw = packed([("a.txt", "A.")])
    for _ in range(2):
        raw = packed([("in.zip", raw)])
    [article] = read(tmp_path, raw)
    assert article.id == "a.zip/in.zip/in.zip/a.txt"
    [failure] = read(tmp_path, packed([("in.zip", raw)]))
    assert "at most 3 are opened" in failure.reason


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "a/../../out.txt"])
def test_a_name_that_leads_out_is_refused_and_nothing_is_written(tmp_path, name):
    found = read(tmp_path, packed([(name, "no"), ("in.txt", "In.")]))
    assert list(failures(found).values()) == ["its name leads out of the ZIP"]
    assert [each.id for each in found if isinstance(each, Article)] == ["a.zip/in.txt"]
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]


def test_a_bomb_is_refused_unread_and_the_rest_is_read(tmp_path):
    found = read(tmp_path, packed([("bomb.txt", b"\0" * 30_000_000), ("in.txt", "In.")]))
    assert "which no honest file does" in failures(found)["bomb.txt"]
    assert [each.id for each in found if isinstance(each, Article)] == ["a.zip/in.txt"]


def test_limits_hold_for_all_members_together(tmp_path, monkeypatch):
    raw = packed([("a.txt", "A." * 10), ("b.txt", "B." * 10)])
    monkeypatch.setattr(zip_file, "MAX_UNPACKED", 30)
    assert "it unpacks to 40 bytes, at most 30" in failures(read(tmp_path, raw))["a.zip"]
    monkeypatch.setattr(zip_file, "MAX_MEMBERS", 1)
    assert "it holds 2 files, at most 1" in failures(read(tmp_path, raw))["a.zip"]


def test_damage_is_told_where_it_is(tmp_path):
    raw = packed([("a.txt", "The ferry sails."), ("b.txt", "B.")], zipfile.ZIP_STORED)
    found = read(tmp_path, raw.replace(b"The ferry", b"The Ferry", 1))
    assert "it can't be unpacked: Bad CRC-32" in failures(found)["a.txt"]
    assert [each.id for each in found if isinstance(each, Article)] == ["a.zip/b.txt"]


@pytest.mark.parametrize("raw", [b"", b"PK", b"PK\x05\x06", b"no zip at all" * 100])
def test_what_is_no_zip_is_refused(tmp_path, raw):
    assert "it is no ZIP that can be read" in failures(read(tmp_path, raw))["a.zip"]


def test_a_name_that_is_there_twice_is_told(tmp_path):
    found = read(tmp_path, packed([("a.txt", "A."), ("a.txt", "B.")]))
    assert failures(found) == {"a.txt": "the ZIP holds two files of this name"}


def test_a_member_without_a_name_is_told_and_the_rest_is_read(tmp_path):
    """Found by `make fuzz`: Python's own look at whether it is a folder breaks on it."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as container:
        container.writestr("b.txt", "Fog came to Vell.")
        container.writestr("x", "Fog went.")
    raw = (tmp_path / "a.zip").read_bytes()
    at = raw.rindex(b"PK\x01\x02") + 28  # where the last name's length stands, then that of what follows it
    (tmp_path / "a.zip").write_bytes(raw[:at] + b"\x00\x00\x01\x00" + raw[at + 4 :])
    one, other = read_paths([tmp_path / "a.zip"])
    assert (one.reason, other.text) == ("it has no name", "Fog came to Vell.")
