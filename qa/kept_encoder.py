"""The exported encoder that an archive keeps, so that it answers the same wherever it is taken."""

from contextlib import suppress
from pathlib import Path
from typing import TypeGuard

from corpus.errors import ArchiveError, EncoderMismatch
from embeddings.encoder import Encoder
from embeddings.exported import NotExported
from embeddings.exported import keep as keep_export
from embeddings.loading import load_encoder
from embeddings.onnx_encoder import OnnxEncoder
from qa.settings import Settings
from qa.write_lock import write_lock

FOLDER = "encoder"


def load(archive: Path, settings: Settings) -> OnnxEncoder:
    """The encoder kept in an archive's folder.

    Raises NotExported where none is there, whole; EncoderMismatch where it is another.
    """
    encoder = OnnxEncoder.load(
        archive / FOLDER, passages=settings.passage_variant, questions=settings.question_variant
    )
    settings.check_encoder(encoder)
    return encoder


def keep(encoder: Encoder, archive: Path) -> None:
    """Keeps an exported encoder in the archive's folder; another needs no keeping.

    The caller holds the write lock. Raises OSError where the folder can't be written.
    """
    if _is_elsewhere(encoder, archive):
        variants = frozenset({encoder.passage_variant, encoder.question_variant})
        keep_export(encoder.folder, archive / FOLDER, variants=variants)


def load_or_keep(folder: Path, settings: Settings) -> Encoder:
    """The one kept in the archive; where there is none, one of that name, which is kept from then on.

    Raises EncoderMismatch where that has other weights, InputError where there is none here.
    """
    with suppress(NotExported, EncoderMismatch):
        return load(folder, settings)
    encoder = load_encoder(
        settings.encoder, passages=settings.passage_variant, questions=settings.question_variant
    )
    settings.check_encoder(encoder)
    if _is_elsewhere(encoder, folder):  # else a reader would keep writers out for nothing
        with suppress(ArchiveError, OSError), write_lock(folder, "keep its encoder"):
            keep(encoder, folder)
    return encoder


def _is_elsewhere(encoder: Encoder, archive: Path) -> TypeGuard[OnnxEncoder]:
    """Whether it is an exported encoder that lies outside the archive."""
    return isinstance(encoder, OnnxEncoder) and encoder.folder != archive / FOLDER
