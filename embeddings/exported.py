"""A sentence-transformers model as files that need no torch: ONNX graphs, a tokenizer and a manifest."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import InputError

EXPORT = 2  # raised whenever the files or what they compute change
_READ = (1, EXPORT)  # in form 1 int8 was `int8`, its second product of each feed-forward layer in float32
FP32, INT8 = "fp32", "int8-rows"  # what a graph computes in; fp32 agrees with sentence-transformers
TOKENIZER = "tokenizer.json"
MANIFEST = "manifest.json"


class NotExported(InputError):
    """No whole export lies in a folder."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export is of, how texts are given to it, and the SHA-256 of each of its files."""

    name: str
    weights_sha256: str
    dimension: int
    most_tokens: int  # of a text with its special tokens; the rest is cut off
    passage_prompt: str  # put before a text, as the model was trained
    question_prompt: str
    files: Mapping[str, str]
    export: int = EXPORT

    @classmethod
    def read(cls, folder: Path) -> "Exported":
        """What the manifest in a folder says. Raises NotExported where there is none of ours."""
        try:
            found = json.loads((folder / MANIFEST).read_bytes())
            exported = cls(**found)
        except (OSError, ValueError, TypeError) as error:
            raise NotExported(f"{folder}: no exported encoder there ({error})") from None
        if exported.export not in _READ:
            raise NotExported(f"{folder}: an export of form {exported.export}, expected {EXPORT}")
        return exported

    def write(self, folder: Path) -> None:
        """Writes the manifest; the files it names are there already."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"
        (folder / MANIFEST).write_text(text, encoding="utf-8")

    def content(self, folder: Path, name: str) -> bytes:
        """The bytes of one of the files. Raises NotExported where they are not those of the manifest."""
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            raise NotExported(f"{folder / name}: {error.strerror}") from None
        found, expected = hashlib.sha256(content).hexdigest(), self.files.get(name, "none")
        if found != expected:
            raise NotExported(
                f"{folder / name} has SHA-256 {found[:12]}…, expected {expected[:12]}…; remove {folder}"
            )
        return content


def graph_file(variant: str) -> str:
    """The file of the graph that computes in `fp32`, `int8-rows`, or the `int8` of form 1."""
    return f"{variant}.onnx"


def contents(folder: Path, *, variants: frozenset[str]) -> dict[str, bytes]:
    """The bytes of an export's files by name, of its graphs those alone, their hashes checked.

    Written to another folder they are an export. Raises NotExported where it is not whole.
    """
    exported = Exported.read(folder)
    wanted = {TOKENIZER, *map(graph_file, variants)}
    return {
        MANIFEST: (folder / MANIFEST).read_bytes(),
        **{name: exported.content(folder, name) for name in sorted(wanted)},
    }


def keep(source: Path, folder: Path, *, variants: frozenset[str]) -> None:
    """Puts those graphs of an export into a new `folder`, which appears only when it is whole.

    Raises OSError where it can't be written, NotExported where the source is not whole.
    """
    exported = Exported.read(source)
    wanted = {TOKENIZER, *map(graph_file, variants)}
    missing = wanted - set(exported.files)
    if missing:
        raise NotExported(f"{source}: the export has no {', '.join(sorted(missing))}")
    new = folder.with_name(f"{folder.name}.new-{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        for name in wanted:
            _link(source / name, new / name)
        kept = {name: digest for name, digest in exported.files.items() if name in wanted}
        Exported(**{**asdict(exported), "files": kept}).write(new)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    """A second name for the same bytes where the file system has such, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
