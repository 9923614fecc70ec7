"""The person or body whose words are asked for."""

import re

from corpus.errors import InputError
from qa.parts import Parts
from qa.question import checked_question

_WORD = re.compile(r"\w+")


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
    asked = {word.casefold() for word in _WORD.findall(question)}
    return question if asked >= {word.casefold() for word in _WORD.findall(name)} else f"{question} {name}"
