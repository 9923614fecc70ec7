"""An encoder that remembers its last texts: a question is encoded once, a sentence seen again not at all."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from embeddings.encoder import Encoder, Progress, Vectors

MOST = 8_192  # texts remembered; 12 MB of vectors with 384 dimensions


class RememberingEncoder:
    """Another encoder's vectors, the latest `most` of them kept. Threads may share it."""

    def __init__(self, encoder: Encoder, *, most: int = MOST) -> None:
        self._encoder = encoder
        self._most = most
        self._vectors: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._turn = threading.Lock()
        self.name = encoder.name
        self.weights_sha256 = encoder.weights_sha256
        self.passage_variant = encoder.passage_variant
        self.question_variant = encoder.question_variant
        self.dimension = encoder.dimension

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder."""
        known = {text: vector for text in set(texts) if (vector := self._recall("passage", text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            for text, vector in zip(new, self._encoder.encode_passages(new, progress), strict=True):
                known[text] = vector
                self._remember("passage", text, vector)
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def encode_question(self, text: str) -> Vectors:
        """See Encoder."""
        vector = self._recall("question", text)
        if vector is None:
            vector = self._encoder.encode_question(text)
            self._remember("question", text, vector)
        return vector

    def _recall(self, kind: str, text: str) -> Vectors | None:
        with self._turn:
            vector = self._vectors.get((kind, text))
            if vector is not None:
                self._vectors.move_to_end((kind, text))
            return vector

    def _remember(self, kind: str, text: str, vector: Vectors) -> None:
        with self._turn:
            self._vectors[kind, text] = vector
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
