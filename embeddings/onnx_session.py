"""An ONNX graph, opened by onnxruntime."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(graph: bytes) -> "InferenceSession":
    """The graph in a session whose calls take one thread each: several calls at once share the cores."""
    import onnxruntime  # noqa: PLC0415  (only who encodes or reads needs it)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a passage is small: a thread each is faster than many for one
    options.log_severity_level = 3  # errors
    return onnxruntime.InferenceSession(
        graph,
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # it makes one slow operator of two fast ones
    )
