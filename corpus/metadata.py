"""`metadata.jsonl`: the facts of the files beside it, one line a file."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from corpus.article import Facts, Origin
from corpus.errors import InputError
from corpus.facts import read_facts
from corpus.file import File, path_of
from corpus.jsonl import records

NAME = "metadata.jsonl"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that can't be used, why, and the file it is about where it names one."""

    origin: Origin
    reason: str
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """Facts by file, the lines they are on, and what was wrong with other lines."""

    folder: Path
    facts: dict[Path, Facts] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The metadata file itself."""
        return self.folder / NAME

    def doubt(self, file: Path) -> Wrong | None:
        """The wrong line that holds or may hold the facts of a file, if there is one."""
        if file in self.facts:
            return None
        beside = file.parent == self.folder
        return next(
            (each for each in self.wrong if each.file == file or (each.file is None and beside)), None
        )


def read_metadata(folder: Path) -> Metadata:
    """What `metadata.jsonl` in `folder` says; empty where there is none."""
    there = (folder / NAME).is_file()
    return metadata_in(folder / NAME) if there else Metadata(folder)


def metadata_in(file: File) -> Metadata:
    """What a `metadata.jsonl` says of the files beside it."""
    metadata = Metadata(path_of(file).parent)
    try:
        for number, record in records(file):
            _read_line(metadata, number, record)
    except OSError as error:
        metadata.wrong.append(Wrong(Origin(str(metadata.path)), f"it can't be read: {error.strerror}"))
    return metadata


def _read_line(metadata: Metadata, number: int, record: dict[str, object] | InputError) -> None:
    file = None
    try:
        if isinstance(record, InputError):
            raise record
        file = metadata.folder / _named_file(record)
        if file in metadata.facts:
            raise InputError(f"it names {file.name!r}, as line {metadata.lines[file]} does")
        metadata.facts[file] = read_facts(record)
        metadata.lines[file] = number
    except InputError as error:
        metadata.wrong.append(Wrong(Origin(str(metadata.path), number), str(error), file))


def _named_file(record: dict[str, object]) -> PurePosixPath:
    name = record.get("file")
    if not isinstance(name, str) or not name.strip():
        raise InputError("'file' is missing; name the file the facts are of")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name:
        raise InputError(f"'file' is {name[:80]!r}, which is outside this folder")
    return path
