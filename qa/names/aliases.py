"""Short and long forms of a name that an article defines: "Democratic Choice of Kazakhstan (DVK)"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.article import Span
from qa.stopwords import ENGLISH

_CAPITAL = r"(?=[^\W\d_a-zа-яё])[^\W\d_]"
_JOINING = "of for and in on the to de du des la le del della der für y et и по в на о об для".split()  # noqa: SIM905
_NAME_WORD = rf"{_CAPITAL}[\w'’-]*"
_NAME = rf"{_NAME_WORD}(?:\s+(?:(?:{'|'.join(_JOINING)})\s+){{0,2}}{_NAME_WORD}){{0,9}}"
_LAST_NAME = re.compile(rf"(?<!\w){_NAME}\Z")
_SHORT = re.compile(rf"{_CAPITAL}[\w.&/]{{0,9}}{_CAPITAL}|{_CAPITAL}{{2,10}}")
_LAST_SHORT = re.compile(rf"(?<!\w)({_SHORT.pattern})\s\Z")
_WHOLE_NAME = re.compile(_NAME)
_BRACKETS = re.compile(r"(?<=[\w’'] )\((?:the )?[\"“]?([^()\n]{2,100}?)[\"”]?\)")
_KNOWN_AS = re.compile(
    r"[,(]\s*(?:also|formerly|previously|now|better|otherwise)\s+(?:known\s+as|called|named)\s+"
    rf"(?:the\s+)?[\"“]?({_NAME})[\"”]?\s*[,).]"
)
_WORDS = re.compile(r"[^\W\d_][\w'’]*")
_FORM = re.compile(r"[^\W_]+(?:['’ʼ](?!s\b)[^\W_]+)*")
_BRITISH = re.compile(r"is(ation|ed|ing)")
_REACH = 120  # characters before a bracket in which the long form begins
_MOST_FREE = 1  # words of the long form more or less than letters, where letters and words don't all agree


@dataclass(frozen=True, slots=True, order=True)
class Definition:
    """Two forms of one name, as written; `short` is the acronym, or the name given second."""

    short: str
    long: str


def definitions(texts: Iterable[str]) -> set[Definition]:
    """What the passages of an article define."""
    found = set()
    for text in texts:
        for match in _BRACKETS.finditer(text):
            found.add(_bracketed(text[max(0, match.start() - _REACH) : match.start()], match[1]))
        for match in _KNOWN_AS.finditer(text):
            before = text[max(0, match.start() - _REACH) : match.start()].rstrip()
            name = _LAST_NAME.search(before)
            found.add(_definition(match[1], name[0]) if name else None)
    return {each for each in found if each is not None}


def form_key(name: str) -> str:
    """The form under which names are compared: words in lower case, "-isation" as "-ization"."""
    return " ".join(form for _, form in form_words(name))


def form_words(text: str) -> list[tuple[Span, str]]:
    """The words of a text as `form_key` joins them, each with its offsets."""
    return [(Span(*word.span()), _BRITISH.sub(r"iz\1", word[0].casefold())) for word in _FORM.finditer(text)]


def _bracketed(before: str, inside: str) -> Definition | None:
    """Short form in brackets after the long one, or the other way round."""
    if _SHORT.fullmatch(inside):
        long = _defined(inside, before.rstrip())
        return None if long is None else _definition(inside, long)
    short = _LAST_SHORT.search(before)
    if short and _WHOLE_NAME.fullmatch(inside) and _defined(short[1], inside) == inside:
        return _definition(short[1], inside)
    return None


def _definition(short: str, long: str) -> Definition | None:
    """The definition, without grammar before the name; None where one form holds the other."""
    words = long.split()
    while words and words[0].casefold() in ENGLISH:
        words.pop(0)
    long = " ".join(words).split(" The ")[-1]
    short = " ".join(short.split())
    form, own = form_key(long), form_key(short)
    if not form or not own or f" {own} " in f" {form} " or f" {form} " in f" {own} ":
        return None
    return Definition(short, long)


def _defined(short: str, before: str) -> str | None:
    """The words at the end of `before` that `short` stands for; None where it stands for none of them.

    Its letters begin the words, joining words aside; or stand in a name in order, the first where a
    word begins (Schwartz and Hearst, 2003); or, being of another language, the first begins the
    name, there is one word with a capital for each, and more than half of them begin words, in order.
    """
    letters = [letter.casefold() for letter in short if letter.isalpha()]
    if len(letters) < 2:
        return None
    words = list(_WORDS.finditer(before))
    said = [word for word in words if word[0].casefold() not in _JOINING][-len(letters) :]
    if [word[0][0].casefold() for word in said] == letters and before.endswith(said[-1][0]):
        return before[said[0].start() :]
    name = _LAST_NAME.search(before)
    if name is None:
        return None
    at = _start(letters, name[0])
    if at is not None and (own := _WORDS.findall(name[0][at:])) and own[0] not in _JOINING and len(own) > 1:
        return name[0][at:]
    initials = [word[0].casefold() for word in _WORDS.findall(name[0]) if word[0].isupper()]
    if len(initials) < 2 or abs(len(initials) - len(letters)) > _MOST_FREE or initials[0] != letters[0]:
        return None
    return name[0] if 2 * _in_order(letters, initials) > len(letters) else None


def _start(letters: list[str], name: str) -> int | None:
    at = len(name)
    for place in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and not (
            name[at].casefold() == letters[place]
            and (place or at == 0 or not (name[at - 1].isalnum() or name[at - 1] in "'’"))
        ):
            at -= 1
        if at < 0:
            return None
    return at


def _in_order(letters: list[str], initials: list[str]) -> int:
    """The length of the longest common subsequence."""
    longest = [0] * (len(initials) + 1)
    for letter in letters:
        before = longest[:]
        for at, initial in enumerate(initials, 1):
            longest[at] = before[at - 1] + 1 if letter == initial else max(longest[at - 1], before[at])
    return longest[-1]
