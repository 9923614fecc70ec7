"""Looking up what an archive mentions."""

import json
import sqlite3
import weakref
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qa.closing import Closing
from qa.names.attested import Kind, is_name
from qa.names.folding import keys

_ORDINARY = 10  # an ordinary word stands small at least once for so many times as a name
_MOST = 500  # parameters of one statement
# In two parts, each kept short by an index: days that began within a year before, and longer times.
_PLACES = """
SELECT article, start FROM dates WHERE first_day BETWEEN :since - 365 AND :until AND last_day >= :since
UNION ALL
SELECT article, start FROM dates
WHERE last_day - first_day > 365 AND first_day < :since - 365 AND last_day >= :since
LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Attested:
    """How many articles have a word in lower case, with a capital where any would have one, and as a name."""

    plain: int = 0
    first: int = 0
    name: int = 0

    @property
    def is_name(self) -> bool:
        """Whether the archive takes it for a name."""
        return is_name(self.plain, self.first, self.name)

    @property
    def is_ordinary(self) -> bool:
        """Whether it is a word that articles also have small: "King", but not "Toqaev"."""
        return _ORDINARY * self.plain > self.name

    def __bool__(self) -> bool:
        return self.plain + self.first + self.name > 0


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as articles write it, and in how many of them."""

    word: str
    articles: int


class Mentions(Closing):
    """What one state of an archive mentions. Threads may share it."""

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._tables = tables
        # A connection is part of a cycle: who forgets this leaves it open until one is collected.
        weakref.finalize(self, tables.close)

    def close(self) -> None:
        """Lets go of the tables."""
        self._tables.close()

    def attested(self, words: Iterable[str]) -> dict[str, Attested]:
        """How each word stands in the archive, whatever its case; by its case-folded form."""
        lower = sorted({word.casefold() for word in words})
        counted: dict[str, Counter[int]] = {word: Counter() for word in lower}
        for word, kind, articles in self._found(
            "SELECT lower, kind, articles FROM words WHERE lower IN ({})", lower
        ):
            counted[word][kind] += articles
        return {
            word: Attested(counts[Kind.PLAIN], counts[Kind.FIRST], counts[Kind.NAME])
            for word, counts in counted.items()
        }

    def spelled_alike(self, word: str) -> list[Spelling]:
        """The archive's names that share a key with the word, itself among them; the most frequent first."""
        return self._names(keys(word))

    def keys_with(self, beginning: str, lengths: range) -> list[str]:
        """The keys of words with a capital that begin so and have so many letters, in order."""
        return [
            key
            for (key,) in self._tables.execute(
                "SELECT DISTINCT key FROM keys WHERE key >= ? AND key < ? AND length(key) BETWEEN ? AND ? "
                "ORDER BY key",
                (beginning, f"{beginning}\uffff", lengths[0], lengths[-1]),
            )
        ]

    def names_under(self, key: str) -> list[Spelling]:
        """The archive's names under one key, the most frequent first."""
        return self._names({key})

    def other_forms(self, forms: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
        """By form (`form_key`), each form as an article writes it and the other that it defines.

        Those that most articles define come first.
        """
        found: dict[str, Counter[tuple[str, str]]] = {}
        wanted = sorted(set(forms))
        for one, other in (("short", "long"), ("long", "short")):
            for form, written, defined in self._found(
                f"SELECT {one}_key, {one}, {other} FROM definitions WHERE {one}_key IN ({{}})", wanted
            ):
                found.setdefault(form, Counter())[written, defined] += 1
        return {
            form: sorted(counts, key=lambda pair: (-counts[pair], pair)) for form, counts in found.items()
        }

    def dates_in(self, articles: Iterable[int], since: int, until: int) -> list[tuple[int, int, int, int]]:
        """What articles, by their rows, mention of those days (ordinals): row, offset, first and last day."""
        return self._tables.execute(
            "SELECT article, start, first_day, last_day FROM dates "
            "WHERE article IN (SELECT value FROM json_each(?)) AND first_day <= ? AND last_day >= ?",
            (json.dumps(list(articles)), until, since),
        ).fetchall()

    def places_of(
        self, first: date | None, last: date | None, most: int | None = None
    ) -> list[tuple[int, int]] | None:
        """Rows of articles with the offsets at which they mention a day in that range; None is no bound.

        In no order. None where there are more than `most`.
        """
        days = {
            "since": (first or date.min).toordinal(),
            "until": (last or date.max).toordinal(),
            "most": -1 if most is None else most + 1,
        }
        if most is not None:
            (count,) = self._tables.execute(f"SELECT count(*) FROM ({_PLACES})", days).fetchone()
            if count > most:
                return None
        return self._tables.execute(_PLACES, days).fetchall()

    def _names(self, wanted: Collection[str]) -> list[Spelling]:
        written: dict[str, Counter[str]] = {}
        for word, lower, articles, _ in self._found(
            "SELECT DISTINCT words.word, lower, articles, kind FROM keys JOIN words ON number = keys.word "
            "WHERE key IN ({})",
            sorted(wanted),
        ):
            written.setdefault(lower, Counter())[word] += articles
        known = self.attested(written)
        found = [
            Spelling(min(forms, key=lambda form: (-forms[form], form)), sum(forms.values()))
            for lower, forms in written.items()
            if known[lower].is_name
        ]
        return sorted(found, key=lambda each: (-each.articles, each.word))

    def _found(self, statement: str, parameters: Sequence[str]) -> Iterator[Sequence[Any]]:
        for start in range(0, len(parameters), _MOST):
            batch = parameters[start : start + _MOST]
            yield from self._tables.execute(statement.format(", ".join("?" * len(batch))), batch)
