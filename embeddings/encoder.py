"""What turns text into vectors."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]  # told how many texts were encoded since the last call


class Encoder(Protocol):
    """Text to unit vectors. The same text gives the same vector, whatever is encoded beside it."""

    @property
    def name(self) -> str:
        """The model's name or folder, as an archive records it."""

    @property
    def weights_sha256(self) -> str:
        """Hex SHA-256 that changes when the weights do."""

    @property
    def passage_variant(self) -> str:
        """What passages are computed in: `fp32` or `int8-rows`. Vectors of two variants differ."""

    @property
    def question_variant(self) -> str:
        """The same, of questions."""

    @property
    def dimension(self) -> int:
        """Length of the vectors."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """A float32 matrix of shape (len(texts), dimension), its rows of length 1."""

    def encode_question(self, text: str) -> Vectors:
        """A float32 vector of shape (dimension,), of length 1."""
