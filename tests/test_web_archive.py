"""WARC files: which records are pages, and what can't be read."""

import gzip

import pytest

from corpus.article import Article
from corpus.errors import InputError
from corpus.formats import web_archive
from corpus.found import Failure
from corpus.reading import read_paths

TEXT = "The ferry between Vell and Sorn sails again on Monday, the harbour office of Vell said on Thursday."
HTML = "text/html; charset=utf-8"


def page(text):
    return f"<html lang=en><title>Ferry</title><body><article><p>{text}</p></article></body></html>".encode()


def packed(*records, pack=gzip.compress):
    """A WARC of records: address, day, status, content type, body."""
    parts = []
    for address, day, status, kind, body in records:
        block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: {day}T10:00:00Z\r\n"
            f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        parts.append(pack(head.encode() + block + b"\r\n\r\n"))
    return b"".join(parts)


ONE = ("https://a.example/1", "2020-05-01", "200 OK", HTML, page(TEXT))


@pytest.mark.parametrize(
    ("pack", "name"), [(gzip.compress, "a.warc.gz"), (gzip.compress, "B.WARC.GZ"), (bytes, "a.warc")]
)
def test_a_page_has_its_address_and_not_the_day_it_was_saved_for_its_date(tmp_path, pack, name):
    (tmp_path / name).write_bytes(packed(ONE, pack=pack))
    [article] = read_paths([tmp_path])
    assert (article.id, article.url, article.published) == (ONE[0], ONE[0], None)
    assert (article.title, article.text, article.origin.line) == ("Ferry", TEXT, 1)


def test_only_pages_that_were_answered_are_articles():
    others = [
        ("https://a.example/2", "2020-05-01", "404 Not Found", HTML, page(TEXT)),
        ("https://a.example/3", "2020-05-01", "200 OK", "image/png", b"\x89PNG"),
        ("dns:a.example", "2020-05-01", "200 OK", HTML, page(TEXT)),
    ]
    [(facts, _)] = web_archive.read(packed(*others, ONE))
    assert facts.id == ONE[0]
    with pytest.raises(InputError, match="no HTML page that was answered with 200"):
        web_archive.read(packed(*others))


def test_a_page_saved_again_is_another_article_only_where_it_changed():
    again = (ONE[0], "2020-05-02", *ONE[2:])
    changed = (ONE[0], "2020-05-03", *ONE[2:4], page(f"{TEXT} It is full."))
    found = web_archive.read(packed(ONE, again, changed))
    assert [facts.id for facts, _ in found] == [ONE[0], f"{ONE[0]} 2020-05-03T10:00:00Z"]


def test_letters_are_those_that_the_server_or_the_page_names():
    words = "Паром снова пойдёт в понедельник."
    served = (
        "https://a.example/1",
        "2020-05-01",
        "200 OK",
        "text/html; charset=windows-1251",
        words.encode("cp1251"),
    )
    said = ("https://a.example/2", "2020-05-01", "200 OK", "text/html",
            b'<meta charset="windows-1251">' + words.encode("cp1251"))  # fmt: skip
    assert all(words in markup for _, markup in web_archive.read(packed(served, said)))


def test_what_is_damaged_ends_the_file_and_keeps_what_came_before(tmp_path):
    whole = packed(ONE, ("https://a.example/2", *ONE[1:]))
    (tmp_path / "a.warc.gz").write_bytes(whole[: len(packed(ONE)) + 20] + b"\xff" * 40)
    found = list(read_paths([tmp_path]))
    assert [type(each) for each in found][:1] == [Article]


@pytest.mark.parametrize(
    "raw", [b"no web archive", b"\x1f\x8b\x08\x00garbage", b"WARC/1.0\r\nContent-Length: x"]
)
def test_what_is_no_web_archive_is_told(tmp_path, raw):
    (tmp_path / "a.warc").write_bytes(raw)
    [failure] = read_paths([tmp_path])
    assert isinstance(failure, Failure)
    assert "WARC" in failure.reason or "no HTML page" in failure.reason


def test_pages_have_limits(monkeypatch):
    monkeypatch.setattr(web_archive, "MAX_PAGE", 50)
    [told] = web_archive.read(packed(ONE))
    assert "has more than 50 bytes" in str(told)
    monkeypatch.undo()
    for limit in ("MAX_PAGES", "MAX_UNPACKED"):
        with monkeypatch.context() as patched:
            patched.setattr(web_archive, limit, 50)
            with pytest.raises(InputError, match="more than 50"):
                web_archive.read(packed(ONE))


def test_a_page_without_an_article_is_named_by_its_address(tmp_path):
    (tmp_path / "a.warc").write_bytes(packed((*ONE[:4], b"<html><body></body></html>"), pack=bytes))
    [failure] = read_paths([tmp_path])
    assert failure.reason.startswith("https://a.example/1: ")
