"""Index terms as Milvus takes them: one word of ASCII letters and digits for a term, its field and language.

Milvus's standard tokenizer splits where letters and digits end, and milvus-lite's does the same; both
leave such a word as it is. So the analysis is ours, whatever engine searches: a term of a Russian text, of
an English one and of an English title are three tokens of one field, each with an idf of its own.
"""

import base64
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from qa.analysis import PLAIN, analyser

# A letter for each analyser. They are stored: a letter is never given to another.
LETTERS = {
    "arabic": "a", "danish": "b", "german": "c", "greek": "d", "english": "e", "spanish": "f",
    "finnish": "g", "french": "h", "hungarian": "i", "italian": "j", "dutch": "k", "norwegian": "l",
    "portuguese": "m", "romanian": "n", "russian": "o", "swedish": "p", "tamil": "q", "turkish": "r",
    PLAIN: "s",
}  # fmt: skip
NAMES = {letter: name for name, letter in LETTERS.items()}
_TEXT, _TEXT_CODED, _TITLE, _TITLE_CODED = "a", "b", "c", "d"
TEXT_KINDS = (_TEXT, _TEXT_CODED)
MOST_BYTES = 60_000  # of a passage's tokens; Milvus takes 65,535


@dataclass(frozen=True, slots=True)
class Words:
    """A passage's tokens, each with how often it is there, and the lengths of text and title in tokens."""

    name: str  # the analyser's
    times: Counter[str]
    text: int
    title: int


def token(name: str, term: str, *, in_title: bool) -> str:
    """The token of a term in the texts or titles of one analyser."""
    if term.isascii() and term.isalnum():
        return f"{LETTERS[name]}{_TITLE if in_title else _TEXT}{term}"
    coded = base64.b32encode(term.encode()).decode().rstrip("=").lower()
    return f"{LETTERS[name]}{_TITLE_CODED if in_title else _TEXT_CODED}{coded}"


def tokens(name: str, text: str, title: str | None) -> list[str]:
    """The tokens of a passage and its title, as often as their terms stand there."""
    analysed = analyser(name).analyze
    found = [token(name, term, in_title=False) for term in analysed(text)]
    found += [token(name, term, in_title=True) for term in analysed(title or "")]
    room = MOST_BYTES
    for at, each in enumerate(found):
        room -= len(each) + 1
        if room < 0:
            return found[:at]
    return found


def words(name: str, found: Iterable[str]) -> Words:
    """The tokens of a passage, counted."""
    times = Counter(found)
    text = sum(count for each, count in times.items() if each[1] in TEXT_KINDS)
    return Words(name, times, text, times.total() - text)
