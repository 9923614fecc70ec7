"""The files in a folder, a ZIP or object storage, each joined with the facts that `metadata.jsonl` gives."""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.article import Facts, Origin
from corpus.file import File, Member, Stored, path_of
from corpus.found import Failure, Skipped, shown
from corpus.kinds import ONE_ARTICLE, kind_of
from corpus.metadata import NAME, Metadata, metadata_in, read_metadata

_PAGES = (".html", ".htm", ".xhtml")
_PARTS = (
    "_files",
    ".files",
    "_fichiers",
    "_archivos",
)  # what browsers call the folder of a saved page's parts


@dataclass(frozen=True, slots=True)
class Walked:
    """A file to read, its path from where the walk began, and what is known of it."""

    file: File
    relative: PurePath
    facts: Facts


def walk_folder(root: Path) -> Iterator[Walked | Failure | Skipped]:
    """The files in a folder and those inside it, in a fixed order, without hidden ones and a page's parts."""
    metadata: list[Metadata] = []
    files: list[File] = []
    closed: list[OSError] = []
    for place, folders, names in os.walk(root, onerror=closed.append):
        links = sorted(name for name in folders if Path(place, name).is_symlink())
        yield from (Skipped(shown(Path(place, name))) for name in links)  # it may lead back up
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not _is_parts(name, names)
        )
        metadata.append(read_metadata(Path(place)))
        files += (Path(place, name) for name in sorted(names) if not name.startswith("."))
    yield from _joined(root, files, metadata)
    for error in closed:
        yield Failure(shown(Path(error.filename)), f"the folder can't be read: {error.strerror}")
    yield from _told(metadata, {path_of(file) for file in files})


def walk_zip(root: Path, members: Sequence[Member | tuple[str, str]]) -> Iterator[Walked | Failure | Skipped]:
    """The same of a ZIP at `root`, whose members `corpus.zip_file` gives."""
    files: list[File] = []
    metadata: list[Metadata] = []
    for member in members:
        if not isinstance(member, Member):
            yield Failure(shown(root / member[0].lstrip("/")), member[1])
        elif not any(part.startswith((".", "__MACOSX")) for part in member.path.relative_to(root).parts):
            files.append(member)
            if member.path.name == NAME:
                metadata.append(metadata_in(member))
    yield from _joined(root, files, metadata)
    yield from _told(metadata, {path_of(file) for file in files})


def walk_stored(root: Path, objects: Sequence[Stored]) -> Iterator[Walked | Failure | Skipped]:
    """The same of objects below a `root` of object storage, in the order of a folder that holds them."""
    beside: dict[PurePath, set[str]] = {}
    for each in objects:
        beside.setdefault(each.path.parent, set()).add(each.path.name)
    files: list[File] = []
    metadata: list[Metadata] = []
    for each in sorted(objects, key=lambda each: _turn(each.path.relative_to(root))):
        inside = each.path.relative_to(root)
        if any(part.startswith(".") for part in inside.parts) or any(
            _is_parts(folder.name, beside.get((root / folder).parent, set())) for folder in inside.parents
        ):
            continue
        files.append(each)
        if each.path.name == NAME:
            metadata.append(metadata_in(each))
    yield from _joined(root, files, metadata)
    yield from _told(metadata, {path_of(file) for file in files})


def _turn(inside: PurePath) -> list[tuple[bool, str]]:
    """By it, files are in the order of `os.walk`: those of a folder before those of its folders."""
    *folders, name = inside.parts
    return [*((True, folder) for folder in folders), (False, name)]


def is_about_articles(name: str) -> bool:
    """Whether a file of this name tells of articles and holds none."""
    return name in {NAME, "queries.jsonl"} or (name.startswith("qrels") and name.endswith(".tsv"))


def _joined(root: Path, files: Sequence[File], metadata: Sequence[Metadata]) -> Iterator[Walked | Failure]:
    facts = {file: known for each in reversed(metadata) for file, known in each.facts.items()}
    doubtful = [each for each in metadata if each.wrong]
    for file in files:
        path = path_of(file)
        doubt = None if path in facts else next(filter(None, (each.doubt(path) for each in doubtful)), None)
        if doubt and kind_of(path) in ONE_ARTICLE:
            yield Failure(
                shown(path), f"its facts may be in {shown(doubt.origin)}, which can't be used; mend that"
            )
        elif not is_about_articles(path.name):
            yield Walked(file, path.relative_to(root), facts.get(path, Facts()))


def _told(metadata: Sequence[Metadata], there: set[Path]) -> Iterator[Failure]:
    """What is wrong with the metadata itself."""
    for each in metadata:
        yield from (Failure(shown(wrong.origin), wrong.reason) for wrong in each.wrong)
        for file in sorted(each.facts.keys() - there):
            yield Failure(
                shown(Origin(str(each.path), each.lines[file])),
                f"it has facts of {str(file.relative_to(each.folder))!r}, which is not in the folder; "
                "add the file or remove the line",
            )


def _is_parts(folder: str, names: Collection[str]) -> bool:
    """Whether a folder holds the pictures and scripts of a page saved beside it."""
    page = next((folder.removesuffix(end) for end in _PARTS if folder.endswith(end)), None)
    return page is not None and any(f"{page}{kind}" in names for kind in _PAGES)
