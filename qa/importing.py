"""A new archive from what `qa.exporting` wrote; nothing in the file is trusted."""

import base64
import binascii
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from corpus.article import Article, Facts, Furniture, Origin, sha256_of
from corpus.errors import ArchiveError, InputError
from corpus.facts import check_unicode, read_facts
from corpus.furniture import find_furniture
from corpus.learned import forms_in
from corpus.passages import context_text, split
from embeddings.encoder import Encoder, Progress, Vectors
from embeddings.loading import load_encoder
from qa import derived_files
from qa.adding import store_changes
from qa.address import Address
from qa.archive import Archive
from qa.database import transaction
from qa.exporting import EXPORT
from qa.new_folder import check_empty
from qa.settings import UNFINISHED
from qa.storage import Storage, storage_at
from qa.storing import Change

MAX_LINE = 400_000_000  # bytes: an article of the most characters, with its vectors
_NORM_TOLERANCE = 1e-3
Record = dict[str, Any]


def import_archive(
    path: str | Path,
    place: str | Path | Address,
    *,
    model: str | Encoder | None = None,
    progress: Progress | None = None,
) -> Archive:
    """The archive in a folder that is empty or not there yet, or at an address that has none.

    A folder takes its place only when it is whole; on a server nobody reads it before. `model` is the
    encoder, by default the one that the export names. Vectors in the file are kept where that very encoder
    made them, and made anew elsewhere.
    Raises InputError where the file is no export, is damaged or cut off, or something is there already;
    ArchiveLocked where another process fills that place.
    """
    address = Address.parse(place)
    if isinstance(address.truth, Path):
        check_empty(address.truth)
    lines = _lines(Path(path))
    head = _head(lines, Path(path))
    encoder = _encoder(model or head["encoder"], head)

    def fill(archive: Archive) -> None:
        with archive.writing("import") as connection:
            words = archive.settings.passage_words
            changes = _changes(lines, head, encoder, words=words)
            store_changes(connection, changes, words=words, encoder=lambda: encoder, progress=progress)
            derived_files.write(connection, archive.path, archive.settings)
            derived_files.write_mentions(connection, archive.path)

    storage = storage_at(address)
    with storage.filling("import"):
        if isinstance(address.truth, Path):
            _into_folder(address.truth, encoder, head["index"], fill)
        else:
            command = f"python -m qa import '{path}' --archive '{address}'"
            _into_server(storage, address, encoder, head["index"], fill, command)
    return Archive.open(address, encoder=encoder)


def _into_folder(place: Path, encoder: Encoder, index: str, fill: Callable[[Archive], None]) -> None:
    check_empty(place)  # another process may have been first
    new = place.with_name(f"{place.name}.importing")
    shutil.rmtree(new, ignore_errors=True)
    try:
        with Archive.create(new, model=encoder, index=index) as archive:
            fill(archive)
        shutil.rmtree(place)  # all that is there is the lock, and what making an archive may leave
        new.rename(place)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _into_server(
    storage: Storage,
    address: Address,
    encoder: Encoder,
    index: str,
    fill: Callable[[Archive], None],
    command: str,
) -> None:
    storage.discard()  # what an import that was stopped has left
    with Archive.create(address, model=encoder, index=index, filled_by=command) as archive:
        try:
            fill(archive)
            with archive.writing("import") as connection, transaction(connection):
                connection.execute("DELETE FROM settings WHERE name = ?", (UNFINISHED,))
        except BaseException:
            with suppress(ArchiveError):
                storage.discard()
            raise


def _lines(path: Path) -> Iterator[tuple[int, Record]]:
    """Each line's number and record, but for the last, by which the others are checked."""
    digest, number = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            line = file.readline(MAX_LINE)
            while following := file.readline(MAX_LINE):
                number += 1
                yield number, _record(line, number)
                digest.update(line)
                line = following
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name a file that `export` wrote") from None
    if _record(line, number + 1) != {"articles": number - 1, "sha256": digest.hexdigest()}:
        raise InputError(f"{path} is cut off or was changed: its last line does not agree with the others")


def _record(line: bytes, number: int) -> Record:
    try:
        found = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"line {number} is not JSON ({str(error)[:80]}); export the archive anew") from None
    if not isinstance(found, dict):
        raise InputError(f"line {number} is a JSON {type(found).__name__}, expected an object")
    return found


def _head(lines: Iterator[tuple[int, Record]], path: Path) -> Record:
    head = next(lines, (0, Record()))[1]
    version = head.get("onrecord_export")
    if type(version) is not int:
        raise InputError(f"{path} is no export of an archive; name a file that `export` wrote")
    if version > EXPORT:
        raise InputError(f"{path} is an export of form {version}, this program knows up to {EXPORT}; update")
    texts = ("encoder", "weights_sha256", "passage_variant", "question_variant", "index")
    wrong = next((name for name in texts if not isinstance(head.get(name), str)), None)
    if wrong is not None:
        raise InputError(f"line 1 has no {wrong!r}, which tells what made the archive")
    return head


def _encoder(model: str | Encoder, head: Record) -> Encoder:
    if not isinstance(model, str):
        return model
    if model != head["encoder"]:
        return load_encoder(model)
    return load_encoder(model, passages=head["passage_variant"], questions=head["question_variant"])


def _changes(
    lines: Iterator[tuple[int, Record]], head: Record, encoder: Encoder, *, words: int
) -> Iterator[Change]:
    made_by = [head[name] for name in ("encoder", "weights_sha256", "passage_variant")]
    is_its = made_by == [encoder.name, encoder.weights_sha256, encoder.passage_variant]
    last = ""
    for number, record in lines:
        try:
            article = _article(record)
            if article.id <= last:
                raise InputError(f"{article.id!r} does not come after {last!r}, the article before")
            last = article.id
            furniture = _furniture(record, article)
            kept = _kept(record, article, encoder.dimension) if is_its else {}
        except InputError as error:
            raise InputError(f"line {number}: {error}") from None
        passages = split(article, furniture, words=words)
        yield Change(article, forms_in(article), furniture, passages, kept, stored=None)


def _article(record: Record) -> Article:
    id, text, line = record.get("id"), record.get("text"), record.get("origin_line")
    origin = record.get("origin")
    if not isinstance(id, str) or not isinstance(text, str) or not isinstance(origin, str):
        raise InputError("'id', 'text' and 'origin' are not all text")
    if line is not None and type(line) is not int:
        raise InputError(f"'origin_line' is {line!r}, expected a number")
    for value, what in ((id, "'id'"), (text, "'text'"), (origin, "'origin'")):
        check_unicode(value, what)
    if record.get("sha256") != sha256_of(text):
        raise InputError(f"the text of {id!r} has another hash than was exported")
    facts: Facts = read_facts({name: value for name, value in record.items() if name not in ("id", "_id")})
    return Article.from_facts(facts, id=id, text=text, origin=Origin(origin, line))


def _furniture(record: Record, article: Article) -> list[Furniture]:
    """What was marked, where the file says it."""
    if "furniture" not in record:
        return find_furniture(article)
    marks, last = [], 0
    for each in _list(record["furniture"]):
        match each:
            case [int(start), int(end), str(kind)] if last <= start < end <= len(article.text):
                marks.append(Furniture(start, end, kind))
                last = end
            case _:
                raise InputError(f"the furniture of {article.id!r} is out of bounds or order")
    return marks


def _kept(record: Record, article: Article, dimension: int) -> dict[str, Vectors]:
    """The vectors in the file, by what they were made from."""
    kept = {}
    for each in _list(record.get("passages", [])):
        match each:
            case [int(start), int(end), str(packed)] if 0 <= start < end <= len(article.text):
                words = article.text[start:end]
                kept[context_text(article.title, words)] = _vector(packed, dimension)
            case _:
                raise InputError(f"a passage of {article.id!r} is out of bounds")
    return kept


def _vector(packed: str, dimension: int) -> Vectors:
    try:
        raw = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise InputError("a vector is not base64") from None
    if len(raw) != 4 * dimension:
        raise InputError(f"a vector has {len(raw)} bytes, expected {4 * dimension}")
    vector = np.frombuffer(raw, dtype="<f4").astype(np.float32)
    if not abs(float(np.linalg.norm(vector.astype(np.float64))) - 1) < _NORM_TOLERANCE:
        raise InputError("a vector is not of length 1")
    return vector


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(f"a list was expected where {type(value).__name__} was found")
    return value
