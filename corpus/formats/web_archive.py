"""WARC: what a crawler or `wget --warc-file` saved of the web, page by page."""

import io
import zlib
from contextlib import redirect_stderr
from typing import IO

from lxml import etree
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataException
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from corpus.article import Facts
from corpus.charset import as_utf8, media_type
from corpus.errors import InputError
from corpus.formats.markup import parsed

MAX_PAGE = 20_000_000  # bytes, unpacked
MAX_PAGES = 400_000_000  # bytes of all pages together
MAX_UNPACKED = 4_000_000_000  # bytes of all records together
_PAGES = ("text/html", "application/xhtml+xml")
_CHUNK = 1 << 20
_DAMAGES = (ArchiveLoadFailed, StatusAndHeadersParserException, ChunkedDataException, zlib.error, ValueError)


def read(raw: bytes) -> list[tuple[Facts, str] | InputError]:
    """The HTML pages that were answered with 200, as markup, each with its address as id and URL.

    A later capture of the same address has its time in its id, or is left out where nothing changed.
    When a page was saved says nothing of when it appeared. Raises InputError where it is no WARC.
    """
    found: list[tuple[Facts, str] | InputError] = []
    captured: dict[str, set[str]] = {}
    total = unpacked = 0
    try:
        with redirect_stderr(io.StringIO()):  # warcio tells there what it thinks of a file
            for record in ArchiveIterator(io.BytesIO(raw)):
                unpacked += max(0, record.length or 0)
                if unpacked > MAX_UNPACKED:
                    raise InputError(f"it unpacks to more than {MAX_UNPACKED:,} bytes; split it")
                page = _page(record)
                if page is None:
                    continue
                if isinstance(page, InputError):
                    found.append(page)
                    continue
                address, markup = page
                total += len(markup)
                if total > MAX_PAGES:
                    raise InputError(f"its pages have more than {MAX_PAGES:,} characters; split it")
                if markup not in captured.setdefault(address, set()):
                    id = f"{address} {_time(record)}" if captured[address] else address
                    captured[address].add(markup)
                    found.append((Facts(id=id, url=address), markup))
    except _DAMAGES as error:
        words = " ".join(str(error).split())[:150]
        if not found:
            raise InputError(f"it is no WARC that can be read ({words})") from None
        found.append(InputError(f"it is damaged from here on ({words})"))
    if not found:
        raise InputError("it holds no HTML page that was answered with 200")
    return found


def _page(record: ArcWarcRecord) -> tuple[str, str] | InputError | None:
    """Address and markup of a page; None where the record is none."""
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    address = address.strip("<>")  # so do some versions of wget write it
    headers = record.http_headers
    if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
        return None
    type, charset = media_type(headers.get_header("Content-Type") or "")
    if type not in _PAGES or not address.startswith(("http://", "https://")):
        return None
    body = _body(record.content_stream())
    if body is None:
        return InputError(f"{address[:200]} has more than {MAX_PAGE:,} bytes")
    return address, _markup(as_utf8(body, charset))


def _time(record: ArcWarcRecord) -> str:
    return str(record.rec_headers.get_header("WARC-Date") or "").strip()


def _body(stream: IO[bytes]) -> bytes | None:
    """All of it; None where it is more than a page may have."""
    parts, size = [], 0
    while part := stream.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_PAGE:
            return None
    return b"".join(parts)


def _markup(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:  # by what the page declares
        return str(etree.tostring(parsed(body), encoding="unicode", method="html"))
