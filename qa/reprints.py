"""What is printed more than once: articles, passages and sentences that are nearly the same words.

Articles and passages are compared by their runs of words, sentences by their words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.article import Article, Span
from qa.dates.calendar import MONTH, WEEKDAY
from qa.hit import Hit
from qa.stopwords import ENGLISH

SAME = 0.8  # Jaccard similarity of words at which two sentences say the same
COPIED = 0.8  # share of the shorter article's runs of words that a copy has in common with the longer
PRINTED = 0.9  # share of a passage's runs of words that an earlier one holds, which then stands for it
_SHORTEST = 0.5  # of the longer article: a shorter one is an excerpt, not a reprint
_RUN = 4  # words
_REMEMBERED = 1_024  # sentences whose words are kept
_WORD = re.compile(r"\w+")
_COUNTED = re.compile(
    r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|"
    rf"millions?|billions?|half|twice|not?|never|{MONTH}|{WEEKDAY}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reprint:
    """The words of a quote as another article prints them."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The printed words, sliced from the article."""
        return self.article.text[self.start : self.end]


def is_same(sentence: str, other: str) -> bool:
    """Whether two sentences say the same in nearly the same words.

    They don't where a number, a date, a "not" or a name stands in one and another in its place.
    """
    left, right = _words(sentence), _words(other)
    if len(left.keys() & right.keys()) < SAME * len(left.keys() | right.keys()):
        return False
    here, there = left.keys() - right.keys(), right.keys() - left.keys()
    if any(_COUNTED.fullmatch(word) for word in here ^ there):
        return False
    return not (any(left[word] for word in here) and any(right[word] for word in there))


def reprints_of(article: Article, quoted: Span, hits: Sequence[Hit]) -> tuple[Reprint, ...]:
    """Where the passages of other articles print the quoted sentences, oldest first, then by id.

    Each article is told once.
    """
    words = quoted.of(article.text)
    found: dict[str, Reprint] = {}
    for hit in hits:
        if hit.article.id == article.id or hit.article.id in found:
            continue
        place = _place_of(words, hit)
        if place is not None:
            found[hit.article.id] = Reprint(hit.article, place.start, place.end)
    return tuple(sorted(found.values(), key=lambda each: (each.article.published or "~", each.article.id)))


def distinct(hits: Sequence[Hit]) -> list[Hit]:
    """The passages, less those of other articles that a better one holds nearly word for word."""
    runs = [_runs(hit.text) for hit in hits]
    words = [_words(hit.text).keys() for hit in hits]

    def is_printed(at: int, first: int) -> bool:
        counted = {word for word in words[at] if _COUNTED.fullmatch(word)}
        shared = len(runs[at] & runs[first])
        return (
            hits[at].article.id != hits[first].article.id
            and shared >= PRINTED * len(runs[at])
            and counted <= words[first]
        )

    firsts = _firsts(len(runs), is_printed)
    return [hit for at, hit in enumerate(hits) if firsts[at] == at]


def independent(articles: Sequence[Article]) -> list[int]:
    """For each article the place of the first that is of the same source: its outlet, or a reprint.

    The distinct places are the sources that are independent of each other.
    """
    runs = [_runs(article.text) for article in articles]

    def is_copied(at: int, first: int) -> bool:
        shorter, longer = sorted((runs[at], runs[first]), key=len)
        return len(shorter) >= _SHORTEST * len(longer) and len(shorter & longer) >= COPIED * len(shorter)

    outlets: dict[str, int] = {}
    found: list[int] = []
    for at, first in enumerate(_firsts(len(runs), is_copied)):
        source = found[first] if first < at else at
        outlet = articles[at].source
        if outlet is not None:
            source = min(source, outlets.setdefault(outlet.casefold(), source))
        found.append(source)
    return found


def _firsts(count: int, is_copy: Callable[[int, int], bool]) -> list[int]:
    """For each of so many texts the place of the first, no copy itself, that it copies; else its own.

    `is_copy` compares two places. Every pair is compared: a question's passages are a few dozen.
    """
    found: list[int] = []
    for at in range(count):
        firsts = (place for place in range(at) if found[place] == place and is_copy(at, place))
        found.append(next(firsts, at))
    return found


def _place_of(words: str, hit: Hit) -> Span | None:
    """The first sentences of a passage that say the same as some words."""
    sentences = hit.passage.sentences
    for at, sentence in enumerate(sentences):
        if is_same(words, sentence.of(hit.article.text)):
            return sentence
        if at:
            pair = Span(sentences[at - 1].start, sentence.end)  # a quote may be of two
            if is_same(words, pair.of(hit.article.text)):
                return pair
    return None


def _runs(text: str) -> frozenset[str]:
    """The runs of _RUN words of a text; all of it where it has no more."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return frozenset(" ".join(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)))


@lru_cache(_REMEMBERED)
def _words(text: str) -> Mapping[str, bool]:
    """The words of a text, in lower case, and whether each is written as a name."""
    found: dict[str, bool] = {}
    for at, word in enumerate(_WORD.findall(text)):
        key = word.casefold()
        found[key] = found.get(key, False) or (word[0].isupper() and (at > 0 or key not in ENGLISH))
    return found
