"""Which FAISS index suits a number of vectors: exact while that is fast, then lists of 8-bit vectors."""

import math

from embeddings.faiss_index import FLAT

AUTO = "auto"  # in place of an index-factory string: by size
EXACT = 20_000  # vectors up to which each is compared (DECISIONS.md)
PER_LIST = 64  # vectors that each list is trained on


def factory_for(count: int) -> str:
    """The index-factory string for so many vectors: about two lists for each of their square root."""
    if count <= EXACT:
        return FLAT
    return f"IVF{lists_for(count)},SQ8"


def lists_for(count: int) -> int:
    """The power of two nearest to twice the square root of `count`."""
    return 1 << round(math.log2(2 * count**0.5))
