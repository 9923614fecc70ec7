"""Bylines: who wrote it, for whom and at what hour, on lines of their own at the head of an article."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from corpus.article import Span
from corpus.line import Line, unmarked
from corpus.page_words import BIG_WORD
from corpus.sentences import is_body

BYLINE = "byline"
_HEAD = 4  # lines of a text among which a byline stands
_ABOVE = ("repeated", BYLINE, "navigation")  # kinds of lines that names stand above
_PLACE_WORDS = 6
_DASHES = ("—", "–", "-")
_MONTH = (
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?|"
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*"
)
_FULL_NAME = rf"{BIG_WORD}(?:\s+{BIG_WORD}){{1,3}}"
_NAMES = re.compile(rf"{_FULL_NAME}(?:(?:,|,? (?:and|&|и)) {_FULL_NAME}){{0,5}}")
_OUTLET = (  # as a byline writes it, or what somebody is there
    r"(?:(?:[A-Z0-9][\w.'’/|-]*\s){0,5}?(?:Register|Times|Post|Press|Journal|Tribune|News|Herald|Gazette|"
    r"Courier|"
    r"T(?i:oday)|Republic|Network|Magazine|Daily|Star|Sun|Democrat|Chronicle|Globe|Reviewed|Wire|Radio|"
    r"Bureau)"
    r"(?:\s(?:\|\s)?[A-Z\d][\w.]*){0,2}|(?:[\w.'’-]+\s){0,4}(?i:staff|correspondents?|columnists?|writers?|"
    r"reporters?|"
    r"editors?|contributors?)|[\w|. ]{0,30}\b[\w-]+\.(?:com|org|net))"
)
_MADE = (
    r"(?:[Bb][Yy]|(?:Story|Text|Words|Photos|Photographs|Compiled|Edited|Written|Reported)(?: and \w+)? by)"
)
_BYLINE = re.compile(
    rf"(?:(?:{_NAMES.pattern})(?:,| \|) {_OUTLET}|"
    rf"{_MADE} (?:{_NAMES.pattern})(?: and (?i:photos|photographs|"
    rf"video) by (?:{_NAMES.pattern}))?(?:,? {_OUTLET})?|"
    r"(?:[A-Z][\w.]*\s){0,3}[Ss]taff(?: [Rr]eports?)?)"
)
_PLACE = re.compile(  # below names
    rf"(?i:special (?:to|for) .{{3,40}}|for the .{{3,40}})|[A-Z]{{2,5}}|@\w+|.{{2,30}} via [A-Z]\w*|{_OUTLET}"
)
_HOUR = re.compile(  # when it was put on the page
    rf"(?i:\W*(?:\w+day,? )?(?:(?:{_MONTH}) \d{{1,2}}|"
    rf"\d{{1,2}} (?:{_MONTH})),? \d{{4}},?(?: at)? \d{{1,2}}[:.]\d\d"
    r"(?: ?[ap]\.?m\.?)?(?: [a-z]{2,4})?)"
)


def mark_bylines(lines: list[Line], notes: Collection[Span]) -> None:
    """Marks the lines at the head that name who wrote the article, for whom, and when.

    `notes` are the lines that tell of the author: there a name comes again.
    """
    head = lines[:_HEAD]
    for line in head:
        if line.kind is None and is_body(line.text):
            break
        if line.kind is None and _HOUR.fullmatch(line.text.strip()):
            line.kind = BYLINE
    for line, below in pairwise(head):
        if line.kind is None and below.kind in _ABOVE and is_names(line.text):
            line.kind = BYLINE
    open_lines = unmarked(head)
    if not open_lines or open_lines[0].finished:
        return
    first, after = open_lines[0], open_lines[1:]
    if _BYLINE.fullmatch(first.text.strip()):
        first.kind = BYLINE
        if after and _is_place(after[0]):
            after[0].kind = BYLINE
    elif after and is_names(first.text):
        if _is_place(after[0]):
            first.kind = after[0].kind = BYLINE
        elif (
            first is lines[0]
            and is_body(after[0].text)
            and _are_strangers(first, [line for line in lines[1:] if line.span not in notes])
        ):
            first.kind = BYLINE


def names_itself(line: Line, names: Sequence[list[str]]) -> bool:
    """Whether a line is the outlet's or author's name, given as words, or a dateline of the outlet's own."""
    if line.text.rstrip().endswith(_DASHES):
        said = "".join(line.words)
        stems = ["".join(name).partition(".")[0] for name in names if name]
        if len(line.words) <= _PLACE_WORDS and any(stem in said for stem in stems):
            return True
    return line.words in names or (line.words[:1] == ["by"] and line.words[1:] in names)


def is_dateline(line: Line) -> bool:
    """Whether a line that was found to be a byline is a dateline: `London, Vell Courier —`."""
    return line.kind == BYLINE and line.text.rstrip().endswith(_DASHES)


def is_names(line: str) -> bool:
    """Whether a line is nothing but one to six full names, or reads like them."""
    return _NAMES.fullmatch(line.strip()) is not None


def _is_place(line: Line) -> bool:
    """Whether the line is what stands below the names of a byline."""
    short = not line.finished and len(line.words) <= _PLACE_WORDS
    return short and _PLACE.fullmatch(line.text.strip()) is not None


def _are_strangers(names: Line, rest: Sequence[Line]) -> bool:
    """Whether none of the names comes again in what the article says, as its own subjects' would."""
    said = {word for line in rest if line.kind is None and is_body(line.text) for word in line.words}
    return not any(word in said for word in names.words if word != "and")
