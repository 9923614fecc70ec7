"""An encoder by its name: the model's export, made the first time and kept, else the model itself."""

import hashlib
import logging
import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path

from corpus.errors import InputError
from embeddings.encoder import Encoder
from embeddings.exported import EXPORT, FP32, INT8, NotExported
from embeddings.hashed_words import NAME as HASHED_WORDS
from embeddings.hashed_words import HashedWordsEncoder
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.sentence_transformer import DEFAULT_MODEL, DEFAULT_SHA256, SentenceTransformerEncoder

_PROJECT = Path(__file__).resolve().parents[1]
_MEASURED_IN_INT8 = {DEFAULT_SHA256}  # weights whose int8 export was found as good (DECISIONS.md)
_TURN = threading.Lock()  # one export at a time

_log = logging.getLogger(__name__)


def load_encoder(name: str, *, passages: str | None = None, questions: str | None = None) -> Encoder:
    """`hashed-words`, or a sentence-transformers model by name or folder.

    `passages` and `questions` are what each is computed in, `fp32` or `int8-rows`; by default what was
    measured best. A model that can't be exported is run by sentence-transformers, in fp32, and the
    log says so. Raises InputError where there is no such model, or not in that variant.
    """
    if not {passages, questions} <= {None, FP32, INT8}:
        raise InputError(
            f"{name} is exported in {FP32} and {INT8} only, and the archive's own copy is not whole; "
            "restore its folder `encoder`, or add the articles to a new archive"
        )
    if name == HASHED_WORDS:
        return HashedWordsEncoder()
    with _TURN:
        if name == DEFAULT_MODEL:
            model, weights_sha256, key = None, DEFAULT_SHA256, f"{name}-{DEFAULT_SHA256[:16]}-{EXPORT}"
        else:
            model = SentenceTransformerEncoder.load(name)
            weights_sha256, key = model.weights_sha256, _key(model)
        best = INT8 if weights_sha256 in _MEASURED_IN_INT8 else FP32
        passages, questions = passages or best, questions or best
        folder = exports() / key
        with suppress(NotExported):
            return OnnxEncoder.load(folder, passages=passages, questions=questions)
        model = model or SentenceTransformerEncoder.load(name)
        reason = _export(model, folder, with_int8=best == INT8)
        if reason is None:
            return OnnxEncoder.load(folder, passages=passages, questions=questions)
    if {passages, questions} != {FP32}:
        raise InputError(f"{name} can't be run in {INT8}: {reason}")
    _log.warning("note: %s is run by sentence-transformers, which is slower: %s", name, reason)
    return model


def exports() -> Path:
    """Where exports are kept: `$QA_ENCODERS`, else the project's `var/`, else the user's cache."""
    named = os.environ.get("QA_ENCODERS")
    if named:
        return Path(named)
    if os.access(_PROJECT, os.W_OK):
        return _PROJECT / "var" / "encoders"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onrecord" / "encoders"


def _export(model: SentenceTransformerEncoder, folder: Path, *, with_int8: bool) -> str | None:
    """Exports the model into `folder`, which appears only when it is whole; or tells why it can't be."""
    from embeddings.export import NotExportable, export  # noqa: PLC0415  (imports torch)

    new = folder.with_name(f"{folder.name}.new-{os.getpid()}")
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        export(model.model, new, name=model.name, weights_sha256=model.weights_sha256, with_int8=with_int8)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    except (NotExportable, ImportError) as error:
        return str(error)
    except OSError as error:
        # Another process may have been first.
        return None if folder.is_dir() else f"{folder} can't be written ({error.strerror})"
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return None


def _key(model: SentenceTransformerEncoder) -> str:
    """Changes with the model's weights, and with what it does to texts before and after them."""
    about = (model.name, model.weights_sha256, repr(model.model), sorted(model.model.prompts.items()))
    return f"{hashlib.sha256(repr(about).encode()).hexdigest()[:32]}-{EXPORT}"
