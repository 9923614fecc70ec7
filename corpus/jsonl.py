"""JSON Lines in BEIR's form: one article a line, with `_id`, `title`, `text` and facts."""

import json
from collections.abc import Iterator

from corpus.article import Facts
from corpus.errors import InputError
from corpus.facts import check_unicode, read_facts
from corpus.file import File, opened

MAX_LINE = 20_000_000  # bytes
_CHUNK = 1 << 20


def records(path: File) -> Iterator[tuple[int, dict[str, object] | InputError]]:
    """Each line's number and its JSON object, or what is wrong with the line. Blank lines are passed over.

    Memory is bounded by MAX_LINE however long a line is. Raises InputError where it is no regular file.
    """
    with opened(path) as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                while line and not line.endswith(b"\n"):
                    line = file.readline(_CHUNK)
                yield number, InputError(f"the line is longer than {MAX_LINE:,} bytes; split it")
                continue
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                yield number, _record(line)


def article_in(record: dict[str, object]) -> tuple[Facts, str]:
    """The facts and the text of one record. Raises InputError where either can't be used."""
    text = record.get("text")
    if not isinstance(text, str):
        if "text" not in record:
            names = ", ".join(repr(name[:40]) for name in list(record)[:12]) or "nothing"
            raise InputError(f"'text' is missing, there is only {names}; name the one, --column text=NAME")
        raise InputError(f"'text' is {type(text).__name__}, expected the article's text")
    check_unicode(text, "'text'")
    if not text.strip():
        raise InputError("'text' is empty; an article needs text")
    return read_facts(record), text


def _record(line: bytes) -> dict[str, object] | InputError:
    try:
        found = json.loads(line.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError as error:
        return InputError(f"the line is not UTF-8 (byte {error.start}); save the file as UTF-8")
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        reason = (
            f"{error.msg}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)
        )
        return InputError(f"the line is not JSON ({reason}); mend or remove it")
    if not isinstance(found, dict):
        return InputError(f"the line is a JSON {type(found).__name__}, expected an object")
    return found
