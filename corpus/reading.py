"""From paths to articles: walks folders and ZIPs, reads each kind of file, reports what can't be read."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from corpus.article import Article, Facts, Origin
from corpus.columns import Columns, any_case, renamed
from corpus.errors import InputError
from corpus.extraction import MAX_BYTES, Extractor
from corpus.facts import check_unicode, first_known
from corpus.file import File, bytes_of, opened, path_of
from corpus.found import Failure, Found, Skipped, shown
from corpus.jsonl import article_in, records
from corpus.kinds import (
    EXTRACTED,
    EXTRACTED_LISTS,
    JSONL,
    KINDS,
    MARKDOWN,
    MBOX,
    ONE_ARTICLE,
    TABLES,
    TEXT,
    WARC,
    WARC_GZ,
    ZIP,
    kind_of,
)
from corpus.language import language_of
from corpus.mailbox_file import letters
from corpus.markdown import read_markdown
from corpus.metadata import Metadata, read_metadata
from corpus.signatures import HEAD, check_ending
from corpus.table import rows
from corpus.text_file import read_text_file
from corpus.walking import Walked, is_about_articles, walk_folder, walk_zip
from corpus.zip_file import DAMAGES, members

_AS_TEXT = {TEXT: read_text_file, MARKDOWN: read_markdown}
_ZIPS = 3  # one inside the other, at most
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_HEAD = 4_000  # bytes in which an XML file shows what it is
_EMPTY = {
    JSONL: "the file is empty; a corpus has one JSON object a line",
    **dict.fromkeys(TABLES, "it has no rows; a table has a first row of names, and then a row an article"),
}
_Document = tuple[Facts, str] | InputError


def read_paths(
    paths: Sequence[str | Path],
    *,
    prefix: str | None = None,
    columns: Columns | None = None,
    only: Collection[Path] | None = None,
) -> Iterator[Found]:
    """Every article in the files and folders, in a fixed order, with what could not be read.

    `prefix` is put before each id, as `prefix/id`; `columns` names the fields of tables and JSONL that
    hold text and facts under other names; `only` keeps to those files (absolute paths).
    Raises InputError, before anything is read, where a path does not exist or the prefix is no text.
    """
    if prefix is not None:
        check_unicode(prefix, "the prefix")
    roots = [Path(path) for path in paths]
    for root in roots:
        _check_there(root)
    return _read(roots, prefix, columns or {}, only)


def _check_there(root: Path) -> None:
    try:
        there = root.exists()
    except OSError as error:  # a name too long for the system
        raise InputError(f"{shown(root)[:80]}…: {error.strerror}") from None
    if not there:
        raise InputError(f"{shown(root)}: no such file or folder; check the path")


def _read(
    roots: Sequence[Path], prefix: str | None, columns: Columns, only: Collection[Path] | None
) -> Iterator[Found]:
    walks = (
        walk_folder(root.resolve()) if root.is_dir() else _one_path(root.parent.resolve() / root.name)
        for root in roots
    )
    return read_walked(chain.from_iterable(walks), prefix=prefix, columns=columns, only=only)


def read_walked(
    walk: Iterable[Walked | Failure | Skipped],
    *,
    prefix: str | None,
    columns: Columns,
    only: Collection[Path] | None = None,
) -> Iterator[Found]:
    """Every article in the files of a walk, and whatever else it tells; see `read_paths`."""
    done: set[Path] = set()  # files named twice, by themselves and by their folder, are read once
    with Extractor() as extractor:
        reader = _Reader(extractor, columns)
        for walked in walk:
            if not isinstance(walked, Walked):
                yield walked
                continue
            path = path_of(walked.file)
            if path in done or (only is not None and path not in only):
                continue
            done.add(path)
            for item in reader.file(walked):
                yield prefixed(item, prefix) if isinstance(item, Article) else item


def _one_path(file: Path) -> Iterator[Walked | Failure]:
    yield from one_file(file, read_metadata(file.parent))


def one_file(named: File, metadata: Metadata) -> Iterator[Walked | Failure]:
    """A file that was named by itself, with what the metadata beside it says of it."""
    file = path_of(named)
    kind = kind_of(file)
    if is_about_articles(file.name):
        yield Failure(
            shown(file), "a file of this name holds no articles; name the folder or the corpus beside it"
        )
        return
    if kind not in KINDS:
        yield Failure(
            shown(file),
            f"files of the kind {file.suffix or 'without a suffix'!r} are not read, only {', '.join(KINDS)}",
        )
        return
    doubt = metadata.doubt(file)
    if doubt and kind in ONE_ARTICLE:
        yield Failure(shown(doubt.origin), f"{doubt.reason} (it may hold the facts of {file.name})")
        return
    yield Walked(named, Path(file.name), metadata.facts.get(file, Facts()))


class _Reader:
    """Reads files of every kind; those of other programs by the extractor."""

    def __init__(self, extractor: Extractor, columns: Columns) -> None:
        self._extractor = extractor
        self._columns = columns

    def file(self, walked: Walked, *, depth: int = 0) -> Iterator[Found]:
        """The articles in one file; what is wrong with it is told, and ends nothing else."""
        path = path_of(walked.file)
        kind = kind_of(path)
        try:
            if kind in ONE_ARTICLE:
                yield self._one(walked, kind)
            elif kind == ZIP:
                yield from self._zip(walked, depth)
            elif kind == ".xml" and not _is_feed(walked.file):
                yield Skipped(shown(path))
            elif kind in KINDS:
                yield from _each(walked, self._several(walked.file, kind))
            else:
                yield Skipped(shown(path))
        except InputError as error:
            yield Failure(shown(path), str(error))
        except DAMAGES as error:
            yield Failure(shown(path), f"it can't be unpacked: {error}")
        except OSError as error:
            yield Failure(shown(path), f"it can't be read: {error.strerror or error}")

    def _one(self, walked: Walked, kind: str) -> Article:
        with opened(walked.file) as stream:
            check_ending(stream.read(HEAD), kind)
        if kind in _AS_TEXT:
            facts, text = _AS_TEXT[kind](walked.file)
        else:
            found = self._extractor.documents(EXTRACTED[kind], bytes_of(walked.file, MAX_BYTES))[0]
            if isinstance(found, InputError):
                raise found
            facts, text = replace(found[0], id=None), found[1]  # a file of one article has its path as id
        facts = first_known(walked.facts, facts)
        origin = Origin(str(path_of(walked.file)))
        return article_of(facts, text, facts.id or walked.relative.as_posix(), origin)

    def _several(self, file: File, kind: str) -> Iterator[tuple[int, _Document]]:
        """What a file of many articles holds, with line or number."""
        if kind in EXTRACTED_LISTS:
            raw = bytes_of(file, MAX_BYTES)
            yield from enumerate(self._extractor.documents(EXTRACTED_LISTS[kind], raw), 1)
        elif kind == MBOX:
            for number, letter in letters(file):
                yield number, letter if isinstance(letter, InputError) else self._letter(letter)
        elif kind in (WARC, WARC_GZ):
            pages = self._extractor.documents("warc", bytes_of(file, MAX_BYTES))
            for number, page in enumerate(pages, 1):
                yield number, page if isinstance(page, InputError) else self._page(*page)
        else:
            found = records(file) if kind == JSONL else rows(file, TABLES[kind], columns=self._columns)
            for number, record in found:
                if isinstance(record, InputError):
                    yield number, record
                else:
                    yield number, self._record(record if kind == JSONL else any_case(record))

    def _letter(self, letter: bytes) -> _Document:
        try:
            return self._extractor.documents("mail", letter)[0]
        except InputError as error:
            return error

    def _page(self, saved: Facts, markup: str) -> _Document:
        try:
            found = self._extractor.documents("html", markup.encode("utf-8"))[0]
        except InputError as error:
            found = error
        if isinstance(found, InputError):
            return InputError(f"{saved.url}: {found}")
        return replace(first_known(found[0], saved), id=saved.id), found[1]

    def _record(self, record: Mapping[str, object]) -> _Document:
        try:
            return article_in(renamed(record, self._columns))
        except InputError as error:
            return error

    def _zip(self, walked: Walked, depth: int) -> Iterator[Found]:
        if depth == _ZIPS:
            raise InputError(f"it lies {depth} ZIPs deep, at most {_ZIPS} are opened; unpack it")
        with members(walked.file) as inside:
            for inner in walk_zip(path_of(walked.file), inside):
                if isinstance(inner, Walked):
                    relative = walked.relative / inner.relative
                    yield from self.file(replace(inner, relative=relative), depth=depth + 1)
                else:
                    yield inner


def _each(walked: Walked, documents: Iterable[tuple[int, _Document]]) -> Iterator[Article | Failure]:
    empty = True
    path = path_of(walked.file)
    for number, document in documents:
        empty = False
        origin = Origin(str(path), number)
        try:
            if isinstance(document, InputError):
                raise document
            facts, text = document
            yield article_of(facts, text, facts.id or f"{walked.relative.as_posix()}:{number}", origin)
        except InputError as error:
            yield Failure(shown(origin), str(error))
    if empty:
        yield Failure(shown(path), _EMPTY.get(kind_of(path), "no article was found in it"))


def _is_feed(file: File) -> bool:
    with opened(file) as stream:
        return _FEED.search(stream.read(_HEAD)) is not None


def article_of(facts: Facts, text: str, id: str, origin: Origin) -> Article:
    """An article, its language found out where the facts don't say.

    Raises InputError where its id or origin is a name that no text can hold.
    """
    check_unicode(id, "the file's name")
    check_unicode(str(origin), "the file's path")
    if facts.language is None:
        facts = replace(facts, language=language_of(text))
    return Article.from_facts(facts, id=id, text=text, origin=origin)


def prefixed(article: Article, prefix: str | None) -> Article:
    """The article under `prefix/id`."""
    return replace(article, id=f"{prefix}/{article.id}") if prefix else article
