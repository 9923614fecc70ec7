"""From a torch network to ONNX for onnxruntime: traced, its operators fused, its products in int8."""

import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import onnx
import torch
from onnx import NodeProto, TensorProto, helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn

from embeddings.onnx_int8 import quantise_by_token, store_words_as_int8

_OPSET = 17
_QUANTISED = ["MatMul", "Attention", "Gemm"]


def trace(
    network: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    file: Path,
    *,
    by_token: Collection[str],
) -> None:
    """Writes what the network does with the inputs; those named `by_token` have any length in axis 1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the tracing exporter; the other leaves operators unfused
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(file),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {1: "length"} for name in by_token},
            opset_version=_OPSET,
            dynamo=False,
        )


def fuse(plain: Path, fused: Path, *, heads: int, width: int) -> None:
    """Writes the graph with attention, normalisation and activation as one operator each."""
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # its embeddings could only have one scale for all words
    # onnxruntime sums and normalises in one loop over single numbers, slower than in two that are vectorised.
    options.enable_skip_layer_norm = False
    options.enable_bias_skip_layer_norm = False
    model = optimizer.optimize_model(
        str(plain), "bert", num_heads=heads, hidden_size=width, optimization_options=options, opt_level=1
    )
    model.save_model_to_file(str(fused))


def quantise(fused: Path, quantised: Path) -> None:
    """Writes a BERT's graph with its products in int8, and its word embeddings stored so, a scale a word.

    Scales of activations are taken over a call, and those of the second product of each feed-forward
    layer, whose inputs, after GELU, have no common scale (DECISIONS.md), over each token.
    """
    prepared = onnx.load(fused)
    second = [node.name for node in prepared.graph.node if _is_second_product(node)]
    helper.set_model_props(prepared, {"onnx.quant.pre_process": "onnxruntime.quant"})  # else it complains
    quantize_dynamic(
        prepared,
        quantised,
        op_types_to_quantize=_QUANTISED,
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=second,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},  # fused operators have no inferred one
    )
    model = onnx.load(quantised)
    store_words_as_int8(model.graph)
    quantise_by_token(model.graph, second)
    onnx.save(model, str(quantised))


def _is_second_product(node: NodeProto) -> bool:
    return node.op_type == "MatMul" and "/output/dense/" in node.name and "/attention/" not in node.name
