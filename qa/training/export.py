"""From trained weights to the file that is shipped: ONNX, its operators fused, its weights int8."""

import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from embeddings.onnx_graph import fuse, quantise, trace
from qa.training.network import ReaderNetwork

_EXAMPLE = 16  # tokens


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
    layer are computed so. Scales of activations are taken over a call, which is one sequence: a
    reading depends on nothing else.
    """
    network.encoder.set_attn_implementation("eager")
    network.eval()
    ids = torch.ones((1, _EXAMPLE), dtype=torch.long)
    config = network.encoder.config
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = (Path(folder) / f"{name}.onnx" for name in ("plain", "fused"))
        trace(
            _OneSequence(network),
            {"ids": ids, "kinds": torch.zeros_like(ids)},
            ["start", "end", "relevance"],
            plain,
            by_token=("ids", "kinds", "start", "end"),
        )
        fuse(plain, fused, heads=config.num_attention_heads, width=config.hidden_size)
        if int8:
            quantise(fused, file)
        else:
            file.write_bytes(fused.read_bytes())
