"""From trained weights to the file that is shipped: ONNX, its operators fused, its weights int8."""

import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn

from qa.training.network import ReaderNetwork

_OPSET = 17
_EXAMPLE = 16  # tokens
_QUANTISED = ["MatMul", "Attention", "Gemm"]


class _OneSequence(nn.Module):
    """The network for one sequence without padding, so that there is no mask."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        start, end, relevance = self.network(ids, torch.ones_like(ids), kinds)
        return start, end, relevance


def export(network: ReaderNetwork, file: Path, *, int8: bool = True) -> None:
    """Writes the network as ONNX: `ids` and `kinds` of shape (1, length) to `start`, `end`, `relevance`.

    With `int8` all large weights are stored so, and all products but the second of each feed-forward
    layer are computed so: its inputs, after GELU, have no common scale (DECISIONS.md). Scales of
    activations are taken over a call, which is one sequence: a reading depends on nothing else.
    """
    network.encoder.set_attn_implementation("eager")
    network.eval()
    ids = torch.ones((1, _EXAMPLE), dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        plain, fused, quantised = (Path(folder) / f"{name}.onnx" for name in ("plain", "fused", "int8"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the tracing exporter; the other leaves operators unfused
            torch.onnx.export(
                _OneSequence(network),
                (ids, torch.zeros_like(ids)),
                str(plain),
                input_names=["ids", "kinds"],
                output_names=["start", "end", "relevance"],
                dynamic_axes={name: {1: "length"} for name in ("ids", "kinds", "start", "end")},
                opset_version=_OPSET,
                dynamo=False,
            )
        _fuse(network, plain, fused)
        if not int8:
            file.write_bytes(fused.read_bytes())
            return
        second = [node.name for node in onnx.load(fused).graph.node if _is_second_product(node)]
        quantize_dynamic(
            fused,
            quantised,
            op_types_to_quantize=_QUANTISED,
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=second,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # fused operators have no inferred one
        )
        model = onnx.load(quantised)
        _store_as_int8(model.graph, second)
        onnx.save(model, str(file))


def _fuse(network: ReaderNetwork, plain: Path, fused: Path) -> None:
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # its embeddings could only have one scale for all words
    model = optimizer.optimize_model(
        str(plain),
        "bert",
        num_heads=network.encoder.config.num_attention_heads,
        hidden_size=network.encoder.config.hidden_size,
        optimization_options=options,
        opt_level=1,
    )
    model.save_model_to_file(str(fused))


def _is_second_product(node: NodeProto) -> bool:
    return node.op_type == "MatMul" and "/output/dense/" in node.name and "/attention/" not in node.name


def _store_as_int8(graph: GraphProto, products: list[str]) -> None:
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
