"""From the names in a question to all that is searched for: the archive's spellings and other forms."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

from corpus.article import Span
from qa.mentions.lookup import Attested, Mentions
from qa.names.aliases import form_key, form_words
from qa.names.attested import WORD
from qa.names.folding import SHORTEST, keys
from qa.stopwords import ENGLISH

MOST = 8  # spellings or forms beside the one asked for, those that most articles have
_LONGEST_FORM = 10  # words
_BEGINS_SENTENCE = re.compile(r"(?:\A|[.!?:\"“«])\W*\Z")
_NEAR = 7  # letters of a key; shorter ones are not compared by edit distance
_FAR = 12  # letters of a key in which two slips are allowed
_LONG = 8  # letters of a key in which one letter may stand for another
_VOWELS = frozenset("aeiou")
_ALIKE = frozenset(
    map(frozenset, "ae ao ei gh hk SC sS zZ".split())  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at offsets of the question, and what is searched for beside it, the most frequent first."""

    span: Span
    asked: str
    others: tuple[str, ...]
    attested: bool  # whether any article has it as it was asked

    @property
    def searched(self) -> tuple[str, ...]:
        """All that is searched for, as asked first."""
        return (self.asked, *self.others)


def widened(question: str, mentions: Mentions, *, without: Iterable[str] = ()) -> tuple[Name, ...]:
    """The question's names that the archive also has in other spellings or forms, in order.

    `without` are spellings that are not to be searched for, whatever their case.
    """
    left_out = {each.casefold() for each in without}
    found = list(_other_forms(question, mentions))
    words = WORD.finditer(question)
    free = [word for word in words if not any(Span(*word.span()).overlaps(each.span) for each in found)]
    found += _other_spellings(question, free, mentions)
    kept = (
        Name(
            each.span,
            each.asked,
            tuple(other for other in each.others if other.casefold() not in left_out)[:MOST],
            each.attested,
        )
        for each in found
    )
    return tuple(sorted((each for each in kept if each.others), key=lambda each: each.span.start))


def _other_forms(question: str, mentions: Mentions) -> Iterator[Name]:
    """Names that an article defines in another form; the longest at each place."""
    words = form_words(question)
    asked: dict[tuple[int, int], str] = {}
    for first, (_, form) in enumerate(words):
        asked[first, first] = form
        for last in range(first + 1, min(first + _LONGEST_FORM, len(words))):
            asked[first, last] = f"{asked[first, last - 1]} {words[last][1]}"
    defined = mentions.other_forms(asked.values())
    taken = 0
    there = [place for place, form in asked.items() if form in defined]
    for first, last in sorted(there, key=lambda place: (place[0], -place[1])):
        form = asked[first, last]
        if first < taken:
            continue
        span = Span(words[first][0].start, words[last][0].end)
        as_asked = span.of(question)
        # A single word must be written as it was defined: "who" is not the WHO.
        others = [other for written, other in defined[form] if first != last or written == as_asked]
        if others:
            taken = last + 1
            yield Name(span, as_asked, tuple(dict.fromkeys(others)), attested=True)


def _other_spellings(question: str, words: Sequence[re.Match[str]], mentions: Mentions) -> Iterator[Name]:
    known = mentions.attested(word[0] for word in words)
    for word in words:
        here = known[word[0].casefold()]
        has_capital = word[0][0].isupper()
        if not _may_be_name(question, word, here):
            continue
        alike = [each.word for each in mentions.spelled_alike(word[0])]
        others = [each for each in alike if each.casefold() != word[0].casefold()]
        if not alike and not here and has_capital:
            others = _nearest(word[0], mentions)
        if others:
            yield Name(Span(*word.span()), word[0], tuple(others), attested=bool(here))


def _may_be_name(question: str, word: re.Match[str], here: Attested) -> bool:
    """Whether a word of the question may be a name: by its capital, or because no article has it small."""
    if word[0].casefold() in ENGLISH or len(word[0]) < 2 or here.is_ordinary:
        return False
    if word[0][0].isupper() and not _BEGINS_SENTENCE.search(question[: word.start()]):
        return True
    return here.is_name or (not here and len(word[0]) > SHORTEST)


def _nearest(word: str, mentions: Mentions) -> list[str]:
    """The archive's names nearest to one it doesn't have; none where they are not near, or of two kinds."""
    found: dict[str, int] = {}
    for key in sorted(keys(word)):
        if len(key) < _NEAR:
            continue
        within = 1 + (len(key) >= _FAR)
        for other in mentions.keys_with(key[:2], range(max(_NEAR, len(key) - within), len(key) + within + 1)):
            distance = DamerauLevenshtein.distance(key, other, score_cutoff=within)
            if distance <= within and is_slip(key, other):
                found[other] = min(distance, found.get(other, distance))
    least = min(found.values(), default=0)
    names = [
        names
        for key in sorted(found)
        if found[key] == least and (names := [each.word for each in mentions.names_under(key)])
    ]
    return names[0] if len(names) == 1 else []


def is_slip(key: str, other: str) -> bool:
    """Whether two keys differ only as one hears or types a name amiss.

    First and last letters agree; inside, letters that sound alike may stand for each other, a vowel or
    an "h" may come or go, and two neighbours may have changed places. "Kosanov" is no slip for
    "Kozlov", "Johnson" none for "Johnston" nor "Columbia" for "Colombia".
    """
    if key[:2] != other[:2] or key[-1] != other[-1]:
        return False
    if DamerauLevenshtein.distance(key, other) < Levenshtein.distance(key, other):
        return sorted(key) == sorted(other)
    is_long = min(len(key), len(other)) >= _LONG
    return all(
        (is_long or edit.tag != "replace")
        and _is_slight(
            key[edit.src_pos : edit.src_pos + 1], other[edit.dest_pos : edit.dest_pos + 1], edit.tag
        )
        for edit in Levenshtein.editops(key, other)
    )


def _is_slight(letter: str, other: str, change: str) -> bool:
    if change == "replace":
        return frozenset((letter, other)) in _ALIKE
    return (letter if change == "delete" else other) in _VOWELS | {"h"}


def respelled(question: str, names: Sequence[Name], text: str) -> str:
    """The question with its names as a text has them, where it has them in another form than was asked.

    A name that no article has as asked, nor this text in any form, becomes the most frequent one.
    """
    held = f" {form_key(text)} "
    chosen: dict[Span, str] = {}
    for name in names:
        if f" {form_key(name.asked)} " not in held:
            there = next((other for other in name.others if f" {form_key(other)} " in held), None)
            if there or not name.attested:
                chosen[name.span] = there or name.others[0]
    return _replaced(question, chosen)


def _replaced(question: str, chosen: Mapping[Span, str]) -> str:
    for span in sorted(chosen, key=lambda span: span.start, reverse=True):
        question = question[: span.start] + chosen[span] + question[span.end :]
    return question
