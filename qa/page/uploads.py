"""Files that a visitor adds: checked, kept in a folder of the archive's own, and added from there.

An article's origin is its file in that folder, so that a later file of the same name replaces it.
"""

import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import InputError
from corpus.found import Failure
from corpus.kinds import KINDS, kind_of
from corpus.metadata import NAME as METADATA
from embeddings.encoder import Progress
from qa.adding import AddReport
from qa.archive import Archive
from qa.rows import article_origins

FOLDER = "uploads"
MOST_FILES = 200
MOST_BYTES = 50_000_000  # a file
_FOLDERS = re.compile(r"(?:/[^\s/'\"]+)+/(?=[^\s/])")
_BEFORE = ".before"  # what a file is called while a newer one of its name is being added


def add_uploads(archive: Archive, files: Sequence[Path], progress: Progress) -> AddReport:
    """Adds the files; the report names each by its own name, without the server's folders.

    Raises InputError, adding nothing, where there are too many, and ArchiveError where the archive
    can't be written.
    """
    if len(files) > MOST_FILES:
        raise InputError(f"{len(files)} files at once; at most {MOST_FILES} are taken")
    names = Counter(file.name for file in files)
    refused = [Failure(file.name, why) for file in files if (why := _refusal(file, names))]
    taken = [file for file in files if not _refusal(file, names)]
    if not taken:
        return AddReport(failed=refused, generation=archive.generation)
    folder = archive.path / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        kept = [_put(file, folder) for file in taken]
    except OSError as error:
        raise InputError(f"the files can't be kept in the archive: {error.strerror}") from None
    try:
        report = archive.add(kept, progress=progress)
    except BaseException:
        for file in kept:
            _put_back(file)
        raise
    held = {place for _, origin in _origins(archive) for place in (origin, *map(str, Path(origin).parents))}
    failed = {each.path for each in report.failed}
    for file in kept:
        if str(file) in failed or str(file) not in held:
            _put_back(file)
        else:
            file.with_name(file.name + _BEFORE).unlink(missing_ok=True)
    told = [Failure(_without_folders(each.path), _without_folders(each.reason)) for each in report.failed]
    return replace(report, failed=refused + told)


def remove(archive: Archive, id: str) -> None:
    """Removes an article, and the uploaded file it came from once no other article is of it."""
    origin = archive.article(id).origin.path
    archive.remove(id)
    file = Path(origin)
    if file.parent == (archive.path / FOLDER).resolve() and origin not in {of for _, of in _origins(archive)}:
        file.unlink(missing_ok=True)


def _refusal(file: Path, names: "Counter[str]") -> str | None:
    """Why a file is not taken; None where it is."""
    if kind_of(file) not in KINDS:
        return (
            f"files of the kind {file.suffix or 'without a suffix'!r} are not read, only {', '.join(KINDS)}"
        )
    if file.name.startswith("."):
        return "files whose name starts with a dot are not read"
    if file.name in (METADATA, "queries.jsonl"):
        return "a file of this name holds no articles; give facts in front matter or in .jsonl lines"
    if names[file.name] > 1:
        return "several files have this name; rename all but one"
    size = file.stat().st_size
    if size > MOST_BYTES:
        return f"it has {size:,} bytes, at most {MOST_BYTES:,} are taken"
    return None


def _put(file: Path, folder: Path) -> Path:
    place = folder.resolve() / file.name
    if place.exists():
        place.replace(place.with_name(place.name + _BEFORE))
    shutil.copyfile(file, place)
    return place


def _put_back(file: Path) -> None:
    """Leaves the folder as it was before the file was put there."""
    before = file.with_name(file.name + _BEFORE)
    if before.exists():
        before.replace(file)
    else:
        file.unlink(missing_ok=True)


def _origins(archive: Archive) -> list[tuple[str, str]]:
    with archive.reading() as connection:
        return article_origins(connection)


def _without_folders(words: str) -> str:
    return _FOLDERS.sub("", words)
