"""Names in words of texts, compared as spellings of one name are."""

from collections.abc import Iterable

from qa.names.folding import keys


def are_alike(word: str, other: str) -> bool:
    """Whether two words are one but for their case, or may be two spellings of one name."""
    return word.casefold() == other.casefold() or not keys(word).isdisjoint(keys(other))


def merged(words: Iterable[str]) -> dict[str, str]:
    """Each word by the first of those that are alike, all in lower case."""
    found: dict[str, str] = {}
    for word in words:
        lower = word.casefold()
        if lower not in found:
            found[lower] = next((first for each, first in found.items() if are_alike(each, lower)), lower)
    return found
