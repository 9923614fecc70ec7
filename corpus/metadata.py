"""`metadata.jsonl`: the facts of the files beside it, one line a file."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from corpus.article import Facts
from corpus.errors import InputError
from corpus.facts import read_facts
from corpus.jsonl import records

NAME = "metadata.jsonl"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Facts by file, and what was wrong with lines, as (line number, reason)."""

    folder: Path
    facts: dict[Path, Facts] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    wrong: list[tuple[int, str]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The metadata file itself."""
        return self.folder / NAME


def read_metadata(folder: Path) -> Metadata:
    """What `metadata.jsonl` in `folder` says; empty where there is none."""
    metadata = Metadata(folder)
    if not metadata.path.is_file():
        return metadata
    for number, record in records(metadata.path):
        try:
            if isinstance(record, InputError):
                raise record
            file = folder / _named_file(record)
            if file in metadata.facts:
                raise InputError(f"it names {file.name!r}, as line {metadata.lines[file]} does")
            metadata.facts[file] = read_facts(record)
            metadata.lines[file] = number
        except InputError as error:
            metadata.wrong.append((number, str(error)))
    return metadata


def _named_file(record: dict[str, object]) -> PurePosixPath:
    name = record.get("file")
    if not isinstance(name, str) or not name.strip():
        raise InputError("'file' is missing; name the file the facts are of")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name:
        raise InputError(f"'file' is {name[:80]!r}, which is outside this folder")
    return path
