"""An ONNX graph, opened by onnxruntime."""

from typing import TYPE_CHECKING

from corpus.errors import InputError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_CPU, _GPU = "CPUExecutionProvider", "CUDAExecutionProvider"


class NoGpu(InputError):
    """onnxruntime can use no GPU here."""


def open_session(graph: bytes, *, on_gpu: bool = False) -> "InferenceSession":
    """The graph in a session whose calls take one thread each: several calls at once share the cores.

    `on_gpu` runs it there, in float32 throughout. Raises NoGpu where that can't be.
    """
    import onnxruntime  # noqa: PLC0415  (only who encodes or reads needs it)

    if on_gpu and _GPU not in onnxruntime.get_available_providers():
        raise NoGpu("this onnxruntime has no CUDA; put onnxruntime-gpu in its place")

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a passage is small: a thread each is faster than many for one
    options.log_severity_level = 3  # errors
    session = onnxruntime.InferenceSession(
        graph,
        options,
        # TF32 would round products to ten bits.
        providers=[(_GPU, {"use_tf32": "0"}), _CPU] if on_gpu else [_CPU],
        disabled_optimizers=["SkipLayerNormFusion"],  # it makes one slow operator of two fast ones
    )
    if on_gpu and session.get_providers()[0] != _GPU:  # it goes on without, and says so in its log alone
        raise NoGpu("onnxruntime can't use the GPU; its log says why, as a rule CUDA's libraries are missing")
    return session
