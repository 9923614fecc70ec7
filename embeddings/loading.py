"""An encoder by its name."""

from embeddings.encoder import Encoder
from embeddings.hashed_words import NAME as HASHED_WORDS
from embeddings.hashed_words import HashedWordsEncoder
from embeddings.sentence_transformer import SentenceTransformerEncoder


def load_encoder(name: str) -> Encoder:
    """`hashed-words`, or a sentence-transformers model by name or folder.

    Raises InputError where there is no such model.
    """
    if name == HASHED_WORDS:
        return HashedWordsEncoder()
    return SentenceTransformerEncoder.load(name)
