"""Question sets that visitors bring: checked, kept beside the archive, and found again by name.

One comes as a single file, or as a ZIP of a folder; what the ZIP holds besides is left in it.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from corpus.errors import InputError
from corpus.file import Member, opened
from corpus.zip_file import DAMAGES, members
from qa.archive import Archive
from qa.page import texts
from qa.page.uploads import MOST_BYTES, MOST_FILES
from qa.sample import QUESTIONS, sample_ids

FOLDER = "questions"
KINDS = (".jsonl", ".json", ".zip")
_BUILT = ".built"  # archives of the articles that sets bring
_BEIR_FILES = ("queries.jsonl", "corpus.jsonl", "qrels*.tsv", "qrels/*.tsv")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question set lies, as `evaluate` takes it; `built` is for what is made of it."""

    path: Path
    built: Path
    qrels: Path | None = None
    split: str | None = None


def question_sets(archive: Archive) -> dict[str, Place]:
    """The sets to choose from, by name: ours on the sample archive, and those that were brought."""
    folder = archive.path / FOLDER
    ours = {texts.SAMPLE_SET: Place(QUESTIONS, folder / _BUILT / "sample")} if sample_ids(archive) else {}
    brought = sorted(path for path in folder.glob("*") if path.suffix in KINDS and path.name[0] != ".")
    return ours | {name: place for path in brought for name, place in _places(path, folder).items()}


def bring(archive: Archive, file: Path) -> str:
    """Keeps a question set beside the archive; one of the same name makes way. Returns its name.

    Raises InputError where it is none, is too large or damaged, or measures nothing here.
    """
    from qa.evaluate.reading import read_question_set  # noqa: PLC0415  (slow to import)

    suffix = file.suffix.lower()
    name = file.stem + suffix
    if suffix not in KINDS or name.startswith("."):
        raise InputError(f"{file.name} is no question set; bring {texts.SET_FORMS}")
    if file.stat().st_size > MOST_BYTES:
        raise InputError(f"{file.name} has more than {MOST_BYTES:,} bytes")
    folder = archive.path / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".") as made:
            new = Path(made) / name
            _put(file, new)
            places = _places(new, Path(made))
            try:
                for place in places.values():
                    read_question_set(place.path, qrels=place.qrels, split=place.split, cache=place.built)
            except InputError as error:
                raise InputError(str(error).replace(f"{made}/", "")) from None
            for old in (folder / name, folder / _BUILT / name):
                _remove(old)
            new.rename(folder / name)
    except OSError as error:
        raise InputError(f"{file.name} can't be kept in the archive: {error.strerror}") from None
    return next(iter(places))


def _places(path: Path, folder: Path) -> dict[str, Place]:
    """The sets in what was brought, by name: several where a BEIR folder has several splits."""
    name, built = path.name, folder / _BUILT / path.name
    if not path.is_dir():
        return {name: Place(path, built)}
    if (path / "queries.jsonl").is_file():
        qrels = sorted([*path.glob("qrels*.tsv"), *path.glob("qrels/*.tsv")])
        if len(qrels) < 2 or path / "qrels.tsv" in qrels:
            return {name: Place(path, built)}
        splits = [each.stem.removeprefix("qrels").lstrip("-.") for each in qrels]
        return {f"{name}: {split}": Place(path, built, split=split) for split in splits}
    first, *more = sorted(path.iterdir(), key=_judges)
    return {name: Place(first, built, qrels=more[0] if more else None)}


def _put(file: Path, place: Path) -> None:
    """Copies a file; of a ZIP what makes a question set, into a folder."""
    if place.suffix != ".zip":
        shutil.copyfile(file, place)
        return
    place.mkdir()
    try:
        with members(file) as found:
            for member, name in _chosen(found):
                (place / name).parent.mkdir(exist_ok=True)
                with opened(member) as packed, (place / name).open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
    except DAMAGES:
        raise InputError(f"{file.name} is damaged; pack it anew") from None
    except InputError as error:
        raise InputError(f"{file.name}: {error}") from None


def _chosen(found: Sequence[Member | tuple[str, str]]) -> list[tuple[Member, PurePosixPath]]:
    """What of a ZIP makes a question set, each with its name in the set's folder.

    Raises InputError where something in it must not be read, is too much, or makes none.
    """
    if len(found) > MOST_FILES:
        raise InputError(f"it holds {len(found)} files, at most {MOST_FILES} are taken")
    held: dict[PurePosixPath, Member] = {}
    for each in found:
        if isinstance(each, tuple):
            raise InputError(f"{each[0]!r}: {each[1]}")
        path = PurePosixPath(each.info.filename)
        if not any(part.startswith((".", "__MACOSX")) for part in path.parts):
            held[path] = each
    chosen = _beir(held) or _alone(held) or _trec(held)
    if not chosen:
        raise InputError(f"there is no question set in it; pack {texts.SETS_IN_ZIP}")
    large = next((path for path in chosen if held[path].info.file_size > MOST_BYTES), None)
    if large is not None:
        raise InputError(f"{str(large)!r} unpacks to more than {MOST_BYTES:,} bytes")
    return [(held[path], name) for path, name in chosen.items()]


Chosen = dict[PurePosixPath, PurePosixPath]  # from the name in the ZIP to that in the folder


def _beir(held: dict[PurePosixPath, Member]) -> Chosen:
    roots = [path.parent for path in held if path.name == "queries.jsonl"]
    if len(roots) > 1:
        raise InputError(f"it holds {len(roots)} question sets; pack one")
    return {
        path: path.relative_to(root)
        for root in roots
        for path in held
        if any(path.parent == (root / name).parent and path.match(name) for name in _BEIR_FILES)
    }


def _alone(held: dict[PurePosixPath, Member]) -> Chosen:
    found = [path for path in held if path.suffix in (".json", ".jsonl")]
    if len(found) > 1:
        raise InputError(f"it holds {len(found)} question sets; pack one")
    return {path: PurePosixPath(path.name) for path in found}


def _trec(held: dict[PurePosixPath, Member]) -> Chosen:
    qrels = [path for path in held if _judges(path)]
    if len(held) != 2 or len(qrels) != 1:
        return {}
    return {path: PurePosixPath("qrels" if path in qrels else "topics") for path in held}


def _judges(path: Path | PurePosixPath) -> bool:
    """Whether a file of a TREC set is its qrels, by its name."""
    return "qrels" in path.name.lower()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
