"""The archive a question set's corpus becomes, built once and kept under `var/eval`."""

import hashlib
import shutil
from pathlib import Path

import corpus
from corpus.errors import ArchiveError
from embeddings.encoder import Encoder, Progress
from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa import database
from qa.archive import Archive
from qa.evaluate.question_set import QuestionSetError


def archive_of(
    file: Path, *, cache: Path, model: str | Encoder = DEFAULT_MODEL, progress: Progress | None = None
) -> Archive:
    """The archive of a corpus file, from the cache where corpus, encoder, splitter and format are the same.

    Raises QuestionSetError where an article of the corpus can't be read.
    """
    encoder = load_encoder(model) if isinstance(model, str) else model
    folder = cache / f"{file.resolve().parent.name}-{_key(file, encoder)}"
    if folder.is_dir():
        try:
            return Archive.open(folder, encoder=encoder)
        except ArchiveError:
            shutil.rmtree(folder)
    new = folder.with_name(f"{folder.name}.building")
    with _begun(new, encoder) as archive:  # what an interrupted build has stored is not encoded again
        report = archive.add(file, progress=progress)
    if report.failed:
        first = report.failed[0]
        raise QuestionSetError(f"{first.path}: {first.reason} ({len(report.failed)} of the corpus failed)")
    new.rename(folder)
    return Archive.open(folder, encoder=encoder)


def _begun(folder: Path, encoder: Encoder) -> Archive:
    try:
        return Archive.open(folder, encoder=encoder)
    except ArchiveError:
        shutil.rmtree(folder, ignore_errors=True)
        return Archive.create(folder, model=encoder)


def _key(file: Path, encoder: Encoder) -> str:
    """Changes with the corpus, the encoder, the format, and the code that reads and splits articles."""
    digest = hashlib.sha256()
    for part in (file, *sorted(Path(corpus.__file__).parent.glob("*.py"))):
        with part.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    variants = (encoder.passage_variant, encoder.question_variant)
    digest.update(repr((encoder.name, encoder.weights_sha256, *variants, database.FORMAT)).encode())
    return digest.hexdigest()[:16]
