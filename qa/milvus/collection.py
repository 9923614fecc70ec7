"""An archive's two collections in Milvus: its passages, and what is counted of them with the manifest.

Passages that are made anew get a collection of their own beside the one that is searched, and a manifest
of their own; once they are whole, that becomes the manifest, and who searches goes over to them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from corpus.errors import ArchiveError
from embeddings.encoder import Vectors
from qa.milvus import schema
from qa.milvus.connection import Connection, Refused
from qa.milvus.holes import Range, unpacked
from qa.milvus.schema import CONTENT, KEY, ROW, SCHEMA, Manifest
from qa.milvus.term_counts import TermCounts
from qa.milvus.tokens import Words, words

MOST_HITS = 16_384  # of one search; Milvus gives no more
_MANIFEST, _SUCCESSOR = "manifest", "successor"  # keys of manifests
_AT_ONCE = 1_000  # rows of one insertion
_NAMED = 5_000  # rows named in one expression
_STRONG = "Strong"  # a search sees all that was written before it: see DECISIONS.md


class Collection:
    """What is stored under one name. Only the holder of the archive's write lock writes."""

    def __init__(self, connection: Connection, name: str, dimension: int) -> None:
        self.connection = connection
        self.name = name
        self._counts = f"{name}_counts"
        self._dimension = dimension
        self._key = _MANIFEST
        self._before: Collection | None = None  # of a successor, whose place it is to take
        self._found: Manifest | None = None  # the last that was read or written

    @property
    def is_lite(self) -> bool:
        """Whether it is milvus-lite that keeps it."""
        return self.connection.is_lite

    @property
    def passages(self) -> str:
        """The name of the collection of the passages, as the last manifest has it."""
        return self._place_of(self._found or self.manifest())

    def _place_of(self, manifest: Manifest | None) -> str:
        return f"{self.name}_{manifest.place}" if manifest is not None and manifest.place else self.name

    def successor(self) -> "Collection":
        """What is being made to take the place of this one."""
        made = Collection(self.connection, self.name, self._dimension)
        made._key, made._before = _SUCCESSOR, self
        return made

    def manifest(self) -> Manifest | None:
        """What the collections hold; None where they are missing or only half made."""
        self._found = None
        found = self._read()
        if found is not None and found.schema == SCHEMA:
            self._found = found
        return found

    def _read(self) -> Manifest | None:
        if not self._is_there(self._counts):
            return None
        found = self._query(self._counts, f'{KEY} in ["{self._key}"]', [CONTENT])
        manifest = Manifest.from_json(found[0][CONTENT]) if found else None
        if manifest is None or manifest.schema != SCHEMA:  # where another one's passages are is not known
            return manifest
        return manifest if self._is_there(self._place_of(manifest)) else None

    def write(self, manifest: Manifest) -> None:
        """Stores what the collections hold from now on."""
        self._write_text(self._key, manifest.to_json())
        self._found = manifest

    def make(self, manifest: Manifest) -> None:
        """Makes an empty collection of passages in the place of all there is; the manifest comes last.

        A successor leaves what is searched, and takes the place of another successor that was half made.
        """
        self._drop_but({self._before.passages, self._counts} if self._before is not None else set())
        self._found = manifest
        lite = self.is_lite
        self.connection.call(
            "create_collection",
            self.passages,
            schema=schema.of_passages(self._dimension),
            index_params=schema.passage_indexes(manifest.index, is_lite=lite),
            consistency_level=_STRONG,
        )
        if self._before is None:
            self.connection.call(
                "create_collection",
                self._counts,
                schema=schema.of_counts(),
                index_params=schema.vector_index("FLAT"),
                consistency_level=_STRONG,
            )
        self.write(manifest)

    def take_place(self, manifest: Manifest) -> None:
        """Puts a successor that is whole in the place of what was searched, which it is from then on."""
        if self._before is None:
            return
        self._before.write(manifest)
        self.connection.call("delete", self._counts, ids=[_SUCCESSOR])
        self._drop_but({self.passages, self._counts})
        self._key, self._before = _MANIFEST, None
        self.keep_texts([*manifest.counts, *manifest.holes])

    def remake_index(self, index: str) -> None:
        """Gives the vectors an index of that type; searches fail meanwhile, saying so."""
        self.connection.call("release_collection", self.passages)
        self.connection.call("drop_index", self.passages, schema.VECTOR)
        self.connection.call("create_index", self.passages, schema.vector_index(index), timeout=24 * 3600)
        self.load()

    def load(self) -> None:
        """Makes it ready to be searched; nothing where it is."""
        for name, seconds in ((self.passages, 24 * 3600), (self._counts, 60)):
            self.connection.call("load_collection", name, timeout=seconds)

    def compact(self) -> None:
        """Lets Milvus put its files together without what was deleted; milvus-lite does so by itself."""
        if not self.is_lite:
            self.connection.call("compact", self.passages)

    def drop(self) -> None:
        """Removes all collections of the name."""
        self._drop_but(set())

    def _drop_but(self, kept: AbstractSet[str]) -> None:
        for each in sorted(self.connection.call("list_collections")):
            if each.startswith(self.name) and each not in kept:
                self.connection.call("drop_collection", each)

    def insert(self, passages: Sequence[Mapping[str, Any]]) -> None:
        """Stores passages under rows that are not there."""
        for at in range(0, len(passages), _AT_ONCE):
            self.connection.call("insert", self.passages, list(passages[at : at + _AT_ONCE]), timeout=120)

    def delete(self, rows: Sequence[int]) -> None:
        """Removes those of the rows that are there."""
        for some in _parts(rows, _NAMED):
            self.connection.call("delete", self.passages, ids=list(some), timeout=120)

    def delete_beyond(self, last: int) -> None:
        """Removes rows above `last`: left by a writer that was stopped."""
        self.connection.call("delete", self.passages, filter=f"{ROW} > {last:d}", timeout=120)

    def settle(self) -> None:
        """Makes milvus-lite put what was stored in files: it would index its log anew at each search."""
        if self.is_lite:
            self.connection.call("flush", self.passages, timeout=600)
            self.connection.call("flush", self._counts, timeout=60)

    def count(self, low: int = 0, high: int | None = None) -> int:
        """How many rows there are above `low` and, where given, up to `high`."""
        expression = f"{ROW} > {low:d}" + ("" if high is None else f" and {ROW} <= {high:d}")
        (found,) = self._query(self.passages, expression, ["count(*)"])
        return int(found["count(*)"])

    def rows(self, low: int, high: int) -> list[int]:
        """The rows above `low` and up to `high`, in order; no more than a few thousand are asked for."""
        found = self._query(self.passages, f"{ROW} > {low:d} and {ROW} <= {high:d}", [ROW], limit=MOST_HITS)
        return sorted(int(each[ROW]) for each in found)

    def words(self, rows: Sequence[int]) -> Iterator[Words]:
        """The words of those of the rows that are there."""
        for some in _parts(rows, _AT_ONCE):
            for found in self._of_rows(some, [schema.ANALYSER, schema.TOKENS]):
                yield words(found[schema.ANALYSER], found[schema.TOKENS].split())

    def facts(self, rows: Sequence[int], names: Sequence[str]) -> dict[int, Mapping[str, Any]]:
        """Those fields of those of the rows that are there, by row."""
        return {
            int(found[ROW]): found
            for some in _parts(rows, _AT_ONCE)
            for found in self._of_rows(some, [ROW, *names])
        }

    def counts(self, keys: Sequence[str]) -> TermCounts | None:
        """The sum of the term counts under those keys; None where one is missing or damaged."""
        texts = self._texts(keys)
        try:
            return None if texts is None else TermCounts.unpacked(texts)
        except ValueError:
            return None

    def holes(self, keys: Sequence[str]) -> list[Range] | None:
        """The holes under those keys; None where a text is missing or damaged."""
        texts = self._texts(keys)
        try:
            return None if texts is None else unpacked(texts)
        except ValueError:
            return None

    def write_texts(self, texts: Sequence[str], *, at: str) -> tuple[str, ...]:
        """Stores texts; returns their keys, which begin with `at`."""
        keys = tuple(f"{at}-{number}" for number in range(len(texts)))
        for key, text in zip(keys, texts, strict=True):
            self._write_text(key, text)
        return keys

    def keep_texts(self, keys: Sequence[str]) -> None:
        """Removes the texts under other keys than those and a successor's."""
        half = self.successor().manifest()
        keys = [*keys, *half.counts, *half.holes] if half is not None else keys
        found = self._query(
            self._counts, f'{KEY} not in ["{_MANIFEST}", "{_SUCCESSOR}"]', [KEY], limit=MOST_HITS
        )
        others = sorted({each[KEY] for each in found} - set(keys))
        for some in _parts(others, 500):
            self.connection.call("delete", self._counts, ids=list(some))

    def _texts(self, keys: Sequence[str]) -> list[str] | None:
        texts: list[str] = []
        for some in _parts(keys, 200):
            listed = ", ".join(f'"{key}"' for key in some)
            texts += [
                found[CONTENT] for found in self._query(self._counts, f"{KEY} in [{listed}]", [CONTENT])
            ]
        return texts if len(texts) == len(keys) else None

    def nearest(self, vector: Vectors, k: int, expression: str) -> list[tuple[int, float]]:
        """Rows and inner products of the k nearest vectors within the expression, best first."""
        return self._search(schema.VECTOR, vector, k, expression)

    def with_words(self, text: str, k: int, expression: str) -> list[tuple[int, float]]:
        """Rows and Milvus's own BM25 of the k passages that have most of the tokens of a text, best first."""
        return self._search(schema.WORDS, text, k, expression)

    def _search(self, field: str, asked: object, k: int, expression: str) -> list[tuple[int, float]]:
        name, last = self.passages, self._found.last if self._found is not None else 0
        try:
            return self._search_in(name, field, asked, k, expression)
        except Refused:
            now = self._read()
            if now is None or self._place_of(now) == name:
                raise
            if now.last < last:
                raise ArchiveError(
                    "the archive's collection in Milvus is being made anew; ask again in a while"
                ) from None
            self._found = now
            return self._search_in(self._place_of(now), field, asked, k, expression)

    def _search_in(
        self, name: str, field: str, asked: object, k: int, expression: str
    ) -> list[tuple[int, float]]:
        (hits,) = self.connection.call(
            "search",
            name,
            data=[asked],
            anns_field=field,
            limit=min(k, MOST_HITS),
            filter=expression,
            output_fields=[ROW],
            consistency_level=_STRONG,
            search_params={"params": _widths(min(k, MOST_HITS)) if field == schema.VECTOR else {}},
        )
        return [(int(hit[ROW]), float(hit["distance"])) for hit in hits]

    def _of_rows(self, rows: Sequence[int], names: Sequence[str]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self.connection.call(
            "get", self.passages, ids=list(rows), output_fields=list(names), consistency_level=_STRONG
        )
        return found

    def _query(
        self, name: str, expression: str, names: Sequence[str], limit: int | None = None
    ) -> list[Mapping[str, Any]]:
        bounds = {} if limit is None else {"limit": limit}
        found: Iterable[Mapping[str, Any]] = self.connection.call(
            "query", name, filter=expression, output_fields=list(names), consistency_level=_STRONG, **bounds
        )
        return list(found)

    def _write_text(self, key: str, content: str) -> None:
        row = {KEY: key, CONTENT: content, schema.VECTOR: [0.0, 1.0]}
        self.connection.call("upsert", self._counts, [row])

    def _is_there(self, name: str) -> bool:
        if not self.connection.call("has_collection", name):
            return False
        self.connection.call("load_collection", name)
        return True


def _widths(k: int) -> dict[str, int]:
    """How many candidates an index looks at for k hits, as HNSW and DISKANN name it. FLAT needs none."""
    return {"ef": max(200, 2 * k), "search_list": max(200, 2 * k)}


def _parts(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for at in range(0, len(values), size):
        yield values[at : at + size]
