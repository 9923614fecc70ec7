"""From a torch network to ONNX for onnxruntime: traced, its operators fused, its products in int8."""

import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn

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
    model = optimizer.optimize_model(
        str(plain), "bert", num_heads=heads, hidden_size=width, optimization_options=options, opt_level=1
    )
    model.save_model_to_file(str(fused))


def quantise(fused: Path, quantised: Path) -> None:
    """Writes a BERT's graph with its products in int8, and its word embeddings stored so, a scale a word.

    All but the second product of each feed-forward layer, whose inputs, after GELU, have no common
    scale (DECISIONS.md): it is computed in float32, its weights stored as int8. Scales of
    activations are taken over a call.
    """
    prepared = onnx.load(fused)
    in_float = [node.name for node in prepared.graph.node if _is_second_product(node)]
    helper.set_model_props(prepared, {"onnx.quant.pre_process": "onnxruntime.quant"})  # else it complains
    quantize_dynamic(
        prepared,
        quantised,
        op_types_to_quantize=_QUANTISED,
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=in_float,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},  # fused operators have no inferred one
    )
    model = onnx.load(quantised)
    _store_as_int8(model.graph, in_float)
    onnx.save(model, str(quantised))


def _is_second_product(node: NodeProto) -> bool:
    return node.op_type == "MatMul" and "/output/dense/" in node.name and "/attention/" not in node.name


def _store_as_int8(graph: GraphProto, products: Collection[str]) -> None:
    """Word embeddings, a scale a word, and the weights of the products named, a scale a column."""
    weights = {each.name: each for each in graph.initializer}
    for at, node in reversed(list(enumerate(graph.node))):
        if node.op_type == "Gather" and node.input[0] in weights and "word_embeddings" in node.name:
            values = numpy_helper.to_array(weights[node.input[0]])
            picked = [f"{node.name}/int8", f"{node.name}/scale"]
            new = [
                *(
                    helper.make_node("Gather", [f"{node.input[0]}/{part}", node.input[1]], [name], axis=0)
                    for part, name in zip(("int8", "scale"), picked, strict=True)
                ),
                *_times(picked[0], picked[1], node.output[0]),
            ]
            graph.node.remove(node)
            axis = 1
        elif node.name in products:
            values = numpy_helper.to_array(weights[node.input[1]])
            name = node.input[1]
            new = _times(f"{name}/int8", f"{name}/scale", f"{name}/float")  # folded when a session starts
            node.input[1] = f"{name}/float"
            axis = 0
        else:
            continue
        name = new[0].input[0].removesuffix("/int8")
        scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-12) / 127
        graph.initializer.remove(weights[name])
        graph.initializer.extend(
            [
                numpy_helper.from_array(np.round(values / scale).astype(np.int8), f"{name}/int8"),
                numpy_helper.from_array(scale.astype(np.float32), f"{name}/scale"),
            ]
        )
        for offset, each in enumerate(new):
            graph.node.insert(at + offset, each)


def _times(integers: str, scale: str, product: str) -> list[NodeProto]:
    cast_name = f"{product}/cast"
    return [
        helper.make_node("Cast", [integers], [cast_name], to=TensorProto.FLOAT),
        helper.make_node("Mul", [cast_name, scale], [product]),
    ]
