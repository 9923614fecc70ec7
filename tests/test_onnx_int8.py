"""Products in int8 with a scale for each token, against the same in numpy."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from embeddings.onnx_int8 import quantise_by_token
from embeddings.onnx_session import open_session

TOKENS, WIDE, NARROW = 5, 64, 16


@pytest.fixture
def numbers():
    random = np.random.default_rng(3)
    values = np.maximum(random.standard_normal((1, TOKENS, WIDE)), -0.17).astype(np.float32)
    values[0, 1] *= 40  # a token whose values are far larger than the others'
    values = np.maximum(values, -0.17)
    weights = random.standard_normal((WIDE, NARROW)).astype(np.float32)
    return values, weights, random.standard_normal(NARROW).astype(np.float32)


def graph(weights, bias):
    nodes = [
        helper.make_node("MatMul", ["values", "weights"], ["product"], name="second"),
        helper.make_node("Add", ["bias", "product"], ["sum"]),
    ]
    held = [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")]
    shapes = ([1, "tokens", WIDE], [1, "tokens", NARROW])
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in zip(("values", "sum"), shapes, strict=True)
    ]
    return helper.make_graph(nodes, "one product", ends[:1], ends[1:], held)


def run(made, values):
    sets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(made, opset_imports=sets, ir_version=10)
    onnx.checker.check_model(model)
    (found,) = open_session(model.SerializeToString()).run(None, {"values": values})
    return found


def by_token(values, weights, bias):
    """The definition: uint8 steps from -0.17 to each token's most, int8 steps for each column's weights."""
    found = np.empty((1, TOKENS, NARROW))
    columns = np.abs(weights).max(axis=0) / 127
    integers = np.round(weights / columns)
    for token in range(TOKENS):
        step = (values[0, token].max() + 0.17) / 255
        held = np.round((values[0, token] + 0.17) / step) * step - 0.17
        found[0, token] = held @ (integers * columns) + bias
    return found


def test_each_token_has_a_scale_of_its_own(numbers):
    values, weights, bias = numbers
    made = graph(weights, bias)
    quantise_by_token(made, ["second"])
    found = run(made, values)
    np.testing.assert_allclose(found, by_token(values, weights, bias), rtol=1e-3, atol=1e-2)
    exact = values @ weights + bias
    error = np.linalg.norm(found - exact, axis=2) / np.linalg.norm(exact, axis=2)
    assert error.max() < 0.02


def test_a_token_is_the_same_in_any_company(numbers):
    values, weights, bias = numbers
    made = graph(weights, bias)
    quantise_by_token(made, ["second"])
    together = run(made, values)
    for token in range(TOKENS):
        assert np.array_equal(run(made, values[:, token : token + 1])[0, 0], together[0, token])


def test_a_product_without_bias_is_refused(numbers):
    _, weights, bias = numbers
    made = graph(weights, bias)
    del made.node[1]
    with pytest.raises(ValueError, match="second has no weights or no bias"):
        quantise_by_token(made, ["second"])
