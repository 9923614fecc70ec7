import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import text_file
from corpus.article import Facts
from corpus.errors import InputError
from corpus.text_file import decoded, read_text_file, text_from

TEXTS = st.text().filter(lambda text: text.strip() and "\0" not in text and not text.startswith("\ufeff"))


@given(TEXTS, st.booleans())
def test_the_text_is_the_file_as_python_reads_it(tmp_path, text, mark):
    path = tmp_path / "a.txt"
    path.write_bytes((b"\xef\xbb\xbf" if mark else b"") + text.encode())
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert file.read() == text
    assert decoded(path) == text
    assert read_text_file(path) == (Facts(), text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept(tmp_path, end):
    path = tmp_path / "a.txt"
    path.write_bytes(f"One.{end}Two.{end}".encode())
    assert decoded(path) == f"One.{end}Two.{end}"


def test_only_one_byte_order_mark_is_dropped():
    assert text_from(b"\xef\xbb\xbf\xef\xbb\xbfA") == "\ufeffA"


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b" \r\n\t "])
def test_an_empty_file_is_refused(raw):
    with pytest.raises(InputError, match="the file is empty"):
        text_from(raw)


def test_windows_1251_is_refused_with_its_line():
    raw = b"First line\n" + "Вторая строка".encode("cp1251")
    with pytest.raises(InputError, match=r"line 2 is not UTF-8 \(byte 0xc2\); save the file as UTF-8"):
        text_from(raw)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_utf_16_and_32_are_refused(encoding):
    with pytest.raises(InputError, match="UTF-8"):
        text_from("An article.".encode(encoding))


def test_binary_is_refused():
    with pytest.raises(InputError, match="NUL"):
        text_from(b"PK\x03\x04\0\0")


def test_a_surrogate_in_utf_8_is_refused():
    with pytest.raises(InputError, match="not UTF-8"):
        text_from(b"a \xed\xa0\x80")


def test_a_file_over_the_limit_is_refused_unread(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("12345")
    monkeypatch.setattr(text_file, "MAX_BYTES", 5)
    assert decoded(path) == "12345"
    monkeypatch.setattr(text_file, "MAX_BYTES", 4)
    with pytest.raises(InputError, match="the file has 5 bytes, at most 4 are taken"):
        decoded(path)


def test_a_file_of_200_megabytes_costs_no_memory(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # a sparse file: it takes no disk either
    with pytest.raises(InputError, match="has 200,000,000 bytes"):
        decoded(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        decoded(tmp_path / "none.txt")
    with pytest.raises(InputError, match="not a regular file"):
        decoded(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(InputError, match="not a regular file"):
        decoded(tmp_path / "pipe.txt")
