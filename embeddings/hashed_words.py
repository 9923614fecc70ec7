"""An encoder without weights: a hashed bag of words.

Meaningful (texts that share words are near each other), deterministic, instant. The tests use it
where the model adds nothing; `--model hashed-words` makes an archive with it, for a machine that
can't run a neural model.
"""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from embeddings.encoder import Progress, Vectors

NAME = "hashed-words"
_DIMENSION = 256
_WORD = re.compile(r"\w+")


class HashedWordsEncoder:
    """Each word adds one to the dimension its SHA-256 names; the sum is scaled to length 1."""

    name = NAME
    weights_sha256 = hashlib.sha256(b"hashed-words 256").hexdigest()
    passage_variant = question_variant = "fp32"
    dimension = _DIMENSION

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder."""
        vectors = np.empty((len(texts), _DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.encode_question(text)
        if progress is not None:
            progress(len(texts))
        return vectors

    def encode_question(self, text: str) -> Vectors:
        """See Encoder."""
        vector = np.zeros(_DIMENSION, dtype=np.float32)
        for word in _WORD.findall(text.casefold()):
            vector[_dimension_of(word)] += 1
        if not vector.any():  # a vector of length 1 is promised for any text
            vector[0] = 1
        return vector / np.linalg.norm(vector)


def _dimension_of(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:4], "big") % _DIMENSION
