"""The collections of an archive in Milvus: fields, indexes, and what they record of themselves."""

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.settings import Settings

if TYPE_CHECKING:
    from pymilvus import CollectionSchema
    from pymilvus.milvus_client import IndexParams

SCHEMA = 1  # raised whenever the fields change or mean something else; another one is made anew
K1, B = 1.2, 0.75  # of Milvus's BM25, which only finds candidates: as tantivy has them
ROW, VECTOR, TOKENS, WORDS = "row", "vector", "tokens", "words"
ANALYSER, ARTICLE, START, SOURCE, FIRST_DAY, LAST_DAY = (
    "analyser", "article", "start", "source", "first_day", "last_day",
)  # fmt: skip
KEY, CONTENT = "key", "content"
LONGEST = 65_535  # bytes of a text in Milvus
LONGEST_FACT = 1_000  # bytes of a source
_FEW = 100_000  # passages up to which each vector is compared
_MANY = 16_000_000  # passages: a graph of more does not fit three quarters of a node of 64 GB


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the collections say they hold.

    All rows up to `last` are there but for the holes; those in `gone`, which are among the holes, are
    being removed. That were all `passages` of the truth up to there, and at `generation` there was nothing
    beyond; `commit` is the token of that one, where commits have any. `counts` and `holes` name the texts
    that hold these, `place` the collection of the passages.
    """

    schema: int
    identity: str
    commit: str | None = None
    generation: int = 0
    last: int = 0
    passages: int = 0
    index: str = ""
    counts: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()
    gone: tuple[int, ...] = ()
    place: str = ""

    def to_json(self) -> str:
        """The manifest as it is stored."""
        values = {name: getattr(self, name) for name in Manifest.__dataclass_fields__}
        return json.dumps(values, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Manifest | None":
        """The manifest that was stored; None where it is none, or of another schema."""
        try:
            values = json.loads(text)
            if values["schema"] != SCHEMA:
                return cls(schema=int(values["schema"]), identity="")
            lists: dict[str, Any] = {name: tuple(values.pop(name)) for name in ("counts", "holes", "gone")}
            return cls(**values, **lists)
        except (ValueError, TypeError, KeyError):
            return None


def identity(settings: Settings) -> str:
    """What the vectors were made by; a collection of others is not this archive's."""
    facts = (
        settings.encoder, settings.weights_sha256, settings.passage_variant, settings.question_variant,
        settings.dimension, settings.passage_words,
    )  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]


def index_for(passages: int, *, is_lite: bool) -> str:
    """The index type for the vectors of so many passages (DECISIONS.md)."""
    if is_lite or passages <= _FEW:
        return "FLAT"
    return "HNSW" if passages <= _MANY else "DISKANN"


def of_passages(dimension: int) -> "CollectionSchema":
    """The fields of a passage. Facts are its article's; days are ordinals, 0 where it is undated."""
    from pymilvus import DataType, Function, FunctionType, MilvusClient  # noqa: PLC0415

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(ROW, DataType.INT64, is_primary=True)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field(
        TOKENS,
        DataType.VARCHAR,
        max_length=LONGEST,
        enable_analyzer=True,
        analyzer_params={"tokenizer": "standard"},
    )
    schema.add_field(WORDS, DataType.SPARSE_FLOAT_VECTOR)
    schema.add_field(ANALYSER, DataType.VARCHAR, max_length=32)
    schema.add_field(ARTICLE, DataType.INT64)
    schema.add_field(START, DataType.INT64)
    schema.add_field(SOURCE, DataType.VARCHAR, max_length=LONGEST_FACT)
    schema.add_field(FIRST_DAY, DataType.INT64)
    schema.add_field(LAST_DAY, DataType.INT64)
    schema.add_function(
        Function(
            name="bm25",
            function_type=FunctionType.BM25,
            input_field_names=[TOKENS],
            output_field_names=[WORDS],
        )
    )
    return schema


def vector_index(index: str) -> "IndexParams":
    """The index of the vectors. Cosines of unit vectors are inner products."""
    from pymilvus import MilvusClient  # noqa: PLC0415

    params = MilvusClient.prepare_index_params()
    built: dict[str, Any] = {"M": 24, "efConstruction": 200} if index == "HNSW" else {}
    params.add_index(VECTOR, index_type=index, metric_type="IP", params=built)
    return params


def passage_indexes(index: str, *, is_lite: bool) -> "IndexParams":
    """All indexes of passages: of vectors, of words, and, on a server, of the facts that filters look at."""
    params = vector_index(index)
    params.add_index(
        WORDS,
        index_type="SPARSE_INVERTED_INDEX",
        metric_type="BM25",
        params={"bm25_k1": K1, "bm25_b": B},
    )
    if not is_lite:  # there a mask over all rows is made anyway
        for name in (SOURCE, FIRST_DAY, LAST_DAY):
            params.add_index(name, index_type="INVERTED")
    return params


def of_counts() -> "CollectionSchema":
    """The fields of a text of term counts, or of the manifest; Milvus wants a vector in each collection."""
    from pymilvus import DataType, MilvusClient  # noqa: PLC0415

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(KEY, DataType.VARCHAR, is_primary=True, max_length=100)
    schema.add_field(CONTENT, DataType.VARCHAR, max_length=LONGEST)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=2)
    return schema
