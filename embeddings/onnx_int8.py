"""Parts of an ONNX graph in int8, where onnxruntime's own quantiser has one scale for too much."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

_LEAST = 0.17  # GELU gives nothing below its negative
_SHIFT, _STEP, _FLAT, _ONE, _ZERO = (f"by_token/{name}" for name in ("shift", "step", "flat", "one", "zero"))


def store_words_as_int8(graph: GraphProto) -> None:
    """Word embeddings, a scale a word."""
    weights = {each.name: each for each in graph.initializer}
    for node in [node for node in graph.node if _picks_words(node) and node.input[0] in weights]:
        name, picked = node.input[0], [f"{node.name}/int8", f"{node.name}/scale", f"{node.name}/cast"]
        integers, scale = _as_int8(numpy_helper.to_array(weights[name]), axis=1)
        graph.initializer.remove(weights[name])
        _hold(graph, {f"{name}/int8": integers, f"{name}/scale": scale})
        _put(
            graph,
            node,
            helper.make_node("Gather", [f"{name}/int8", node.input[1]], [picked[0]], axis=0),
            helper.make_node("Gather", [f"{name}/scale", node.input[1]], [picked[1]], axis=0),
            helper.make_node("Cast", [picked[0]], [picked[2]], to=TensorProto.FLOAT),
            helper.make_node("Mul", [picked[2], picked[1]], [node.output[0]]),
        )


def quantise_by_token(graph: GraphProto, products: Collection[str]) -> None:
    """The products named, of inputs after GELU, with a scale for each token and for each column.

    x + _LEAST is not negative, so its integers need no zero point: x @ w = scale * (integers @ w) less
    what _LEAST adds, which is the same for each token and is taken off the bias.
    Raises ValueError where a product has no weights or bias.
    """
    held = {each.name: each for each in graph.initializer}
    _hold(graph, {_SHIFT: np.float32(_LEAST), _STEP: np.float32(1 / 255), _FLAT: np.array([-1])})
    _hold(graph, {_ONE: np.float32(1), _ZERO: np.uint8(0)})
    for node in [node for node in graph.node if node.name in products]:
        values, weights, name = node.input[0], node.input[1], node.name
        bias = _bias_after(graph, node, held)
        if weights not in held or bias is None:
            raise ValueError(f"{name} has no weights or no bias")
        integers, scale = _as_int8(numpy_helper.to_array(held[weights]), axis=0)
        added = _LEAST * (integers.astype(np.float64) * scale).sum(axis=0)
        held[bias].CopyFrom(
            numpy_helper.from_array((numpy_helper.to_array(held[bias]) - added).astype(np.float32), bias)
        )
        graph.initializer.remove(held[weights])
        _hold(graph, {f"{weights}/int8": integers, f"{weights}/scale": scale[0]})
        _put(
            graph,
            node,
            helper.make_node("Add", [values, _SHIFT], [f"{name}/shifted"]),
            helper.make_node("ReduceMax", [f"{name}/shifted"], [f"{name}/most"], axes=[-1], keepdims=1),
            helper.make_node("Mul", [f"{name}/most", _STEP], [f"{name}/scale"]),
            helper.make_node("Reshape", [f"{name}/scale", _FLAT], [f"{name}/scales"]),
            helper.make_node(
                "QuantizeLinear", [f"{name}/shifted", f"{name}/scales"], [f"{name}/int8"], axis=1
            ),
            helper.make_node(
                "MatMulIntegerToFloat",
                [f"{name}/int8", f"{weights}/int8", _ONE, f"{weights}/scale", _ZERO],
                [f"{name}/product"],
                domain="com.microsoft",
            ),
            helper.make_node("Mul", [f"{name}/product", f"{name}/scale"], [node.output[0]]),
        )


def _picks_words(node: NodeProto) -> bool:
    return node.op_type == "Gather" and "word_embeddings" in node.name


def _bias_after(graph: GraphProto, product: NodeProto, held: Collection[str]) -> str | None:
    """The name of what is held and added to a product; None where nothing is."""
    added = (node for node in graph.node if node.op_type == "Add" and product.output[0] in node.input)
    return next((name for node in added for name in node.input if name in held), None)


def _as_int8(values: NDArray[np.float32], *, axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Integers of at most 127, and the scales that were taken along an axis."""
    scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-12) / 127
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


def _hold(graph: GraphProto, arrays: dict[str, NDArray[np.generic] | np.generic]) -> None:
    graph.initializer.extend(numpy_helper.from_array(np.asarray(each), name) for name, each in arrays.items())


def _put(graph: GraphProto, old: NodeProto, *new: NodeProto) -> None:
    """The nodes in the place of another."""
    at = list(graph.node).index(old)
    graph.node.remove(old)
    for offset, node in enumerate(new):
        graph.node.insert(at + offset, node)
