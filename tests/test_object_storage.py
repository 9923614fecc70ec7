"""Objects of S3 are read as the files of a folder that holds them, from a server on loopback."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from object_server import served

from corpus.article import Article, Origin
from corpus.errors import InputError
from corpus.found import Failure, Skipped
from corpus.object_storage import read_storage
from corpus.reading import read_paths
from qa.cli import main

pytest.importorskip("pyarrow", reason="pyarrow is missing (requirements-scale.txt)")

KEY, SECRET = "AKIDEXAMPLE1234567", "wJalrXUtnFEMIexampleSECRETkey"


def packed(**files):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as container:
        for name, text in files.items():
            container.writestr(f"{name}.txt", text)
    return raw.getvalue()


FILES = {
    "b.txt": b"Buoy number 1 is red.",
    "a.md": "---\ntitle: Ünter\n---\nThe ferry was läte.".encode(),
    "corpus.jsonl": b"".join(
        json.dumps({"_id": f"j{at}", "text": f"Line {at}."}).encode() + b"\n" for at in range(3)
    ),
    "deep/er/c.txt": b"Deep down.",
    "deep/a.txt": b"Not so deep.",
    "deep/metadata.jsonl": json.dumps({"file": "a.txt", "title": "Told beside", "source": "Gull"}).encode(),
    "empty.txt": b"",
    "letters.zip": packed(one="In a packed file.", two="In it too."),
    "page.html": b"<html><head><title>Tides</title></head><body><article><p>" + b"High tide was at noon. " * 30 + b"</p></article></body></html>",
    "page_files/script.txt": b"A part of a saved page.",
    "picture.png": b"\x89PNG",
    ".hidden.txt": b"Not to be read.",
}  # fmt: skip


@pytest.fixture
def storage(monkeypatch):
    with served({f"press/news/{name}": raw for name, raw in FILES.items()}) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        yield


@pytest.fixture
def folder(tmp_path):
    for name, raw in FILES.items():
        file = tmp_path / "news" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    return tmp_path / "news"


def by_url(item, folder):
    """What was found in the folder, as if it lay in the bucket."""
    url = "s3://press/news"
    if isinstance(item, Article):
        return replace(item, origin=Origin(item.origin.path.replace(str(folder), url), item.origin.line))
    if isinstance(item, Failure):
        return Failure(item.path.replace(str(folder), url), item.reason.replace(str(folder), url))
    return Skipped(item.path.replace(str(folder), url))


def test_a_prefix_is_read_as_a_folder_in_the_same_order(storage, folder):
    found = list(read_storage(["s3://press/news"]))
    assert found == [by_url(item, folder) for item in read_paths([folder])]
    ids = [item.id for item in found if isinstance(item, Article)]
    assert ids == [
        "a.md", "b.txt", "j0", "j1", "j2", "letters.zip/one.txt", "letters.zip/two.txt", "page.html",
        "deep/a.txt", "deep/er/c.txt",
    ]  # fmt: skip
    told = {item.id: item for item in found if isinstance(item, Article)}
    assert told["j1"].origin == Origin("s3://press/news/corpus.jsonl", 2)
    assert told["deep/a.txt"].title == "Told beside"
    assert told["page.html"].title == "Tides"
    assert Failure("s3://press/news/empty.txt", "the file is empty") in found
    assert Skipped("s3://press/news/picture.png") in found


def test_an_object_is_read_as_a_file(storage, folder):
    found = list(read_storage(["s3://press/news/deep/a.txt", "s3://press/news/b.txt"], prefix="p"))
    assert found == [
        by_url(item, folder) for item in read_paths([folder / "deep" / "a.txt", folder / "b.txt"], prefix="p")
    ]
    assert [(item.id, item.title) for item in found] == [("p/a.txt", "Told beside"), ("p/b.txt", None)]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("s3://press/nothing", "no object is there"),
        ("s3://nobody", "no object is there|can't be read"),
        ("s3://", "is s3://BUCKET/PREFIX"),
        ("s3://press/news?versionId=3", "is s3://BUCKET/PREFIX"),
        (f"s3://{KEY}:hunter2@press/news", "come from the environment"),
    ],
)
def test_what_cannot_be_read_is_told_first(storage, address, told):
    with pytest.raises(InputError, match=told) as error:
        read_storage(["s3://press/news", address])
    assert "hunter2" not in str(error.value)


def test_an_object_that_is_denied_fails_alone_and_tells_no_secret(monkeypatch):
    objects = {"press/a.txt": b"Buoy number 1 is red.", "press/b.txt": b"Buoy number 2 is green."}
    with served(objects, denied={"press/b.txt"}) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        article, failure = read_storage(["s3://press"])
    assert article.id == "a.txt"
    assert failure.path == "s3://press/b.txt"
    assert failure.reason.startswith("it can't be read: ")
    assert "ACCESS_DENIED" in failure.reason
    assert KEY not in failure.reason
    assert SECRET not in failure.reason


def test_an_object_that_grows_after_it_was_listed_is_not_cut_off(monkeypatch):
    objects = {"press/a.txt": b"Buoy number 1 is red.", "press/b.txt": b"Buoy number 2 is green."}
    with served(objects) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        found = read_storage(["s3://press"])  # listed
        objects["press/a.txt"] = b"Buoy number 1 is black.\n" * 170_000  # 4.08 MB; fetched whole up to 4 MB
        objects["press/b.txt"] = b"Buoy number 2 is white."
        failure, article = found
    assert failure == Failure(
        "s3://press/a.txt", "it can't be read: it changed while it was read; add it again"
    )
    assert article.text == "Buoy number 2 is white."


def test_nobody_there_is_told_in_bounded_time(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with pytest.raises(InputError, match="s3://press/news: it can't be read") as error:
        read_storage(["s3://press/news"])
    assert SECRET not in str(error.value)


def test_add_takes_a_bucket_and_adds_nothing_twice(storage, tmp_path, capsys):
    options = ["--archive", str(tmp_path / "archive"), "--model", "hashed-words", "--json"]
    assert main(["add", "s3://press/news/", *options]) == 1, "one object is empty"
    first = json.loads(capsys.readouterr().out)
    assert len(first["added"]) == 10
    assert [each["path"] for each in first["failed"]] == ["s3://press/news/empty.txt"]
    assert main(["add", "s3://press/news", *options]) == 1
    assert len(json.loads(capsys.readouterr().out)["unchanged"]) == 10
    assert main(["add", "s3://press/nothing", "--archive", str(tmp_path / "other")]) == 2
    assert "no object is there" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()
