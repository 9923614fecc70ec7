"""Questions to begin with: of the sample archive ours, of any other made from names in its articles."""

import re
from collections import Counter
from functools import lru_cache

from qa.answerer import Answerer
from qa.archive import Archive
from qa.page import texts
from qa.sample import sample_ids

MOST = 4
_READ = 200  # articles that names are looked for in
_PAIR = re.compile(r"(?<=[\w,] )(?=([^\W\d_]{2,} [^\W\d_]{2,})\b)")  # two words within a sentence
_LONGEST = 40


def examples(answerer: Answerer) -> tuple[str, ...]:
    """Some questions on what the archive holds now."""
    return _examples(answerer, answerer.archive.generation)


@lru_cache(maxsize=4)
def _examples(answerer: Answerer, generation: int) -> tuple[str, ...]:  # noqa: ARG001  (a key)
    if sample_ids(answerer.archive):
        return texts.EXAMPLES
    asked = (texts.ABOUT.format(name=name) for name in _names(answerer.archive)[: 3 * MOST])
    answered = (question for question in asked if not answerer.ask(question).abstained)
    return tuple(question for question, _ in zip(answered, range(MOST), strict=False))


def _names(archive: Archive) -> list[str]:
    """Pairs of capitalised words, those that most articles say first."""
    with archive.reading() as connection:
        found = connection.execute("SELECT text FROM articles ORDER BY id LIMIT ?", (_READ,)).fetchall()
    said = Counter(name for (text,) in found for name in set(_PAIR.findall(text)) if _is_name(name))
    return sorted(said, key=lambda name: (-said[name], name))


def _is_name(pair: str) -> bool:
    return len(pair) <= _LONGEST and all(word[0].isupper() and word[1:].islower() for word in pair.split())
