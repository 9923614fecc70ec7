"""A sentence-transformers model small enough to make in a test."""


def saved(made):
    """A folder under `made` with a random model of 16 dimensions that has prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules as models
    from transformers import BertConfig, BertModel, BertTokenizerFast

    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "query",
        "passage",
        ":",
        "ferry",
        "vell",
        "crane",
    ]
    (made / "vocab.txt").write_text("\n".join(vocabulary))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(made / "bert")
    BertTokenizerFast(vocab=str(made / "vocab.txt")).save_pretrained(made / "bert")
    words = models.Transformer(str(made / "bert"), max_seq_length=32)
    pooling = models.Pooling(words.get_embedding_dimension())
    prompts = {"query": "query: ", "document": "passage: "}
    SentenceTransformer(modules=[words, pooling], prompts=prompts, device="cpu").save(str(made / "model"))
    return made / "model"
