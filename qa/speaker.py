"""The person or body whose words are asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.errors import InputError
from qa.names.aliases import form_key
from qa.names.widening import Name
from qa.parts import Parts
from qa.question import checked_question

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody by name, and the other spellings and forms that are searched for of a question's names."""

    name: str
    others: Sequence[Name] = ()

    def is_named(self, words: str) -> bool:
        """Whether words name them: all words of one of the two names are among the other's.

        A spelling counts as the one it stands for, and each form of the name as the name.
        """
        first = {other.casefold(): each.asked.casefold() for each in self.others for other in each.others}
        found = {first.get(word, word) for word in _words(words)}
        asked = form_key(self.name)
        forms = (
            asked.replace(form_key(each.asked), form_key(other))
            for each in self.others
            for other in each.others
        )
        names = ({first.get(word, word) for word in _words(each)} for each in (self.name, *forms))
        return any(name and found and (name <= found or found <= name) for name in names)


def checked_speaker(name: str, parts: Parts) -> str:
    """The name without the white space around it.

    Raises InputError where it has no letter, is too long, or voices are left out.
    """
    if not parts.voices:
        raise InputError(f"what {name.strip()[:60]!r} says can't be told while voices are left out")
    return checked_question(name)


def with_speaker(question: str, name: str | None) -> str:
    """What is searched: the question, and the name where the question lacks a word of it."""
    if name is None:
        return question
    return question if _words(question) >= _words(name) else f"{question} {name}"


def _words(name: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(name)}
