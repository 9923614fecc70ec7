"""What a file is by its first bytes, where its name says that it is something else."""

import re

from corpus.errors import InputError

HEAD = 512  # bytes in which a file shows what it is
_SIGNATURES = (  # first bytes, what has them, and under which endings
    (b"%PDF-", "a PDF", (".pdf",)),
    (b"PK\x03\x04", "a ZIP, as Word's and e-books' files are", (".docx", ".epub")),
    (b"{\\rtf", "an RTF document", ()),
    (b"\xd0\xcf\x11\xe0", "a document of an old Word or Excel", ()),
    (b"\x89PNG", "a picture", ()),
    (b"\xff\xd8\xff", "a picture", ()),
)
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html\b|<html[\s>])", re.IGNORECASE)
_NO_PAGES = (".txt", ".pdf", ".docx", ".epub")


def check_ending(head: bytes, kind: str) -> None:
    """Raises InputError where a file's first HEAD bytes are of another kind than its ending, `kind`, says."""
    for signature, what, endings in _SIGNATURES:
        if head.startswith(signature) and kind not in endings:
            way = f"name it {' or '.join(endings)}" if endings else "save it as .docx, .pdf or .txt"
            raise InputError(f"its name ends in {kind}, but it is {what}; {way}")
    if kind in _NO_PAGES and _PAGE.match(head):
        raise InputError(f"its name ends in {kind}, but it is an HTML page; name it .html")
