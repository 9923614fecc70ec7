"""Whether a quote is about what a question asks about, as far as names and words tell. English only."""

import re
from collections.abc import Sequence

from corpus.article import Span
from qa.analysis import content_terms, terms
from qa.answer import Quote
from qa.dates.calendar import MONTH, WEEKDAY
from qa.names.alike import are_alike
from qa.stopwords import ENGLISH

_SHARED = 0.4  # of the words of content of a question, that a quote of the same thing has
_NEAR = 300  # characters before a quote that may name what it is about
_STEM = 4  # letters at least, that a name and its adjective share
_NAME = re.compile(r"[^\W\d_a-z][\w’'-]*(?:\s[^\W\d_a-z][\w’'-]*)*")
_OLD = re.compile(rf"-old\s(?:[a-z-]+\s){{0,4}}(?P<name>{_NAME.pattern})")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_CALENDAR = re.compile(f"(?:{WEEKDAY}|{MONTH})")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_PLACED = re.compile(
    r"\b(?:[Ii]n|[Aa]t|near|off|outside|across|throughout|around|to|[Ff]rom|of)\s+(?:the\s+)?\Z"
)
_HOW = re.compile(r"\b[Hh]ow (?:many|much|long|old|far|tall|high|fast|large|big|deep|wide|heavy|strong)\b")


def names_another(question: str, quote: Quote, value: Span, *, spellings: bool) -> bool:
    """Whether the quote is of somebody or something else than the question names.

    It is where a name of the question is missing that neither the title nor the words just before
    have, and where one is missing and others are named.
    A place where something is ("in Florida") is no other thing. With `spellings`, names spelled alike
    are one.
    """
    names = _asked_names(question)
    aged = _OLD.match(quote.article.text, value.end, quote.end)
    if names and aged is not None:
        return not _has_one(names, aged["name"], spellings=spellings)
    missing = [name for name in names if not _has_one([name], quote.text, spellings=spellings)]
    if not missing:
        return False
    text = quote.article.text
    near = f"{quote.article.title or ''} {text[max(0, quote.start - _NEAR) : quote.start]}"
    is_near = all(_has_one([name], near, spellings=spellings) for name in missing)
    return not is_near or bool(named_in(quote, value, places=False))


def is_of_it(question: str, quote: Quote, *, whole: bool, spellings: bool) -> bool:
    """Whether a quote has enough of the question's words of content; more than half of them if `whole`.

    All of the question's names count as one word, which the quote has where it has one of them.
    """
    names = _asked_names(question)
    in_names = {word for name in _NAME.finditer(question) for word in name[0].split()}
    asked = {
        term.term
        for term in content_terms("english", _HOW.sub(" ", question))
        if term.word not in in_names and not term.word[0].isdigit()
    }
    held = len(asked & set(terms("english", quote.text)))
    if names:
        held += _has_one(names, quote.text, spellings=spellings)
    count = len(asked) + bool(names)
    return 2 * held > count if whole else held >= _SHARED * count


def named_in(quote: Quote, value: Span, *, places: bool = True) -> set[str]:
    """The words of the names in a quote, in lower case, less those of its speaker and of the value."""
    text = quote.article.text
    left_out = [value]
    if quote.voice is not None and quote.voice.speaker is not None:
        left_out.append(quote.voice.speaker)
    found: set[str] = set()
    for name in _NAME.finditer(text, quote.start, quote.end):
        words = [word for word in _WORD.finditer(text, *name.span()) if word[0].casefold() not in ENGLISH]
        if words and not places and _PLACED.search(text, quote.start, words[0].start()):
            continue
        for word in words:
            bare = _POSSESSIVE.sub("", word[0])
            if _CALENDAR.fullmatch(bare) or any(span.start <= word.start() < span.end for span in left_out):
                continue
            if word.start() > quote.start or _is_name(text, bare):
                found.add(bare.casefold())
    return found


def _asked_names(question: str) -> list[str]:
    """The last word of each name in a question, by which it is called alone."""
    first = _WORD.search(question)
    names = _NAME.finditer(question, first.end() if first else 0)
    words = [_POSSESSIVE.sub("", name[0].split()[-1]) for name in names]
    return [word for word in words if word.casefold() not in ENGLISH and not _CALENDAR.fullmatch(word)]


def _has_one(names: Sequence[str], text: str, *, spellings: bool) -> bool:
    words = {_POSSESSIVE.sub("", word) for word in _WORD.findall(text) if not word.islower()}
    return any(_is_one(name, word, spellings=spellings) for name in names for word in words)


def _is_one(name: str, word: str, *, spellings: bool) -> bool:
    """Whether a word is the name, or an adjective of it: "Ukrainian"."""
    if are_alike(name, word) if spellings else name.casefold() == word.casefold():
        return True
    shorter = min(len(name), len(word), max(_STEM, len(name) - 1))
    return shorter >= _STEM and name[:shorter] == word[:shorter]


def _is_name(text: str, word: str) -> bool:
    """Whether a word that opens a quote is a name: the article has it inside a sentence too."""
    return word.casefold() not in ENGLISH and re.search(rf"[\w,] {re.escape(word)}\b", text) is not None
