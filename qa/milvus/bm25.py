"""The lexical score of passages by what is counted of all: tantivy's BM25, as qa.lexical asks for it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from qa.lexical_question import K1, SHORT_WEIGHT, TITLE_WEIGHT
from qa.milvus.term_counts import TermCounts
from qa.milvus.tokens import LETTERS, Words, token
from qa.names.widening import Name
from qa.wording import Group, wording

_B = 0.75  # tantivy's constant
_EXACT_LENGTHS = 24  # of those a byte holds; the rest have four significant bits
_Score = Callable[[Words], float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's terms against all counts. `tokens` are those to look for, with what each counts."""

    tokens: dict[str, int]
    by_analyser: dict[str, _Score]

    def score(self, words: Words) -> float:
        """The score of a passage; 0 where it shares no term with the question."""
        score = self.by_analyser.get(words.name)
        return score(words) if score is not None else 0.0


class Bm25:
    """Scores by what is counted of all passages."""

    def __init__(self, counts: TermCounts) -> None:
        self._counts = counts

    def idf(self, name: str, term: str) -> float:
        """Inverse document frequency of a term in the texts of one analyser."""
        return self._idf(name, term, in_title=False)

    def knows(self, name: str, term: str) -> bool:
        """Whether any text or title holds the term."""
        return any(self._held(name, term, in_title=in_title) for in_title in (False, True))

    def asked(self, question: str, names: Sequence[Name] = (), most: float = 1) -> Asked:
        """The question as LexicalIndex asks it; `names` and `most` are as its search has them."""
        looked_for: dict[str, int] = {}
        scores = {}
        for name in self._counts.analysers:
            score = self._in_language(question, name, names, most, looked_for)
            if score is not None:
                scores[name] = score
        return Asked(looked_for, scores)

    def _in_language(
        self, question: str, name: str, names: Sequence[Name], most: float, looked_for: dict[str, int]
    ) -> _Score | None:
        words = wording(name, question, names)
        rare = [
            term for term in words.plain if self._held(name, term, in_title=False) <= most * len(self._counts)
        ]
        parts: list[tuple[float, _Score]] = []
        for group in [*(Group((term,), ()) for term in rare or words.plain), *words.groups]:
            for in_title in (False, True):
                part = self._one_of(name, group, in_title, looked_for)
                if part is not None:
                    parts.append((TITLE_WEIGHT if in_title else 1.0, part))
        if not parts:
            return None
        bound = math.fsum(self.idf(name, term) for term in words.plain)
        bound += math.fsum(self._weight(name, group, in_title=False) for group in words.groups)
        bound *= K1 + 1
        return lambda of: sum(weight * part(of) for weight, part in parts) / bound

    def _one_of(self, name: str, group: Group, in_title: bool, looked_for: dict[str, int]) -> _Score | None:
        """The best of a name's options; see LexicalIndex."""
        times = 1 if in_title else round(1 / TITLE_WEIGHT)
        if not group.others:
            (term,) = group.asked
            return self._sum(name, [term], in_title, looked_for, times, whole=False)
        weight = self._weight(name, group, in_title=in_title)
        options: list[tuple[float, _Score]] = []
        for option in group.options:
            as_asked = option == group.asked
            held = [term for term in option if self._held(name, term, in_title=in_title)]
            if not held or (not as_asked and len(held) < len(option)):
                continue
            share = weight / math.fsum(self._idf(name, term, in_title=in_title) for term in option)
            boost = share if len(group.asked) == 1 or as_asked else min(share, SHORT_WEIGHT)
            score = self._sum(name, held, in_title, looked_for, times, whole=not as_asked)
            if score is not None:
                options.append((boost, score))
        if not options:
            return None
        return lambda of: max(boost * score(of) for boost, score in options)

    def _sum(
        self,
        name: str,
        terms: Sequence[str],
        in_title: bool,
        looked_for: dict[str, int],
        times: int,
        *,
        whole: bool,
    ) -> _Score | None:
        """The sum over the terms that a passage holds; where they are a `whole`, 0 unless it holds all."""
        weights = {
            token(name, term, in_title=in_title): (K1 + 1) * self._idf(name, term, in_title=in_title)
            for term in terms
            if self._held(name, term, in_title=in_title)
        }
        if not weights:
            return None
        looked_for.update(dict.fromkeys(weights, times))
        mean = self._counts.mean_length(LETTERS[name], in_title=in_title)

        def score(of: Words) -> float:
            norm = K1 * (1 - _B + _B * stored_length(of.title if in_title else of.text) / mean)
            total = 0.0
            for each, weight in weights.items():
                frequency = of.times.get(each, 0)
                if frequency:
                    total += weight * frequency / (frequency + norm)
                elif whole:
                    return 0.0
            return total

        return score

    def _weight(self, name: str, group: Group, *, in_title: bool) -> float:
        """The idf of a name: of one word, that of all its options taken for one term."""
        if len(group.asked) > 1:
            return math.fsum(self._idf(name, term, in_title=in_title) for term in group.asked)
        held = sum(
            min(self._held(name, term, in_title=in_title) for term in option) for option in group.options
        )
        return self._idf_of(min(held, len(self._counts)))

    def _idf(self, name: str, term: str, *, in_title: bool) -> float:
        return self._idf_of(self._held(name, term, in_title=in_title))

    def _idf_of(self, held: int) -> float:
        return math.log(1 + (len(self._counts) - held + 0.5) / (held + 0.5))

    def _held(self, name: str, term: str, *, in_title: bool) -> int:
        return max(0, self._counts.held[token(name, term, in_title=in_title)])


@cache
def stored_length(length: int) -> int:
    """The length as tantivy stores it in a byte: the greatest that a byte can hold and is not more."""
    if length < _EXACT_LENGTHS:
        return length
    more = length - _EXACT_LENGTHS
    shift = max(0, more.bit_length() - 4)
    return _EXACT_LENGTHS + ((more >> shift) << shift)
