"""A question as the lexical index is asked it: its words as weighed queries, made once."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tantivy import Occur, Query, Schema, Searcher

from qa.names.widening import Name
from qa.wording import Group, Wording, wording

K1 = 1.2  # tantivy's constant; k1 + 1 bounds what one term can add
SHORT_WEIGHT = 0.5  # of a short form beside the long one that was asked for (DECISIONS.md)
TITLE_WEIGHT = 0.5  # a plateau from .3 to .7 over five sets (DECISIONS.md)
_RARE = 0.05  # of all passages: words that fewer hold have so short lists that joining them costs little
_DEEP = 50  # queries nested in each other: a thread's stack of 8 MB has room for 800 (DECISIONS.md)
TEXT, TITLE = "text_", "title_"  # fields, an analyser's name after each


@dataclass(frozen=True, slots=True)
class _Part:
    """What one word or name adds to a score, in texts and titles.

    `held` is how many texts hold the word, None for a name, `titled` how many titles; it adds less than
    `most`.
    """

    queries: tuple[Query, ...]
    held: int | None
    titled: int
    most: float


@dataclass(frozen=True, slots=True)
class _InLanguage:
    """The parts in one language's fields; `weight` makes their sum a share of what they could give."""

    parts: tuple[_Part, ...]
    weight: float

    def common(self, most: float) -> list[_Part]:
        """The words that more than so many passages hold; none where all words are such."""
        words = [part for part in self.parts if part.held is not None]
        common = [part for part in words if part.held is not None and part.held > most]
        return common if len(common) < len(words) else []


class LexicalQuestion:
    """A question's terms in every language of one index, weighed by how many passages hold them."""

    def __init__(
        self,
        searcher: Searcher,
        schema: Schema,
        analysers: Sequence[str],
        documents: int,
        question: str,
        names: Sequence[Name] = (),
    ) -> None:
        self._searcher = searcher
        self._documents = documents  # of which some may be removed: tantivy counts them in idf until merged
        self._schema = schema
        self._counts: dict[tuple[str, str], int] = {}
        made = (self._in_language(name, wording(name, question, names)) for name in analysers)
        self._languages = [each for each in made if each is not None]

    def finding(self, most: float = 1, *, flat: bool = False) -> Query | None:
        """Finds whatever shares a term with the question, by score; None where nothing can.

        Words that more than a share of `most` of all passages hold are left out, unless all are such.
        `flat` lets tantivy pass over blocks of postings that can't be among the best, which pays in a large
        index; the last bits of sums may differ then.
        """
        limit = most * self._searcher.num_docs
        whole = []
        for language in self._languages:
            common = language.common(limit)
            found = [query for part in language.parts if part not in common for query in part.queries]
            if flat:
                whole += [Query.boost_query(query, language.weight) for query in found]
            elif found:
                together = Query.boolean_query([(Occur.Should, query) for query in found])
                whole.append(Query.boost_query(together, language.weight))
        return Query.boolean_query([(Occur.Should, each) for each in whole]) if whole else None

    @property
    def size(self) -> int:
        """How many queries add to a score."""
        return sum(len(part.queries) for language in self._languages for part in language.parts)

    def left_out(self, most: float) -> float:
        """More than a passage's score can have from the words that `finding` leaves out."""
        limit = most * self._searcher.num_docs
        return max(
            (each.weight * sum(part.most for part in each.common(limit)) for each in self._languages),
            default=0.0,
        )

    def scoring(self, chosen: Query) -> Iterator[Query]:
        """Queries that score what is chosen, with 0 where it shares no term; their sums are the scores.

        A common term at a time is sought in what is chosen only. All terms in one union would be joined
        in windows of 4,096 passages, and a few chosen ones lie in many windows. Each query nests those
        before it deeper, and copies them, and tantivy's stack has an end: so only so many are in one.
        """
        rare: list[Query] = []
        weighed: list[Query] = []
        for language in self._languages:
            for part in language.parts:
                is_rare = part.held is not None and max(part.held, part.titled) < _RARE * self._documents
                queries = [Query.boost_query(query, language.weight) for query in part.queries]
                (rare if is_rare else weighed).extend(queries)
        if rare:
            weighed.insert(0, Query.boolean_query([(Occur.Should, query) for query in rare]))
        for first in range(0, len(weighed), _DEEP):
            nested = chosen
            for query in weighed[first : first + _DEEP]:
                nested = Query.boolean_query([(Occur.Must, nested), (Occur.Should, query)])
            yield nested

    def _in_language(self, name: str, words: Wording) -> _InLanguage | None:
        text, title = f"{TEXT}{name}", f"{TITLE}{name}"
        parts = [self._part(text, title, Group((term,), ())) for term in words.plain]
        parts += [self._part(text, title, group) for group in words.groups]
        if not any(part.queries for part in parts):
            return None
        bound = sum(self._idf(text, term) for term in words.plain)
        bound = (K1 + 1) * (bound + sum(self._weight(text, group) for group in words.groups))
        return _InLanguage(tuple(parts), 1 / bound)

    def _part(self, text: str, title: str, group: Group) -> _Part:
        in_text, in_title = self._one_of(text, group), self._one_of(title, group)
        queries = [in_text] if in_text else []
        if in_title:
            queries.append(Query.boost_query(in_title, TITLE_WEIGHT))
        if group.others:
            return _Part(tuple(queries), None, 0, math.inf)
        (term,) = group.asked
        held = self._held(text, term), self._held(title, term)
        most = idf(held[0], self._documents) + TITLE_WEIGHT * idf(held[1], self._documents)
        return _Part(tuple(queries), *held, (K1 + 1) * most)

    def _one_of(self, field: str, group: Group) -> Query | None:
        """The best of a name's options; of any but the one asked for all terms must be held.

        Spellings of one word weigh the same.
        """
        if not group.others:
            (term,) = group.asked
            return self._term(field, term) if self._held(field, term) else None
        weight = self._weight(field, group)
        options = []
        for option in group.options:
            held = [term for term in option if self._held(field, term)]
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
        held = sum(min(self._held(field, term) for term in option) for option in group.options)
        return idf(min(held, self._documents), self._documents)

    def _idf(self, field: str, term: str) -> float:
        return idf(self._held(field, term), self._documents)

    def _held(self, field: str, term: str) -> int:
        """How many passages hold the term in that field."""
        if (field, term) not in self._counts:
            self._counts[field, term] = self._searcher.doc_freq(field, term)
        return self._counts[field, term]


def idf(held: int, passages: int) -> float:
    """Inverse document frequency of a term that so many of the passages hold, as tantivy's BM25 has it."""
    return math.log(1 + (passages - held + 0.5) / (held + 0.5))
