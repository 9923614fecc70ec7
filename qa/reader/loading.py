"""A reader by its name."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError
from qa.reader.onnx_reader import NAME, OnnxReader

if TYPE_CHECKING:
    from qa.reader.reading import Reader

_QUESTION_ANSWERING = "ForQuestionAnswering"
_CLASSIFICATION = "ForSequenceClassification"


def load_reader(name: str = NAME) -> "Reader":
    """The project's own, or by name or folder a transformers question-answering model or a CrossEncoder.

    Weights in safetensors only. Raises InputError where there is no such model.
    """
    if name == NAME:
        return OnnxReader.load()
    if not name.strip():
        raise InputError("the reader's name is empty; give a name or a folder")
    # Only a model from elsewhere needs them, and they take seconds to import.
    from safetensors import SafetensorError  # noqa: PLC0415
    from transformers import AutoConfig  # noqa: PLC0415

    local = os.environ.get("HF_HUB_OFFLINE", "1") not in ("0", "")
    try:
        config = AutoConfig.from_pretrained(name, local_files_only=local)
        kind = next(iter(config.architectures or ()), "no architecture")
        if kind.endswith(_QUESTION_ANSWERING):
            from qa.reader.transformers_reader import TransformersReader  # noqa: PLC0415

            return TransformersReader.load(name, local=local)
        if kind.endswith(_CLASSIFICATION):
            from qa.reader.cross_encoder_reader import CrossEncoderReader  # noqa: PLC0415

            return CrossEncoderReader.load(name, local=local)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        elsewhere = "set HF_HUB_OFFLINE=0 to download it once" if local and not Path(name).exists() else ""
        hint = f"give its folder{', or ' if elsewhere else ''}{elsewhere}"
        raise InputError(f"no reader {name!r} could be loaded here ({reason[:200]}); {hint}") from None
    raise InputError(
        f"the model {name!r} is of kind {kind}, expected one that ends in {_QUESTION_ANSWERING} "
        f"or {_CLASSIFICATION}"
    )
