"""From paths to articles: walks folders, joins files with their facts, reports what can't be read."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.article import Article, Facts, Origin
from corpus.errors import InputError
from corpus.facts import check_unicode, first_known
from corpus.jsonl import article_in, records
from corpus.markdown import read_markdown
from corpus.metadata import NAME, Metadata, read_metadata
from corpus.text_file import read_text_file

ONE_ARTICLE: dict[str, Callable[[Path], tuple[Facts, str]]] = {
    ".txt": read_text_file,
    ".md": read_markdown,
}
JSONL = ".jsonl"


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or a line (`path:line`) that could not become an article, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a kind that is not read."""

    path: str


Found = Article | Failure | Skipped


def read_paths(paths: Sequence[str | Path], *, prefix: str | None = None) -> Iterator[Found]:
    """Every article in the files and folders, in a fixed order, with what could not be read.

    `prefix` is put before each id, as `prefix/id`.
    Raises InputError, before anything is read, where a path does not exist.
    """
    roots = [Path(path) for path in paths]
    for root in roots:
        _check_there(root)
    return _read(roots, prefix)


def _check_there(root: Path) -> None:
    try:
        there = root.exists()
    except OSError as error:  # a name too long for the system
        raise InputError(f"{_shown(root)[:80]}…: {error.strerror}") from None
    if not there:
        raise InputError(f"{_shown(root)}: no such file or folder; check the path")


def _read(roots: Sequence[Path], prefix: str | None) -> Iterator[Found]:
    done: set[Path] = set()  # files named twice, by themselves and by their folder, are read once
    for root in roots:
        if root.is_dir():
            found = _folder(root.resolve(), done)
        else:
            found = _one_path(root.parent.resolve() / root.name, done)
        for item in found:
            yield _prefixed(item, prefix) if isinstance(item, Article) and prefix else item


def _folder(root: Path, done: set[Path]) -> Iterator[Found]:
    metadata: list[Metadata] = []
    files: list[Path] = []
    closed: list[OSError] = []
    for place, folders, names in os.walk(root, onerror=closed.append):
        links = sorted(name for name in folders if Path(place, name).is_symlink())
        yield from (Skipped(_shown(Path(place, name))) for name in links)  # it may lead back up
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        metadata.append(read_metadata(Path(place)))
        files += (Path(place, name) for name in sorted(names) if not name.startswith("."))
    facts = {file: known for each in reversed(metadata) for file, known in each.facts.items()}
    doubtful = [each for each in metadata if each.wrong]
    for file in files:
        doubt = None if file in facts else next(filter(None, (each.doubt(file) for each in doubtful)), None)
        if doubt and file.suffix.lower() in ONE_ARTICLE:
            yield Failure(
                _shown(file), f"its facts may be in {_shown(doubt.origin)}, which can't be used; mend that"
            )
        elif not _is_about_articles(file.name):
            yield from _file(file, file.relative_to(root), facts.get(file, Facts()), done)
    for error in closed:
        yield Failure(_shown(Path(error.filename)), f"the folder can't be read: {error.strerror}")
    there = set(files)
    for each in metadata:
        yield from (Failure(_shown(wrong.origin), wrong.reason) for wrong in each.wrong)
        for file in sorted(each.facts.keys() - there):
            yield Failure(
                _shown(Origin(str(each.path), each.lines[file])),
                f"it has facts of {str(file.relative_to(each.folder))!r}, which is not in the folder; "
                "add the file or remove the line",
            )


def _one_path(file: Path, done: set[Path]) -> Iterator[Found]:
    if _is_about_articles(file.name):
        yield Failure(
            _shown(file), "a file of this name holds no articles; name the folder or the corpus beside it"
        )
        return
    if file.suffix.lower() not in {*ONE_ARTICLE, JSONL}:
        kinds = ", ".join([*ONE_ARTICLE, JSONL])
        yield Failure(
            _shown(file),
            f"files of the kind {file.suffix or 'without a suffix'!r} are not read, only {kinds}",
        )
        return
    metadata = read_metadata(file.parent)
    doubt = metadata.doubt(file)
    if doubt and file.suffix.lower() in ONE_ARTICLE:
        yield Failure(_shown(doubt.origin), f"{doubt.reason} (it may hold the facts of {file.name})")
        return
    yield from _file(file, Path(file.name), metadata.facts.get(file, Facts()), done)


def _file(file: Path, relative: Path, known: Facts, done: set[Path]) -> Iterator[Found]:
    if file in done:
        return
    done.add(file)
    read = ONE_ARTICLE.get(file.suffix.lower())
    try:
        if read is not None:
            facts, text = read(file)
            facts = first_known(known, facts)
            yield _article(facts, text, facts.id or relative.as_posix(), Origin(str(file)))
        elif file.suffix.lower() == JSONL:
            yield from _lines(file, relative)
        else:
            yield Skipped(_shown(file))
    except InputError as error:
        yield Failure(_shown(file), str(error))
    except OSError as error:
        yield Failure(_shown(file), f"it can't be read: {error.strerror}")


def _lines(file: Path, relative: Path) -> Iterator[Article | Failure]:
    empty = True
    for number, record in records(file):
        empty = False
        try:
            if isinstance(record, InputError):
                raise record
            facts, text = article_in(record)
            yield _article(
                facts, text, facts.id or f"{relative.as_posix()}:{number}", Origin(str(file), number)
            )
        except InputError as error:
            yield Failure(_shown(Origin(str(file), number)), str(error))
    if empty:
        yield Failure(_shown(file), "the file is empty; a corpus has one JSON object a line")


def _article(facts: Facts, text: str, id: str, origin: Origin) -> Article:
    check_unicode(id, "the file's name")
    check_unicode(str(origin), "the file's path")
    return Article.from_facts(facts, id=id, text=text, origin=origin)


def _prefixed(article: Article, prefix: str) -> Article:
    return replace(article, id=f"{prefix}/{article.id}")


def _is_about_articles(name: str) -> bool:
    return name in {NAME, "queries.jsonl"} or (name.startswith("qrels") and name.endswith(".tsv"))


def _shown(place: Path | Origin) -> str:
    """The place as text that can be printed, also where its name is not UTF-8."""
    return os.fsencode(str(place)).decode("utf-8", "backslashreplace")
