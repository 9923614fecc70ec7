import pytest

from corpus.article import Article
from corpus.errors import InputError
from corpus.found import Failure
from corpus.reading import read_paths
from corpus.signatures import check_ending

PAGE = b"<!DOCTYPE html>\n<html><body><p>The ferry sails on Monday.</p></body></html>"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("page.txt", PAGE, "its name ends in .txt, but it is an HTML page; name it .html"),
        ("page.docx", PAGE, "its name ends in .docx, but it is an HTML page; name it .html"),
        ("letter.docx", b"%PDF-1.7\n", "its name ends in .docx, but it is a PDF; name it .pdf"),
        ("letter.txt", b"%PDF-1.7\n\xe2\xe3", "its name ends in .txt, but it is a PDF; name it .pdf"),
        ("letter.pdf", b"PK\x03\x04", "a ZIP, as Word's and e-books' files are; name it .docx or .epub"),
        ("letter.md", b"{\\rtf1 The ferry}", "an RTF document; save it as .docx, .pdf or .txt"),
    ],
)
def test_a_file_of_another_kind_than_its_ending_is_told_as_what_it_is(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    (failure,) = read_paths([tmp_path / name])
    assert isinstance(failure, Failure)
    assert failure.reason.endswith(reason)


def test_a_text_that_speaks_of_such_files_is_read(tmp_path):
    (tmp_path / "a.txt").write_text("A PDF starts with %PDF-, a page with <!DOCTYPE html>.")
    (tmp_path / "b.md").write_text("<html><body>Markdown may hold markup.</body></html>")
    assert all(isinstance(found, Article) for found in read_paths([tmp_path]))


def test_each_kind_may_have_its_own_first_bytes():
    check_ending(PAGE, ".html")
    check_ending(b"%PDF-1.7", ".pdf")
    check_ending(b"PK\x03\x04", ".epub")
    check_ending(b"", ".txt")
    with pytest.raises(InputError):
        check_ending(b"\x89PNG\r\n", ".txt")
