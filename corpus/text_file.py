"""Plain text files: bytes to text whose offsets anyone can check."""

from corpus.article import Facts
from corpus.errors import InputError
from corpus.file import File, bytes_of

MAX_BYTES = 20_000_000  # of one article's file; some 3 million words
_BOM = b"\xef\xbb\xbf"


def read_text_file(file: File) -> tuple[Facts, str]:
    """No facts, and the file's text."""
    return Facts(), decoded(file)


def decoded(file: File) -> str:
    """The file's text: UTF-8, a byte order mark dropped, line ends kept.

    The same as `open(path, encoding="utf-8-sig", newline="").read()`.
    Raises InputError where it is too large, not UTF-8, binary, empty or no regular file.
    """
    try:
        return text_from(bytes_of(file, MAX_BYTES))
    except OSError as error:
        raise InputError(f"it can't be read: {error.strerror}") from None


def text_from(raw: bytes) -> str:
    """Bytes of a text file as text; raises InputError where they are not UTF-8 text."""
    raw = raw.removeprefix(_BOM)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"line {line} is not UTF-8 (byte 0x{raw[error.start]:02x}); save the file as UTF-8"
        ) from None
    if "\0" in text:
        raise InputError("it holds NUL characters, so it is not text; save it as UTF-8 text")
    if not text.strip():
        raise InputError("the file is empty; an article needs text")
    return text
