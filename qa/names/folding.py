"""Keys under which the spellings of one name meet, whatever script or romanisation they are in.

Any script is written in Latin letters by anyascii; then the letters and endings in which the common
romanisations of Cyrillic and Kazakh differ are made one. Where a letter stands for two sounds
(Latin `x` and `j`), a spelling has a key for each.
"""

import re
from functools import lru_cache
from itertools import product

from anyascii import anyascii

SHORTEST = 4  # letters; a shorter name is folded to Latin letters only
_LONG = 6  # letters; in a shorter name fewer letters are made one
_MOST_READINGS = 3  # letters that can be read in two ways
_ACRONYM = re.compile(r"[^\W\d_a-zа-яё]{2,6}")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")

# Letters that anyascii takes for their plain form, though they stand for two sounds or one of two.
_TWO_WAYS = {
    "š": ("sh", "s"), "ş": ("sh", "s"), "č": ("ch", "c"), "ç": ("ch", "c"), "ž": ("zh", "z"),
    "ä": ("a", "ae"), "ö": ("o", "oe"), "ü": ("u", "ue"), "ё": ("yo", "e"), "ң": ("ng", "n"),
    "к": ("k", "c"),  # "Виктор" is Viktor and Victor
}  # fmt: skip
_CONSONANT = "[^aeiou]"
# "Muxtar" and "Kazax", but not "Alexei" and "Alex"
_KAZAKH_X = re.compile(rf"\Ax|(?<={_CONSONANT})x(?=.)|x(?={_CONSONANT})|(?<=.{{4}})x\Z")
_INNER_J = re.compile(r"(?<=.)j")

# In this order. The capitals stand for the sounds that English writes with several letters, and for a
# "c" that is none of "ts".
_SOUNDS = (
    ("shch|sh", "S"),
    ("ch", "C"),
    ("dzh|zh", "Z"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("ck|q", "k"),
    ("c(?![eiyv])", "K"),
    ("tz|ts", "c"),
    (r"(?<=[oe])w\Z", "v"),
    ("y", "i"),
)
_OF_LONG = (("sch", "sh"), ("w", "v"))
_DOUBLED = re.compile(r"([^eo])\1+")
_DOUBLED_IN_SHORT = re.compile(r"(?<=[aeiouy])(s)s(?=[aeiouy])|(i)i+|yy\Z")  # "Kassym", but not "Parris"
_SOFT_E = re.compile(r"(\A|[aeiou])ie")
_FOREIGN_ENDING = re.compile(r"(?<=..)([oe])ff\Z")
_ENDING = re.compile(r"(?<=..)i?[oe]v(a?)\Z")

# Endings of Russian cases and Kazakh ones, behind which a name may stand in its own form.
_CASES = re.compile(
    r"(?<=\w{4})(?:а|у|е|ы|ой|ом|ым|ых|[тдн]ың|[тдн]ің|[қғ]а|[кг]е|[тд]а|[тд]е|[тдн]ы|[тдн]і)\Z"
)


@lru_cache(maxsize=200_000)
def keys(word: str) -> frozenset[str]:
    """The keys of one spelling; two spellings may be one name where they share a key.

    Acronyms and words of fewer than SHORTEST letters keep every letter.
    """
    if _ACRONYM.fullmatch(word):
        return frozenset({f"={_latin(word.casefold())}"})
    lower = word.casefold()
    spelled = [lower]
    if _CYRILLIC.search(lower) and (own := _CASES.sub("", lower)) != lower:
        spelled.append(own)
    return frozenset(key for each in spelled for latin in _readings(each) if (key := _folded(latin)))


def _readings(lower: str) -> set[str]:
    """The word in Latin letters, in each way its letters can be read."""
    if len(lower) < SHORTEST:
        return {_latin(lower)}
    ways = [_TWO_WAYS.get(letter, (letter,)) for letter in lower]
    if sum(len(way) > 1 for way in ways) > _MOST_READINGS:
        ways = [way[:1] for way in ways]
    written = {_latin("".join(letters)) for letters in product(*ways)}
    kazakh = re.compile("x") if len(lower) > _LONG else _KAZAKH_X
    written = {each for latin in written for each in (latin, kazakh.sub("kh", latin))}
    if len(lower) >= _LONG:  # "Sergej", but not "Raj"
        written = {each for latin in written for each in (latin, _INNER_J.sub("y", latin))}
    return {latin.replace("j", "zh").replace("x", "ks") for latin in written}


def _latin(lower: str) -> str:
    return re.sub(r"[^a-z]", "", anyascii(lower).lower())


def _folded(latin: str) -> str:
    if len(latin) < SHORTEST:
        return f"={latin}" if latin else ""
    is_long = len(latin) >= _LONG
    key = _FOREIGN_ENDING.sub(r"\1v", latin)
    for letters, sound in (*(_OF_LONG if is_long else ()), *_SOUNDS):
        key = re.sub(letters, sound, key)
    key = _DOUBLED.sub(r"\1", key) if len(latin) > _LONG else _DOUBLED_IN_SHORT.sub(r"\1\2", key)
    key = _SOFT_E.sub(r"\1e", key)
    return _ENDING.sub(r"ov\1", key)
