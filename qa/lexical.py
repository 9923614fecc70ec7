"""BM25 over passages and their titles, by tantivy, in a field of its own for each language."""

import json
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import tantivy
from tantivy import Document, Occur, Query, SchemaBuilder

from embeddings.index_size import EXACT
from embeddings.made_of import MadeOf, members
from embeddings.nearest import Ids
from qa.analysis import analyser
from qa.filters import Limits
from qa.lexical_question import TEXT, TITLE, LexicalQuestion, idf
from qa.names.widening import Name

_HEAP = 512_000_000  # bytes at most: one segment of a million passages, which is searched faster than several
_REMEMBERED = 8  # questions, as queries
_LAST_BITS = 2.5e-7  # times its terms: more than the order in which a score is summed up makes of it
_SET = 500  # rows from which tantivy's set of terms is faster than a term each (DECISIONS.md)
_WIDE = 0.25  # of all passages: where filters allow more, what is found without them is filtered
_SPARE = 1.5  # times as many are found as should be enough


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the lexical index takes it; `source` is case-folded, days are ordinals."""

    row: int
    analyser: str
    text: str
    title: str | None
    source: str | None
    first_day: int | None
    last_day: int | None


class LexicalIndex:
    """Scores are BM25 of text and title over the most that the question's terms could give: 0 to about 1."""

    def __init__(self, index: tantivy.Index, names: Sequence[str], documents: int | None = None) -> None:
        for name in names:
            index.register_tokenizer(name, analyser(name))
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()
        self._member = MadeOf(members)
        self.analysers = list(names)
        held = len(self) if documents is None else documents
        self._asked = lru_cache(_REMEMBERED)(
            partial(LexicalQuestion, self._searcher, self._schema, self.analysers, held)
        )

    @classmethod
    def build(
        cls, entries: Iterable[Entry], names: Collection[str], folder: Path | None = None
    ) -> "LexicalIndex":
        """A new index of the entries, in `folder` or in memory; `names` are the analysers they use.

        The same entries in the same order give the same scores to the last bit.
        """
        names = sorted(names)
        index = tantivy.Index(_schema(names), str(folder) if folder else None)
        for name in names:
            index.register_tokenizer(name, analyser(name))
        writer = index.writer(_HEAP, num_threads=1)
        for entry in entries:
            writer.add_document(_document(entry))
        writer.commit()
        writer.wait_merging_threads()
        return cls(index, names)

    @classmethod
    def of(cls, entries: Collection[Entry]) -> "LexicalIndex":
        """A new index of the entries in memory, with the analysers they use."""
        return cls.build(entries, {entry.analyser for entry in entries})

    @classmethod
    def extend(cls, folder: Path, entries: Iterable[Entry], gone: Collection[int]) -> "LexicalIndex":
        """The index in `folder`, with further entries and without the rows that are gone.

        Files that were there are left as they are: only new ones are written. Words of what is gone
        go on counting in idf until their files are merged.
        """
        held = cls.open(folder)
        index = tantivy.Index.open(str(folder))
        for name in held.analysers:
            index.register_tokenizer(name, analyser(name))
        writer = index.writer(_HEAP, num_threads=1)
        for row in gone:
            writer.delete_documents_by_query(Query.term_query(index.schema, "row", row))
        for entry in entries:
            writer.add_document(_document(entry))
        writer.commit()
        writer.wait_merging_threads()
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """The index built in `folder`, whose bytes the caller has checked."""
        meta = json.loads((folder / "meta.json").read_bytes())
        fields = [field["name"] for field in meta["schema"]]
        names = [name.removeprefix(TEXT) for name in fields if name.startswith(TEXT)]
        documents = sum(segment["max_doc"] for segment in meta["segments"])
        return cls(tantivy.Index.open(str(folder)), sorted(names), documents)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        question: str,
        k: int,
        limits: Limits | None = None,
        names: Sequence[Name] = (),
        rows: Ids | None = None,
        *,
        most: float = 1,
    ) -> list[tuple[int, float]]:
        """The k rows that score highest, with their scores; those within `limits` only.

        Words that more than a share of `most` of all passages hold are left out, unless all are such.

        `rows` are those that the limits allow; they must be told where these are of the days that passages
        mention. Of the question's `names`, any spelling or form counts as much as the one asked for.
        """
        query = self._asked(question, tuple(names)).finding(most, flat=len(self) > EXACT)
        if query is None or k == 0:
            return []
        if limits is not None and rows is not None and len(self) > EXACT:
            found = self._found_among(query, k, rows)
            if found is not None:
                return found
        if limits is not None and limits.events:
            query = Query.boolean_query(
                [(Occur.Must, query), (Occur.Must, self._chosen(() if rows is None else rows))]
            )
        elif limits is not None:
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, self._within(limits))])
        return self._run(query, k)

    def scores(self, question: str, rows: Sequence[int], names: Sequence[Name] = ()) -> dict[int, float]:
        """The score of each of the rows that shares a term with the question."""
        if not rows:
            return {}
        asked, chosen = self._asked(question, tuple(names)), self._chosen(rows)
        if len(self) > EXACT:
            queries = list(asked.scoring(chosen))
        elif (found := asked.finding()) is not None:
            queries = [Query.boolean_query([(Occur.Must, found), (Occur.Must, chosen)])]
        else:
            return {}
        sums: dict[int, float] = {}
        for query in queries:
            for row, score in self._run(query, len(rows)):
                sums[row] = sums.get(row, 0.0) + score
        return {row: score for row, score in sums.items() if score > 0}

    def left_out(self, question: str, names: Sequence[Name] = (), *, most: float) -> float:
        """More than a score can be above the one that `search` gives; 0 where that is the score."""
        asked = self._asked(question, tuple(names))
        return asked.left_out(most) + (_LAST_BITS * asked.size if len(self) > EXACT else 0.0)

    def rows(self) -> set[int]:
        """The rows of all passages held."""
        if not len(self):
            return set()
        return {row for row, _ in self._run(Query.all_query(), len(self))}

    def idf(self, name: str, term: str) -> float:
        """Inverse document frequency of a term in the texts of one analyser, as tantivy's BM25 has it."""
        return idf(self._searcher.doc_freq(f"{TEXT}{name}", term), self._searcher.num_docs)

    def knows(self, name: str, term: str) -> bool:
        """Whether any text or title holds the term."""
        return name in self.analysers and any(
            self._searcher.doc_freq(field, term) for field in (f"{TEXT}{name}", f"{TITLE}{name}")
        )

    def _found_among(self, query: Query, k: int, rows: Ids) -> list[tuple[int, float]] | None:
        """The k best of the rows, where these are many; None where they are few or few of the best are in."""
        if len(rows) < _WIDE * len(self):
            return None
        wanted = math.ceil(_SPARE * k * len(self) / len(rows))
        found, member = self._run(query, wanted), self._member(rows)
        within = [each for each in found if each[0] < len(member) and member[each[0]]]
        return within[:k] if len(within) >= k or len(found) < wanted else None

    def _chosen(self, rows: Iterable[int]) -> Query:
        wanted = [int(row) for row in rows]
        if len(wanted) > _SET:
            return Query.const_score_query(Query.term_set_query(self._schema, "row", wanted), 0.0)
        each = [(Occur.Should, Query.term_query(self._schema, "row", row, "basic")) for row in wanted]
        return Query.const_score_query(Query.boolean_query(each), 0.0)

    def _within(self, limits: Limits) -> Query:
        parts = []
        if limits.sources:
            named = [Query.term_query(self._schema, "source", each, "basic") for each in limits.sources]
            parts.append(Query.boolean_query([(Occur.Should, each) for each in named]))
        if limits.since is not None:
            parts.append(self._days("last_day", first=limits.since.toordinal()))
        if limits.until is not None:
            parts.append(self._days("first_day", last=limits.until.toordinal()))
        return Query.const_score_query(Query.boolean_query([(Occur.Must, part) for part in parts]), 0.0)

    def _days(self, field: str, *, first: int | None = None, last: int | None = None) -> Query:
        return Query.range_query(self._schema, field, tantivy.FieldType.Unsigned, first, last)

    def _run(self, query: Query, k: int) -> list[tuple[int, float]]:
        hits = self._searcher.search(query, max(1, min(k, len(self))), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row or 0), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]


def _schema(names: Sequence[str]) -> tantivy.Schema:
    builder = SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("first_day", indexed=True, fast=True)
    builder.add_unsigned_field("last_day", indexed=True, fast=True)
    for name in names:
        builder.add_text_field(f"{TEXT}{name}", tokenizer_name=name, index_option="freq")
        builder.add_text_field(f"{TITLE}{name}", tokenizer_name=name, index_option="freq")
    return builder.build()


def _document(entry: Entry) -> Document:
    document = Document()
    document.add_unsigned("row", entry.row)
    document.add_text(f"{TEXT}{entry.analyser}", entry.text)
    if entry.title:
        document.add_text(f"{TITLE}{entry.analyser}", entry.title)
    if entry.source:
        document.add_text("source", entry.source)
    if entry.first_day is not None and entry.last_day is not None:
        document.add_unsigned("first_day", entry.first_day)
        document.add_unsigned("last_day", entry.last_day)
    return document
