"""Words to index terms: an analyser a language, tantivy's stemmers and stop words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from qa.stopwords import ENGLISH

PLAIN = "plain"  # words as they are, for languages without a stemmer
_STEMMED = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch",
    "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_STOPPED = {
    "danish", "dutch", "finnish", "french", "german", "hungarian", "italian", "norwegian",
    "portuguese", "russian", "spanish", "swedish",
}  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"\w+")
_SAMPLE = 2_000  # characters looked at to tell a script


@dataclass(frozen=True, slots=True)
class Term:
    """An index term with the word of the text it came from."""

    term: str
    word: str


def analyser_name(language: str | None, text: str) -> str:
    """The analyser for a text: by its language, else by its script. Nothing is stored of the guess."""
    if language:
        return _STEMMED.get(language.split("-")[0].split("_")[0].lower(), PLAIN)
    letters = "".join(_LETTERS.findall(text[:_SAMPLE]))
    if len(_CYRILLIC.findall(letters)) * 2 > len(letters):
        return "russian"
    return "english" if len(_LATIN.findall(letters)) * 2 >= len(letters) else PLAIN


@cache
def analyser(name: str) -> TextAnalyzer:
    """The analyser that makes index terms: lower case, accents off, stemmed."""
    return _stemming(name, _words())


def terms(name: str, text: str) -> list[str]:
    """The distinct index terms of a text, in order of first use."""
    return list(dict.fromkeys(analyser(name).analyze(text)))


def content_terms(name: str, text: str) -> list[Term]:
    """The distinct terms of words that carry content, each with its word as written."""
    found: dict[str, Term] = {}
    for word in _WORD.findall(text):
        if _is_stop_word(name)(word.casefold()):
            continue
        for term in analyser(name).analyze(word):
            found.setdefault(term, Term(term, word))
    return list(found.values())


def _words() -> TextAnalyzerBuilder:
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(100))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
    )


def _stemming(name: str, builder: TextAnalyzerBuilder) -> TextAnalyzer:
    return builder.build() if name == PLAIN else builder.filter(Filter.stemmer(name)).build()


@cache
def _is_stop_word(name: str) -> Callable[[str], bool]:
    if name == "english":
        return ENGLISH.__contains__
    if name not in _STOPPED:
        return frozenset[str]().__contains__
    kept = (
        TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.lowercase()).filter(Filter.stopword(name))
    ).build()
    return lambda word: not kept.analyze(word)
