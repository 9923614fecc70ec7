"""BM25 over passages and their titles, by tantivy, in a field of its own for each language."""

import json
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy
from tantivy import Document, Occur, Query, SchemaBuilder

from qa.analysis import analyser
from qa.filters import Limits
from qa.names.widening import Name
from qa.wording import Group, wording

K1 = 1.2  # tantivy's constant; k1 + 1 bounds what one term can add
SHORT_WEIGHT = 0.5  # of a short form beside the long one that was asked for (DECISIONS.md)
TITLE_WEIGHT = 0.5  # a plateau from .3 to .7 over five sets (DECISIONS.md)
_HEAP = 64_000_000  # bytes
_TEXT, _TITLE = "text_", "title_"  # fields, an analyser's name after each


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

    def __init__(self, index: tantivy.Index, names: Sequence[str]) -> None:
        for name in names:
            index.register_tokenizer(name, analyser(name))
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()
        self.analysers = list(names)

    @classmethod
    def build(
        cls, entries: Iterable[Entry], names: Sequence[str], folder: Path | None = None
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
        return cls(index, held.analysers)

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """The index built in `folder`, whose bytes the caller has checked."""
        schema = json.loads((folder / "meta.json").read_bytes())["schema"]
        fields = [field["name"] for field in schema]
        names = [name.removeprefix(_TEXT) for name in fields if name.startswith(_TEXT)]
        return cls(tantivy.Index.open(str(folder)), sorted(names))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        question: str,
        k: int,
        limits: Limits | None = None,
        names: Sequence[Name] = (),
        rows: Iterable[int] | None = None,
        *,
        most: float = 1,
    ) -> list[tuple[int, float]]:
        """The k rows that score highest, with their scores; those within `limits` only.

        Words that more than a share of `most` of all passages hold are left out, unless all are such.

        Where the limits are on the days that passages mention, `rows` are those that do.
        Of the question's `names`, any spelling or form counts as much as the one asked for.
        """
        query = self._scored(question, names, most)
        if query is None or k == 0:
            return []
        if limits is not None and limits.events:
            query = Query.boolean_query(
                [(Occur.Must, query), (Occur.Must, self._chosen(() if rows is None else rows))]
            )
        elif limits is not None:
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, self._within(limits))])
        return self._run(query, k)

    def scores(self, question: str, rows: Sequence[int], names: Sequence[Name] = ()) -> dict[int, float]:
        """The score of each of the rows that shares a term with the question."""
        query = self._scored(question, names)
        if query is None or not rows:
            return {}
        query = Query.boolean_query([(Occur.Must, query), (Occur.Must, self._chosen(rows))])
        return dict(self._run(query, len(rows)))

    def rows(self) -> set[int]:
        """The rows of all passages held."""
        if not len(self):
            return set()
        return {row for row, _ in self._run(Query.all_query(), len(self))}

    def idf(self, name: str, term: str) -> float:
        """Inverse document frequency of a term in the texts of one analyser, as tantivy's BM25 has it."""
        return self._idf(f"{_TEXT}{name}", term)

    def knows(self, name: str, term: str) -> bool:
        """Whether any text or title holds the term."""
        return name in self.analysers and any(
            self._searcher.doc_freq(field, term) for field in (f"{_TEXT}{name}", f"{_TITLE}{name}")
        )

    def _idf(self, field: str, term: str) -> float:
        return self._idf_of(self._searcher.doc_freq(field, term))

    def _idf_of(self, held: int) -> float:
        return math.log(1 + (self._searcher.num_docs - held + 0.5) / (held + 0.5))

    def _scored(self, question: str, names: Sequence[Name], most: float = 1) -> Query | None:
        parts = [part for name in self.analysers if (part := self._in_language(question, name, names, most))]
        return Query.boolean_query([(Occur.Should, part) for part in parts]) if parts else None

    def _in_language(self, question: str, name: str, names: Sequence[Name], most: float) -> Query | None:
        words = wording(name, question, names)
        text, title = f"{_TEXT}{name}", f"{_TITLE}{name}"
        parts = []
        rare = [
            term
            for term in words.plain
            if self._searcher.doc_freq(text, term) <= most * self._searcher.num_docs
        ]
        for group in [*(Group((term,), ()) for term in rare or words.plain), *words.groups]:
            if in_text := self._one_of(text, group):
                parts.append(in_text)
            if in_title := self._one_of(title, group):
                parts.append(Query.boost_query(in_title, TITLE_WEIGHT))
        if not parts:
            return None
        bound = sum(self._idf(text, term) for term in words.plain)
        bound = (K1 + 1) * (bound + sum(self._weight(text, group) for group in words.groups))
        return Query.boost_query(Query.boolean_query([(Occur.Should, part) for part in parts]), 1 / bound)

    def _one_of(self, field: str, group: Group) -> Query | None:
        """The best of a name's options; of any but the one asked for all terms must be held.

        Spellings of one word weigh the same.
        """
        if not group.others:
            (term,) = group.asked
            return self._term(field, term) if self._searcher.doc_freq(field, term) else None
        weight = self._weight(field, group)
        options = []
        for option in group.options:
            held = [term for term in option if self._searcher.doc_freq(field, term)]
            if not held or (option != group.asked and len(held) < len(option)):
                continue
            occur = Occur.Should if option == group.asked else Occur.Must
            whole = Query.boolean_query([(occur, self._term(field, term)) for term in held])
            share = weight / sum(self._idf(field, term) for term in option)
            options.append(
                Query.boost_query(
                    whole,
                    share if len(group.asked) == 1 or option == group.asked else min(share, SHORT_WEIGHT),
                )
            )
        return Query.disjunction_max_query(options) if options else None

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(self._schema, field, term, "freq")

    def _weight(self, field: str, group: Group) -> float:
        """The idf of a name: of one word, that of all its options taken for one term."""
        if len(group.asked) > 1:
            return sum(self._idf(field, term) for term in group.asked)
        held = sum(min(self._searcher.doc_freq(field, term) for term in option) for option in group.options)
        return self._idf_of(min(held, self._searcher.num_docs))

    def _chosen(self, rows: Iterable[int]) -> Query:
        wanted = [int(row) for row in rows]
        return Query.const_score_query(Query.term_set_query(self._schema, "row", wanted), 0.0)

    def _within(self, limits: Limits) -> Query:
        parts = []
        if limits.sources:
            parts.append(Query.term_set_query(self._schema, "source", list(limits.sources)))
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
        builder.add_text_field(f"{_TEXT}{name}", tokenizer_name=name, index_option="freq")
        builder.add_text_field(f"{_TITLE}{name}", tokenizer_name=name, index_option="freq")
    return builder.build()


def _document(entry: Entry) -> Document:
    document = Document()
    document.add_unsigned("row", entry.row)
    document.add_text(f"{_TEXT}{entry.analyser}", entry.text)
    if entry.title:
        document.add_text(f"{_TITLE}{entry.analyser}", entry.title)
    if entry.source:
        document.add_text("source", entry.source)
    if entry.first_day is not None and entry.last_day is not None:
        document.add_unsigned("first_day", entry.first_day)
        document.add_unsigned("last_day", entry.last_day)
    return document
