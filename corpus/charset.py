"""The letters of a page or letter: as its server or itself names them, else as its bytes tell."""

import re
from email.message import Message

_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_TAG = re.compile(rb"<[^<>]*>")
_LETTERS = re.compile(rb"[A-Za-z\x80-\xff]")
_WESTERN = 0.3  # of the letters at most: texts in Latin letters have fewer beyond ASCII, others more


def media_type(content_type: str) -> tuple[str, str | None]:
    """Type and character set of a `Content-Type` header, as `text/html` and `windows-1251`."""
    header = Message()
    header["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    named = header.get_content_charset()
    return content_type.partition(";")[0].strip().lower(), named


def as_utf8(raw: bytes, charset: str | None) -> bytes:
    """The page in UTF-8, if its character set is named and known; what decodes as UTF-8 is left as it is."""
    if charset is None:
        return raw
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return raw.decode(charset, "replace").encode("utf-8")
        except LookupError:  # a character set that no one knows
            return raw
    return raw


def undeclared(raw: bytes) -> str:
    """The text of bytes that nothing says the letters of.

    It is UTF-8; else what charset-normalizer takes it for where many letters are beyond ASCII, as in
    Cyrillic; else windows-1252, as HTML's standard has it.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if len(_NOT_ASCII.findall(raw)) > _WESTERN * len(_LETTERS.findall(raw)):
        from charset_normalizer import from_bytes  # noqa: PLC0415  (few files need it)

        found = from_bytes(_TAG.sub(b" ", raw)).best()
        if found is not None:
            return raw.decode(found.encoding, "replace")
    return raw.decode("windows-1252", "replace")
