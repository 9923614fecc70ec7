"""Mailboxes in the mbox form: letters one after the other, each after a line that opens with `From `."""

from collections.abc import Iterator

from corpus.errors import InputError
from corpus.file import File, opened

MAX_LETTER = 50_000_000  # bytes, attachments included
_CHUNK = 1 << 20


def letters(file: File) -> Iterator[tuple[int, bytes | InputError]]:
    """Each letter's number and bytes, or what is wrong with it. Memory is bounded by MAX_LETTER.

    Raises InputError where the file is no mailbox.
    """
    with opened(file) as stream:
        line = stream.readline(_CHUNK)
        if not line:
            raise InputError("the file is empty")
        if not line.startswith(b"From "):
            raise InputError("it is no mailbox: its first line does not open with 'From '")
        number, parts, size, blank = 1, list[bytes](), 0, False
        while line := stream.readline(_CHUNK):
            if blank and line.startswith(b"From "):
                yield number, _letter(parts, size)
                number, parts, size = number + 1, [], 0
                continue
            size += len(line)
            if size <= MAX_LETTER:
                parts.append(
                    line[1:] if line.lstrip(b">").startswith(b"From ") and line[:1] == b">" else line
                )
            else:
                parts.clear()
            blank = line in (b"\n", b"\r\n")
        yield number, _letter(parts, size)


def _letter(parts: list[bytes], size: int) -> bytes | InputError:
    if size > MAX_LETTER:
        return InputError(f"the letter has {size:,} bytes, at most {MAX_LETTER:,} are read")
    return b"".join(parts[:-1] if parts and not parts[-1].strip() else parts)  # the blank line after a letter
