"""Which words of a text are names, as far as the text alone can tell."""

import re
from collections import Counter
from collections.abc import Iterable
from enum import IntEnum

from qa.stopwords import ENGLISH

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ](?!s\b)[^\W\d_]+)*")
_LONGEST = 40  # letters; longer runs are no names
# A word that a sentence, a line, direct speech or a bracket begins with has a capital anyway.
_FIRST = re.compile(rf"(?:\A|[.!?…:\"“”«„‘(\[\n])\W*({WORD.pattern})")


class Kind(IntEnum):
    """How a word stands in a text: small, with a capital where any word would have one, or elsewhere."""

    PLAIN = 0
    FIRST = 1
    NAME = 2


def attested(texts: Iterable[str]) -> set[tuple[str, Kind]]:
    """The words of an article's passages, each with how it stands there; grammar is left out.

    Words with a capital are as written, the others in lower case. One with a capital is FIRST only
    where it never stands elsewhere.
    """
    words, first = Counter[str](), Counter[str]()
    for text in texts:
        words.update(WORD.findall(text))
        first.update(_FIRST.findall(text))
    found = set()
    for word, times in words.items():
        if len(word) < 2 or len(word) > _LONGEST or word.casefold() in ENGLISH:
            continue
        if not word[0].isupper():
            found.add((word.casefold(), Kind.PLAIN))
        else:
            found.add((word, Kind.NAME if times > first[word] else Kind.FIRST))
    return found


def is_name(plain: int, first: int, name: int) -> bool:
    """Whether a word is a name in an archive where so many articles have it PLAIN, FIRST and as a NAME."""
    return name > plain or (first > 0 and not plain)
