"""PDF: its pages' text by pypdf, set again as paragraphs; each page ends with a form feed.

So the text itself carries the pages: `Article.page_at` counts the form feeds before a place.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from corpus.article import Facts
from corpus.errors import InputError
from corpus.formats.markup import cleaned
from corpus.formats.said_dates import pdf_day
from corpus.sentences import ends_sentence

MAX_PAGES = 5_000
_EDGE = 2  # lines at the head and at the foot of a page that may be running titles
_SHORT = 0.6  # of the usual width: a heading, a row of a table
_LAST_LINE = 0.85  # of the usual width: a paragraph may end there
_BULLET = re.compile(r"[•◦▪‣·*–—-]\s|\(?\d{1,2}[.)]\s")
_DIGITS = re.compile(r"\d+")
_HYPHEN = re.compile(r"(\w+)[-\u00ad]\Z")
_WORD = re.compile(r"\w+")
_BROWSER = re.compile(r"mozilla|chrom|skia|firefox|wkhtml|quartz", re.IGNORECASE)

Line = tuple[str, int]  # its words, and the page it is on, from 0


def read(raw: bytes) -> list[tuple[Facts, str]]:
    """The one article in a PDF, without running titles and page numbers.

    `published` is the day the file says it was made, save where a browser printed it.
    Raises InputError where it is damaged, locked, too long, or pictures without text.
    """
    try:
        reader = PdfReader(io.BytesIO(raw), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("it is locked by a password; save it without one")
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise InputError(f"it has {count:,} pages, at most {MAX_PAGES:,} are read; split it")
        pages = [_lines(page.extract_text()) for page in reader.pages]
        facts = _facts(reader)
    except DependencyError:
        raise InputError("it is locked in a way that is not read; save it without a password") from None
    except (PyPdfError, KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise InputError(f"it is no PDF that can be read ({str(error)[:100]}); save it anew") from None
    if not any(pages):
        raise InputError(
            "it holds no text, perhaps pictures of pages; have a program recognise the text first"
        )
    return [(facts, _set(_without_running_titles(pages)))]


def _lines(page: str) -> list[str]:
    lines = (" ".join(cleaned(line).split()) for line in page.splitlines())
    return [line for line in lines if line]


def _facts(reader: PdfReader) -> Facts:
    told: Mapping[str, object] = reader.metadata or {}

    def words(name: str) -> str | None:
        return " ".join(cleaned(str(told.get(name) or "")).split()) or None

    language = reader.root_object.get("/Lang")
    printed = any(_BROWSER.search(words(name) or "") for name in ("/Creator", "/Producer"))
    return Facts(
        title=words("/Title"),
        author=words("/Author"),
        published=None if printed else pdf_day(words("/CreationDate")),
        language=(cleaned(str(language)).strip() or None) if language else None,
    )


def _without_running_titles(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without lines that stand, but for their numbers, at the same edge of most pages."""
    if len(pages) < 2:
        return list(pages)
    heads = Counter(form for page in pages for form in {_form(line) for line in page[:_EDGE]})
    feet = Counter(form for page in pages for form in {_form(line) for line in page[-_EDGE:]})
    often = max(2, len(pages) // 2)
    kept = []
    for page in pages:
        first, last = 0, len(page)
        while first < min(_EDGE, last) and heads[_form(page[first])] >= often:
            first += 1
        while last > max(first, len(page) - _EDGE) and feet[_form(page[last - 1])] >= often:
            last -= 1
        kept.append(page[first:last])
    return kept


def _form(line: str) -> str:
    return _DIGITS.sub("0", line.casefold())


def _set(pages: Sequence[list[str]]) -> str:
    """The pages' lines as paragraphs, blank lines between them, a form feed where a page ends."""
    lines = [(line, number) for number, page in enumerate(pages) for line in page]
    lengths = sorted(len(line) for line, _ in lines)
    width = lengths[len(lengths) * 9 // 10]
    words = Counter(_WORD.findall(" ".join(line for line, _ in lines).casefold()))
    parts = ["\f" * lines[0][1]]
    for this, following in zip(lines, [*lines[1:], ("", len(pages))], strict=True):
        parts += _with_what_follows(this, following, width, words)
    return "".join(parts)


def _with_what_follows(this: Line, following: Line, width: int, words: "Counter[str]") -> Iterator[str]:
    line, page = this
    turns = "\f" * (following[1] - page)
    if _ends_paragraph(line, following[0], width):
        yield from (line, "\n\n" if following[0] else "\n", turns)
        return
    hyphen = _HYPHEN.search(line)
    if hyphen is None or turns or not following[0][:1].islower():
        yield from (line, turns or " ")
        return
    whole = f"{hyphen[1]}{_first_word(following[0])}".casefold()
    halves = words[hyphen[1].casefold()] > 1 and words[_first_word(following[0]).casefold()] > 1
    yield line if halves and not words[whole] else line[:-1]


def _ends_paragraph(line: str, following: str, width: int) -> bool:
    if not following or _BULLET.match(following):
        return True
    if ends_sentence(line):
        return len(line) < _LAST_LINE * width
    return len(line) < _SHORT * width and not following[:1].islower()


def _first_word(line: str) -> str:
    match = _WORD.match(line)
    return match.group() if match else ""
