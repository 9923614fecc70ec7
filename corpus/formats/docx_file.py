"""DOCX: paragraphs and tables in the order they stand, by python-docx."""

import io
from collections.abc import Iterable, Iterator

from docx import Document
from docx.opc.exceptions import OpcError
from docx.opc.rel import _Relationship
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from corpus.article import Facts
from corpus.errors import InputError
from corpus.formats.markup import cleaned
from corpus.formats.packed import check_size
from corpus.formats.said_dates import iso_day
from corpus.zip_file import DAMAGES

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What python-docx raises where a part is well-formed and not what its name says.
_STRANGE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_SPACING = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "‑"}


def read(raw: bytes) -> list[tuple[Facts, str]]:
    """The one article in a DOCX: paragraphs apart by blank lines, cells of a row by tabs.

    Words that were inserted under change tracking count, deleted ones don't; headers, footers and
    notes are left out. `published` is the day the file says it was made.
    """
    check_size(raw)
    try:
        document = Document(io.BytesIO(raw))
        blocks = (_block(block) for block in document.iter_inner_content())
        text = "\n\n".join(block for block in blocks if block)
        return [(_facts(document.part.package.rels.values()), text)]
    except (OpcError, etree.LxmlError, *DAMAGES, *_STRANGE) as error:
        raise InputError(f"it is no DOCX that can be read ({str(error)[:100]}); save it anew") from None


def _facts(relations: Iterable[_Relationship]) -> Facts:
    """What the core properties say; python-docx knows one only of the names by which they are referred to."""
    core = [each.target_part.blob for each in relations if each.reltype.endswith("/metadata/core-properties")]
    if not core:
        return Facts()
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    told = etree.fromstring(core[0], parser)

    def words(name: str) -> str | None:
        return " ".join((told.findtext(f"{{*}}{name}") or "").split()) or None

    return Facts(
        title=words("title"),
        author=words("creator"),
        published=iso_day(words("created")),
        language=words("language"),
    )


def _block(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return _words(block)
    rows = ("\t".join(filter(None, _cells(row))) for row in block._tbl.tr_lst)  # noqa: SLF001  (its XML)
    return "\n".join(filter(None, rows))


def _cells(row: etree._Element) -> Iterator[str]:
    for cell in row.iterchildren(f"{_W}tc"):
        yield " ".join("".join(_runs(cell)).split())


def _words(paragraph: Paragraph) -> str:
    return cleaned("".join(_runs(paragraph._p))).strip()  # noqa: SLF001  (its XML holds insertions, its text not)


def _runs(element: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in walk:
        if part.tag == _FALLBACK:  # a text box is there twice, for old programs
            walk.skip_subtree()
        elif event == "start" and part.tag == f"{_W}t":
            yield part.text or ""
        elif event == "start":
            yield _SPACING.get(part.tag, "")
        elif part.tag == f"{_W}p" and part is not element:
            yield "\n"
