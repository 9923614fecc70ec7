"""A question's index terms, those of its names with the terms of their other spellings and forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.analysis import terms
from qa.names.widening import Name


@dataclass(frozen=True, slots=True)
class Group:
    """The terms of a name as asked, and those of each other spelling or form of it."""

    asked: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]

    @property
    def options(self) -> tuple[tuple[str, ...], ...]:
        """Each of them, as asked first."""
        return (self.asked, *self.others)


@dataclass(frozen=True, slots=True)
class Wording:
    """The distinct terms of a question in one analyser, in order: those of no name, and those of names."""

    plain: tuple[str, ...]
    groups: tuple[Group, ...]


def wording(analyser: str, question: str, names: Sequence[Name]) -> Wording:
    """The terms of the question; a name all of whose forms are one term is as any word."""
    groups: dict[tuple[str, ...], Group] = {}
    for name in names:
        asked = tuple(terms(analyser, name.asked))
        others = dict.fromkeys(tuple(terms(analyser, other)) for other in name.others)
        distinct = tuple(other for other in others if other and other != asked)
        if asked and distinct:
            groups.setdefault(asked, Group(asked, distinct))
    named = {term for asked in groups for term in asked}
    plain = tuple(term for term in terms(analyser, question) if term not in named)
    return Wording(plain, tuple(groups.values()))
