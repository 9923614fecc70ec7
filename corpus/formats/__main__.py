"""The process that extracts: requests on stdin, answers on stdout, a line of JSON each.

A request is `{"format", "size", "megabytes"}` and then `size` bytes; its answer `{"documents":
[{"facts", "text"} or {"error"}]}`, or `{"error"}` where nothing could be read. A fault that no reader
foresaw ends the process, and its last words on stderr tell which.
"""

import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from corpus.article import Facts
from corpus.errors import InputError

try:
    import resource
except ImportError:  # a system that has no such limits
    resource = None  # type: ignore[assignment]

MAX_TEXT = 20_000_000  # characters of one article
_READERS = {
    "docx": "docx_file",
    "epub": "epub_file",
    "feed": "feed",
    "html": "web_page",
    "json": "news_article",
    "mail": "mail",
    "mhtml": "mhtml",
    "pdf": "pdf_file",
    "warc": "web_archive",
}
Read = Callable[[bytes], Iterable[tuple[Facts, str] | InputError]]


def main() -> None:
    """Answers requests until stdin ends."""
    logging.disable(logging.CRITICAL)  # libraries tell what they think of a file; the answer does too
    warnings.simplefilter("ignore")
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        _limit_memory(request["megabytes"])
        answer = _answer(request["format"], _exactly(sys.stdin.buffer, request["size"]))
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()


def _answer(format: str, raw: bytes) -> dict[str, Any]:
    read: Read = import_module(f"corpus.formats.{_READERS[format]}").read
    try:
        return {"documents": [_document(found) for found in read(raw)]}
    except InputError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "it takes too much memory to read; split it, or save it as text"}
    except RecursionError:
        return {"error": "it is nested too deeply to be read; save it as text"}


def _document(found: tuple[Facts, str] | InputError) -> dict[str, Any]:
    if isinstance(found, InputError):
        return {"error": str(found)}
    facts, text = found
    if len(text) > MAX_TEXT:
        return {"error": f"it has {len(text):,} characters of text, at most {MAX_TEXT:,} are taken"}
    return {"facts": asdict(facts), "text": text}


def _limit_memory(megabytes: int) -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    raw = stream.read(size)
    if len(raw) < size:
        raise SystemExit  # whoever asked is gone
    return raw


if __name__ == "__main__":
    main()
