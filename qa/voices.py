"""Whose words a sentence is: somebody's own, somebody's as the outlet tells them, or the outlet's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.article import Article, Span
from qa.analysis import analyser_name
from qa.attribution import attribution
from qa.quotation import quoted

Kind = Literal["direct", "reported", "own"]
_LEAST = 4  # words; fewer between quotation marks are a fragment or a title
_MOST = 0.5  # share of the sentence's words from which on it is direct speech
_WORD = re.compile(r"\w+")
_CLOSES = re.compile(r"[,.!?…-]\s*\Z")


@dataclass(frozen=True, slots=True)
class Voice:
    """The voice of a sentence, and who speaks, where the sentence names them: offsets in the article.

    `verb` is the verb that says so, or "according to". In direct speech most of the words stand
    between quotation marks; reported speech may hold a fragment of it.
    """

    kind: Kind
    speaker: Span | None
    verb: Span | None


OWN = Voice("own", None, None)


def voice_of(article: Article, sentence: Span) -> Voice | None:
    """The voice of one sentence; None where the article is not in English."""
    if analyser_name(article.language, article.text) != "english":
        return None
    text = article.text
    parts = quoted(text, sentence)
    bare = _bare(text, sentence, parts)
    said = attribution(text, sentence, bare)
    speaker, verb = (said.speaker, said.verb) if said else (None, None)
    if _is_direct(text, sentence, parts, attributed=said is not None):
        return Voice("direct", speaker, verb)
    return Voice("reported", speaker, verb) if said else OWN


def _is_direct(text: str, sentence: Span, parts: Sequence[Span], *, attributed: bool) -> bool:
    if not parts:
        return False
    if attributed and any(_is_clause(text, sentence, part) for part in parts):
        return True
    words = len(_WORD.findall(sentence.of(text)))
    within = sum(len(_WORD.findall(part.of(text))) for part in parts)
    if within < min(_LEAST, words) or within < _MOST * words:
        return False
    # A quoted title of the same length is no speech: nobody says it, and no mark ends a sentence in it.
    return attributed or _CLOSES.search(parts[-1].of(text)) is not None


def _is_clause(text: str, sentence: Span, part: Span) -> bool:
    """Whether quoted words are a clause of their own, not a fragment of the outlet's."""
    words = part.of(text).strip()
    if len(words.split()) < 2 or not words[0].isupper():
        return False
    after = text[part.end : sentence.end].lstrip("\"”»' ")
    return _CLOSES.search(words) is not None or not after or after.startswith(",")


def _bare(text: str, sentence: Span, parts: Sequence[Span]) -> str:
    characters = list(sentence.of(text))
    for part in parts:
        places = slice(part.start - sentence.start, part.end - sentence.start)
        characters[places] = "\0" * (part.end - part.start)
    return "".join(characters)
