"""Headlines of other articles that stand between an article's own paragraphs, with nothing to say so.

An article's own headings look alike. What tells them apart: a heading's words come again in the paragraphs
below it, and an article has several headings or none. So a headline is a line of some length that breaks off
without a full stop, between paragraphs, strange to what follows it, where hardly any line is a heading; and
it keeps company: another line of the article is a link by its form.
"""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.line import Line
from corpus.sentences import is_body

_FEWEST, _MOST = 7, 22  # words
_SPARE = 8  # words that a count by letters finds more
_PLAIN = 9  # words of a headline in one part, at least
_BELOW = 4  # lines after it that a heading's words come again in
_FOOT = 5  # headlines
_HEADING = 14  # words, at most
_LEAST_WORDS = 3  # that carry meaning
_NEXT, _SECTION = 0.3, 0.45  # shares of its words that the next line, and the lines below, may have
_STEM = 5  # letters
_NO_MEANING = re.compile(
    r"about|after|also|been|before|could|does|down|from|have|here|here's|into|just|more|most|much|over|"
    r"than|that|the|their|them|then|there|these|they|this|those|very|want|were|what|what's|when|where|"
    r"which|while|who|will|with|would|your"
)
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Gov|Sen|Rep|Mrs?|Ms|Dr|vs|No|St|[JS]r|Lt|Gen|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\."
)
_SENTENCE_ENDS = re.compile(r"[.;]\s+[\"'“‘]?[^\W\d_a-zа-яё]")
_STARTS_OTHERWISE = re.compile(  # a list, a table, an hour, a sentence that goes on
    r"[•*–—(@-]|[#\d]+[.):/]|\d{1,2}(?::\d\d)? [ap]\.?m|(?:and|but|so|then|yet|or)\b|.*\b(?:and|or|the|of|"
    r"to)\Z",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"\b(?:said|told|tweeted|wrote|asked|replied)\b", re.IGNORECASE)
_CREDITED = re.compile(r"/[A-Z]|\b(?:Getty|AP|AFP|Reuters|Images?|Photos?|Courtesy|via)\b")
_TWO_PARTS = re.compile(
    r"[^:?!]{3,90}(?::\s*|[?!][\"'’”]?\s+(?![\"“]))(?=\S+\s+\S+\s+\S)"
)  # Album review: Sea songs, …
_STATES = re.compile(
    r"\b(?:was|were|has|have|had|been)\b|\A(?:the|there|more than)\b", re.IGNORECASE
)  # as headlines don't
_LABEL_ENDS = re.compile(r"[:?!]")
_QUOTED = re.compile(r"[\"“].*[\"”]\Z|[^:]*[a-zа-яё][^:A-Z]*:\s*[\"“]")  # alone, or after who said it
_QUESTION = re.compile(r"[?…][\"'”’)]*\Z")


def mark_headlines(lines: list[Line]) -> None:
    """Marks headlines of other articles as `related`; what has a form of its own is marked before."""
    shaped = [
        line.kind is None and _FEWEST <= len(line.words) <= _MOST + _SPARE and _is_shaped(line.text)
        for line in lines
    ]
    if not any(shaped):
        return
    found = [at for at, fits in enumerate(shaped) if fits and _stands_free(lines, shaped, at)]
    strange = [at for at in found if _is_strange(lines, at)]
    headings = sum(
        1
        for at, line in enumerate(lines)
        if line.kind is None and at not in strange and not line.finished and len(line.words) <= _HEADING
    )
    labels = Counter(_label(line.text) for line in lines if line.kind is None)
    linked = sum(line.kind == "related" for line in lines)
    two_parts = [at for at in strange if _TWO_PARTS.match(lines[at].text)]
    foot = _foot(lines, strange)
    for at in strange:
        line = lines[at]
        if at in foot:
            line.kind = "related"
        if labels[_label(line.text)] > 1:
            continue
        if at in two_parts:
            company = headings <= max(3, linked * 3 / 2) if linked else headings <= 1 and len(two_parts) > 1
        else:
            long = len(line.words) >= _PLAIN and not _STATES.search(line.text)
            company = linked > 0 and headings <= 1 and long
        if company:
            line.kind = "related"


def _foot(lines: Sequence[Line], strange: Sequence[int]) -> list[int]:
    """The last lines, where there are a few of them: what closes an article heads nothing."""
    foot = []
    at = len(lines) - 1
    while at in strange and not _STATES.search(lines[at].text):
        foot.append(at)
        at -= 1
    ended = at >= 0 and is_body(lines[at].text) and not lines[at].text.rstrip().endswith(":")
    return foot if ended and 1 < len(foot) <= _FOOT else []


def has_two_parts(line: str) -> bool:
    """Whether a line by itself could be a headline in two parts: `Review: A quiet sea in the north`."""
    return _is_shaped(line) and _TWO_PARTS.match(line) is not None


def _is_shaped(line: str) -> bool:
    """Whether a line by itself could be a headline: of some length, one sentence, not finished."""
    plain = line.strip().rstrip("_").rstrip()
    if not _FEWEST <= len(plain.split(maxsplit=_MOST)) <= _MOST or not _breaks_off(plain):
        return False
    if _STARTS_OTHERWISE.match(plain) or _CREDITED.search(plain) or _REPORTED.search(plain):
        return False
    return not _QUOTED.match(plain) and not _SENTENCE_ENDS.search(_ABBREVIATION.sub("", plain))


def _breaks_off(line: str) -> bool:
    """Whether no full stop closes the line; a question is a heading's too, save after a label."""
    if _QUESTION.search(line):
        first = _TWO_PARTS.match(line)
        return first is not None and "?" not in first[0]
    said = line.rstrip("\"'”’)")
    return line[-1] not in ".;:。" and (said == line or said[-1:] not in (".", ",", "!"))


def _stands_free(lines: Sequence[Line], shaped: Sequence[bool], at: int) -> bool:
    """Whether the line stands below the first, between paragraphs, marked lines and others of its shape."""
    around = [beside for beside in (at - 1, at + 1) if beside < len(lines)]
    return at > 0 and all(
        lines[beside].kind is not None or shaped[beside] or is_body(lines[beside].text) for beside in around
    )


def _is_strange(lines: Sequence[Line], at: int) -> bool:
    """Whether few of the line's words come again right below it, as a heading's do."""
    own = _stems(lines[at].words)
    below = [_stems(line.words) for line in lines[at + 1 : at + 1 + _BELOW]]
    if len(own) < _LEAST_WORDS:
        return False
    following = below[0] if below else set[str]()
    section = set[str]().union(*below)
    return len(own & following) < _NEXT * len(own) and len(own & section) < _SECTION * len(own)


def _stems(words: Sequence[str]) -> set[str]:
    """The beginnings of the words that carry meaning."""
    return {word[:_STEM] for word in words if len(word) > 2 and not _NO_MEANING.fullmatch(word)}


def _label(line: str) -> str:
    """What stands before a colon or question mark; one label for all single words, as in lists."""
    label = _LABEL_ENDS.split(line, maxsplit=1)[0].strip()
    if " " in label:
        return label
    return "word" if len(label) < len(line.strip()) else ""
