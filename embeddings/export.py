"""Exporting a sentence-transformers model, once: from then on neither it nor torch is needed."""

import hashlib
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from embeddings.exported import FP32, INT8, TOKENIZER, Exported, graph_file
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.onnx_graph import fuse, quantise, trace

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_EXAMPLE = 16  # tokens
_NEAREST = 0.99999  # cosine to sentence-transformers, of an export in fp32
_PROBES = (  # short, long, in other scripts, empty, with space around
    "Who was detained?",
    "The ferry sails again on Monday, the harbour master said, after the crane was lifted. " * 30,
    "Паром снова идёт; 渡轮 12,5 %",
    "",
    "  two\n\nlines ",
)


class NotExportable(Exception):
    """The model does something that its export would not."""


class _OneSequence(nn.Module):
    """The whole model, from token ids to its vector, for one sequence without padding."""

    def __init__(self, model: "SentenceTransformer", inputs: Collection[str]) -> None:
        super().__init__()
        self.model = model
        self.inputs = inputs

    def forward(self, ids: Tensor) -> Tensor:
        features = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        if "token_type_ids" in self.inputs:
            features["token_type_ids"] = torch.zeros_like(ids)
        vector: Tensor = self.model(features)["sentence_embedding"]
        return vector


def export(
    model: "SentenceTransformer", folder: Path, *, name: str, weights_sha256: str, with_int8: bool
) -> None:
    """Writes the model to an empty folder: its graph in fp32, if asked for also in int8, its tokenizer.

    Raises NotExportable where what was written doesn't give the model's own vectors.
    """
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if not isinstance(tokenizer, Tokenizer):
        raise NotExportable("its tokenizer is not one of the tokenizers library")
    tokenizer.save(str(folder / TOKENIZER))
    variants = [FP32, INT8] if with_int8 else [FP32]
    _write_graphs(model, folder, with_int8=with_int8)
    names = [TOKENIZER, *map(graph_file, variants)]
    prompts = {name: prompt or "" for name, prompt in model.prompts.items()}
    default = prompts.get(model.default_prompt_name or "", "")
    exported = Exported(
        name=name,
        weights_sha256=weights_sha256,
        dimension=int(model.get_embedding_dimension() or 0),
        most_tokens=int(model.max_seq_length or 512),
        passage_prompt=next(
            (prompts[each] for each in ("document", "passage", "corpus") if each in prompts), default
        ),
        question_prompt=prompts.get("query", default),
        files={each: hashlib.sha256((folder / each).read_bytes()).hexdigest() for each in names},
    )
    exported.write(folder)
    _check(model, OnnxEncoder.load(folder, passages=FP32, questions=FP32))


def _write_graphs(model: "SentenceTransformer", folder: Path, *, with_int8: bool) -> None:
    network = getattr(model[0], "auto_model", None)
    config = getattr(network, "config", None)
    heads, width = (getattr(config, each, None) for each in ("num_attention_heads", "hidden_size"))
    if network is None or heads is None or width is None:
        raise NotExportable("it doesn't begin with a transformer")
    network.set_attn_implementation("eager")
    model.eval()
    inputs = model.tokenizer.model_input_names
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        ids = torch.ones((1, _EXAMPLE), dtype=torch.long)
        try:
            trace(_OneSequence(model, inputs), {"ids": ids}, ["vector"], plain, by_token=["ids"])
            fuse(plain, folder / graph_file(FP32), heads=heads, width=width)
        except (RuntimeError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotExportable(f"torch can't trace it ({error})") from error
    if with_int8:
        quantise(folder / graph_file(FP32), folder / graph_file(INT8))


def _check(model: "SentenceTransformer", encoder: OnnxEncoder) -> None:
    """Raises NotExportable where the vectors of some text are not the model's."""
    theirs = [
        *(model.encode_document(text, show_progress_bar=False) for text in _PROBES),
        *(model.encode_query(text, show_progress_bar=False) for text in _PROBES),
    ]
    ours = [*encoder.encode_passages(_PROBES), *map(encoder.encode_question, _PROBES)]
    for one, other in zip(theirs, ours, strict=True):
        cosine = float(np.dot(one, other)) / max(float(np.linalg.norm(one)), 1e-12)
        if not cosine >= _NEAREST:
            raise NotExportable(f"its export gives other vectors (cosine {cosine:.6f})")
