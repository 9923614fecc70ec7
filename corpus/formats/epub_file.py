"""EPUB: a book as one article, its chapters in reading order."""

import io
import posixpath
import zipfile
from urllib.parse import unquote

from lxml import etree

from corpus.article import Facts
from corpus.errors import InputError
from corpus.formats.markup import parsed, text_of
from corpus.formats.packed import check_size
from corpus.formats.said_dates import iso_day
from corpus.zip_file import DAMAGES

_CONTAINER = "META-INF/container.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CHAPTERS = ("application/xhtml+xml", "text/html")


def read(raw: bytes) -> list[tuple[Facts, str]]:
    """The one article in an EPUB, by its package's spine; tables of contents (`nav`) are left out.

    Raises InputError where it is damaged or locked.
    """
    check_size(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        root = _xml(book, _CONTAINER).find(".//{*}rootfile")
        if root is None or not root.get("full-path"):
            raise InputError("it is no EPUB: its container names no package")
        place = str(root.get("full-path"))
        package = _xml(book, place)
        chapters = [
            text_of(
                parsed(_part(book, posixpath.normpath(posixpath.join(posixpath.dirname(place), chapter))))
            )
            for chapter in _spine(package)
        ]
    return [(_facts(package), "\n\n".join(filter(None, chapters)))]


def _spine(package: etree._Element) -> list[str]:
    """The chapters' places, as the package has them, in the order they are read."""
    items = {item.get("id"): item for item in package.iterfind("{*}manifest/{*}item")}
    named = [items.get(entry.get("idref")) for entry in package.iterfind("{*}spine/{*}itemref")]
    return [
        unquote(item.get("href") or "")
        for item in named
        if item is not None
        and item.get("media-type") in _CHAPTERS
        and "nav" not in (item.get("properties") or "").split()
    ]


def _facts(package: etree._Element) -> Facts:
    told = {
        name: [" ".join(found.text.split()) for found in package.iter(f"{_DC}{name}") if found.text]
        for name in ("title", "creator", "publisher", "date", "language")
    }
    return Facts(
        title=next(iter(told["title"]), None),
        source=next(iter(told["publisher"]), None),
        author=", ".join(told["creator"]) or None,
        published=next(filter(None, map(iso_day, told["date"])), None),
        language=next(iter(told["language"]), None),
    )


def _xml(book: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(_part(book, name), parser)
    except etree.LxmlError as error:
        raise InputError(f"{name!r} in it is damaged: {error}") from None


def _part(book: zipfile.ZipFile, name: str) -> bytes:
    try:
        return book.read(name)
    except KeyError:
        raise InputError(f"it lacks its part {name[:80]!r}") from None
    except (RuntimeError, ValueError, OSError, *DAMAGES) as error:
        raise InputError(f"its part {name[:80]!r} can't be unpacked: {error}") from None
