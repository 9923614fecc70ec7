"""Where a sentence says who says it: "Kosanov said", "according to Kosanov". English only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Span
from qa.dates.calendar import MONTH, WEEKDAY
from qa.stopwords import ENGLISH

_ALWAYS = r"said|says|stated|told|tells"  # verbs that always bring somebody's words
_OFTEN = (  # verbs that do where "that" or a quotation follows, or where they interrupt the words
    r"add(?:s|ed)|admit(?:s|ted)|acknowledge[sd]|allege[sd]?|announce[sd]|answer(?:s|ed)|argue[sd]?|"
    r"ask(?:s|ed)|assert(?:s|ed)|believe[sd]?|call(?:s|ed)|claim(?:s|ed)|comment(?:s|ed)|complain(?:s|ed)|"
    r"conclude[sd]|confirm(?:s|ed)|declare[sd]|denie[sd]|emphasi[sz]e[sd]|estimate[sd]|expect(?:s|ed)|"
    r"explain(?:s|ed)|hope[sd]|insist(?:s|ed)|maintain(?:s|ed)|mention(?:s|ed)|note[sd]|point(?:s|ed) out|"
    r"predict(?:s|ed)|promise[sd]|recall(?:s|ed)|remark(?:s|ed)|repl(?:ies|ied)|report(?:s|ed)|"
    r"respond(?:s|ed)|reveal(?:s|ed)|shout(?:s|ed)|stress(?:es|ed)|suggest(?:s|ed)|testif(?:ies|ied)|"
    r"t(?:hinks|hought)|tweet(?:s|ed)|urge[sd]|vow(?:s|ed)|warn(?:s|ed)|w(?:rites|rote)"
)
_DATE = rf"{MONTH}(?: \d{{1,2}})?(?: , \d{{4}}|, \d{{4}})?"
_PART = r"[^\W\d_a-z](?:[\w’'-]|\.(?=[\w ]))*"
_NAME = rf"{_PART}(?:[ \u00a0](?:(?:of|for|de|da|van|von|al|bin|and|the|&) ){{0,2}}{_PART})*"
_BETWEEN = (
    r"(?:[ ](?:also|later|then|once|earlier|recently|repeatedly|has|have|had|"
    rf"(?:late )?on (?:{WEEKDAY}|{_DATE})))*"
)
_PREPOSITION = "for|of|at|from|in|with|to|by|on|near|against|about|under"
_AFTER = rf"{_PREPOSITION}|who|after|before|during|as|while|when|and"  # leads on from a name
_VERB = rf"(?P<verb>(?P<always>{_ALWAYS})|(?P<often>{_OFTEN}))\b"
_NAMED = re.compile(rf"(?P<name>{_NAME})(?P<aside>(?:, [^,“”\"\0]{{2,120}}){{0,3}},)?{_BETWEEN} {_VERB}")
_UNNAMED = re.compile(
    rf"(?P<subject>[\w’'-]+),?{_BETWEEN} (?P<verb>(?P<always>say|{_ALWAYS})|(?P<often>{_OFTEN}))\b"
)
_INVERTED = re.compile(
    rf"(?P<after>\0 ?[”\"»']*,?|,) (?P<verb>(?P<always>{_ALWAYS})|{_OFTEN}) "
    rf"(?P<before>(?:[a-z][\w’'-]* ){{0,6}})(?:{_NAME} (?!(?:{_AFTER}) )[a-z-]+ )?(?P<name>{_NAME})?"
)
_ACCORDING = re.compile(
    rf"\b(?P<verb>[Aa]ccording to)\b(?: (?P<before>(?:[a-z][\w’'-]* ){{0,6}}?)(?P<name>{_NAME}))?"
)
_BRINGS = re.compile(r"(?: \w+){0,4}?[,:]? ?(?: that\b|[“\"«„]|``)")
_QUOTED = re.compile(r"\0 ?[”\"»']*,? \Z")
_ENDS_ASIDE = re.compile(rf", (?P<name>{_NAME}),\Z")
_ENDS = re.compile(
    r"[,.;]|\Z| (?:of|on|in|at|from|who|after|during|to)\b"
)  # after a name that a verb precedes
_MEASURED = frozenset(
    {"vary", "varies", "varied", "differ", "differs", "sorted", "ranked", "paid", "grouped"}
)
_NO_SUBJECT = frozenset(
    """
    who which that whom is are was were be been being to not what never as it there and or if the a an
    his her its their this so
    """.split()  # noqa: SIM905
)
_NAMELESS = frozenset(
    """
    the Police People Staff Management Government Parliament Everyone Everybody Someone Somebody Nobody
    Law Word Legend History Tradition Research Evidence Fishermen Firemen Policemen Women Men Children
    Media Opposition
    """.split()  # noqa: SIM905
)
_HEADLESS = frozenset(_PREPOSITION.split("|"))  # a name after one of them is not the subject
_ROLES = frozenset(
    """
    The A An President Vice Prime Minister Foreign Defense Defence Interior Secretary Chancellor Senator
    Sen. Governor Gov. Mayor King Queen Prince Princess Pope General Gen. Colonel Col. Captain Capt.
    Lieutenant Lt. Sergeant Sgt. Judge Justice Attorney Deputy Chief Professor Prof. Doctor Dr. Dr Mr.
    Mr Mrs. Mrs Ms. Ms Sir Lord Lady Rep. Representative Congressman Congresswoman Director Chairman
    Spokesman Spokeswoman Journalist Lawyer Former Sheriff Commissioner Ambassador Prosecutor-General
    Reverend Rev. Bishop Archbishop
    """.split()  # noqa: SIM905
)
_TIME = re.compile(rf"(?:{WEEKDAY}|{_DATE})\Z")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The verb of saying, or "according to"; and the speaker's name where one stands there."""

    speaker: Span | None
    verb: Span


def attribution(text: str, sentence: Span, bare: str) -> Attribution | None:
    r"""Who a sentence says its words are of; None where it is nobody's but the outlet's.

    `bare` is the sentence with `\0` in the place of each quoted character, so that what is said
    within quotation marks is not searched.
    """
    return next(_found(text, sentence, bare), None)


def _found(text: str, sentence: Span, bare: str) -> Iterator[Attribution]:
    for match in _INVERTED.finditer(bare):
        ends = match["always"] and match["name"] and _ENDS.match(bare, match.end())
        if match["after"] == "," and not ends:
            continue
        speaker = None if _leads_away(match["before"]) else _speaker(text, sentence, match)
        if speaker is not None or match["before"]:
            yield Attribution(speaker, _span(sentence, match, "verb"))
    for match in _NAMED.finditer(bare):
        before = bare[: match.start("name")]
        if match["aside"] == "," and not before.endswith(", "):
            continue  # "the leader of the DVK, said": not the DVK
        if _holds(bare, match, before):
            yield Attribution(_subject(text, sentence, match, before), _span(sentence, match, "verb"))
    for match in _ACCORDING.finditer(bare):
        if _last_word(bare[: match.start()]) in _MEASURED:
            continue  # "lengths vary according to the class"
        speaker = None if _leads_away(match["before"] or "") else _speaker(text, sentence, match)
        yield Attribution(speaker, _span(sentence, match, "verb"))
    for match in _UNNAMED.finditer(bare):
        before = bare[: match.start("subject")]
        if match["subject"].lower() not in _NO_SUBJECT and _holds(bare, match, before):
            yield Attribution(None, _span(sentence, match, "verb"))


def _holds(bare: str, match: re.Match[str], before: str) -> bool:
    """Whether the verb brings words: some always do, others beside "that", a quotation or two commas."""
    if match["always"]:
        return not bare.startswith(" to be ", match.end())
    if _QUOTED.search(before) or (before.endswith(", ") and bare.startswith((",", "."), match.end())):
        return True
    return _BRINGS.match(bare, match.end()) is not None


def _subject(text: str, sentence: Span, match: re.Match[str], before: str) -> Span | None:
    """Who speaks where the name comes first; an aside may name whom an office before it only describes."""
    words = match["name"].split()
    is_office = _last_word(before.removesuffix("the ")).lower() in _HEADLESS or (
        len(words) > 1 and words[1].islower() and words[0] in _ROLES
    )
    if not is_office:
        return _speaker(text, sentence, match)
    aside = _ENDS_ASIDE.search(match["aside"] or "")
    if aside is None:
        return None
    start = sentence.start + match.start("aside")
    return Span(start + aside.start("name"), start + aside.end("name"))


def _speaker(text: str, sentence: Span, match: re.Match[str]) -> Span | None:
    """The name without the titles before it; None where it is no name."""
    if match["name"] is None:
        return None
    start, end = match.span("name")
    words = match["name"].split()
    while words and words[0] in _ROLES:
        start += len(words[0]) + 1
        words = words[1:]
    name = " ".join(words)
    if not words or _TIME.match(name) or name.casefold() in ENGLISH or name.endswith(("'s", "’s")):
        return None
    if start == 0 and len(words) == 1 and not _is_name(text, name):
        return None
    return Span(sentence.start + start, sentence.start + end)


def _is_name(text: str, word: str) -> bool:
    """Whether a word that opens a sentence is a name: it may be, or is, inside a sentence of the text."""
    if re.search(rf"[\w,] {re.escape(word)}\b", text):
        return True
    return word not in _NAMELESS and (word.isupper() or not word.endswith("s"))


def _last_word(words: str) -> str:
    return next(iter(words.split()[-1:]), "")


def _leads_away(before: str) -> bool:
    """Whether the words before a name make it another's: "a spokesman for"."""
    return any(word in _HEADLESS for word in before.lower().split())


def _span(sentence: Span, match: re.Match[str], group: str) -> Span:
    return Span(sentence.start + match.start(group), sentence.start + match.end(group))
