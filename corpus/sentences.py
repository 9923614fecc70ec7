"""Paragraphs and sentences as offsets into an article's text."""

import re
from collections.abc import Iterator

import sentencex

from corpus.article import Span

MAX_SENTENCE = 1_000  # characters; a longer run without a sentence end is cut at a space
_MAX_PART = 20_000  # characters given to sentencex at once: quotes never closed cost it the square
_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t\u00a0]*(?:(?:\r\n|\r|\n)[ \t\u00a0]*)+")
_LINE = re.compile(r"[^\r\n]+")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟۔।:;][\"'”’»)\]]*\s*\Z")
_BODY_WORDS = 8
_WRAP_WIDTH = 100  # characters; lines that were broken to a width are no longer than this
_OPENING = re.compile(r"\s([\"'“„‘«‹(\[]+)\Z")
_NAME_PART = re.compile(r"(?:\A|[\s.])(?=[^\W\d_]{1,5}\.)(\w)\w*\.\Z")
_TITLE = re.compile(r"(?:\A|\W)(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Capt|Sgt|Sen|Rep|Gov)\.\Z")
_CRY = re.compile(r"[?!…][\"”’»]+\Z")
_SPEAKER = re.compile(
    r"(?:[A-Z][\w'’.-]*\s+){1,4}(?:said|says|asked|asks|added|told|tells|wrote|shouted|replied)\b"
)


def paragraphs(text: str) -> list[Span]:
    """The text's paragraphs, without the white space around them.

    A line is a paragraph of its own, save where a block of lines was wrapped to a width.
    """
    found = []
    for block in _blocks(text):
        lines = [
            Span(block.start + match.start(), block.start + match.end())
            for match in _LINE.finditer(block.of(text))
        ]
        found += [block] if _is_wrapped([line.of(text) for line in lines]) else lines
    trimmed = (_trimmed(text, span) for span in found)
    return [span for span in trimmed if span.start < span.end]


def sentences(text: str, paragraph: Span, language: str | None) -> list[Span]:
    """The sentences of one paragraph, in order, without the white space between them.

    Together they cover every character of the paragraph that is not white space.
    A sentence of more than MAX_SENTENCE characters comes in pieces.
    """
    found = []
    for part in _pieces(text, paragraph, _MAX_PART):
        for boundary in sentencex.get_sentence_boundaries(_code(language), part.of(text)):
            span = Span(part.start + boundary["start_index"], part.start + boundary["end_index"])
            span = _trimmed(text, span)
            if span.start < span.end:
                found.append(span)
    return [piece for span in _joined(text, found) for piece in _pieces(text, span, MAX_SENTENCE)]


def ends_sentence(words: str) -> bool:
    """Whether the words close with a mark that ends a sentence or leads on from it."""
    return _ENDS_SENTENCE.search(words) is not None


def is_body(paragraph: str) -> bool:
    """Whether the paragraph is of some length and closes as a sentence does, as an article's do."""
    return ends_sentence(paragraph) and len(paragraph.split(maxsplit=_BODY_WORDS)) >= _BODY_WORDS


def _blocks(text: str) -> Iterator[Span]:
    start = 0
    for match in _BLANK_LINE.finditer(text):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, len(text))


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines look like one paragraph broken at a width: all but the last nearly full."""
    full = [line.rstrip() for line in lines[:-1]]
    if not full:
        return False
    width = max(map(len, lines))
    if width > _WRAP_WIDTH or width < 40:
        return False
    nearly_full = sum(len(line) > width * 0.7 for line in full)
    return nearly_full >= 0.8 * len(full) and sum(map(ends_sentence, full)) <= len(full) / 2


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Takes back cuts inside a sentence, and puts an opening quotation mark with what it opens."""
    joined: list[Span] = []
    for span in spans:
        start = span.start
        if joined:
            last = joined[-1]
            if _goes_on(text, last, span):
                start = joined.pop().start
            elif last.end == start and (stray := _OPENING.search(text, last.start, last.end)):
                joined[-1] = _trimmed(text, Span(last.start, stray.start()))
                start = stray.start(1)
        joined.append(Span(start, span.end))
    return joined


def _goes_on(text: str, last: Span, span: Span) -> bool:
    """Whether the sentence that `last` begins is not over before `span`."""
    if text[last.end - 1] in '"”’»)!?…' and text[span.start].islower():
        return True  # a small letter after a quote, or after a name like Alga!
    ending = max(last.start, last.end - 12)
    if _CRY.search(text, ending, last.end) and _SPEAKER.match(text, span.start, span.end):
        return True  # “Why?” Smith asked.
    if _TITLE.search(text, ending, last.end):
        return True
    # A name like Rukh.Pen.Til, but not two sentences that lack the space between them.
    part = _NAME_PART.search(text, ending, last.end) if last.end == span.start else None
    return part is not None and part.group(1).isupper() and text[span.start].isalnum()


def _pieces(text: str, span: Span, most: int) -> Iterator[Span]:
    """The span in pieces of at most `most` characters, without white space around them."""
    rest = _trimmed(text, span)
    while rest.end - rest.start > most:
        cut = _last_space(text, rest.start + most // 2, rest.start + most)
        yield _trimmed(text, Span(rest.start, cut))
        rest = _trimmed(text, Span(cut, rest.end))
    if rest.start < rest.end:
        yield rest


def _last_space(text: str, low: int, high: int) -> int:
    """Where to cut between `low` and `high`: after a sentence end, else at a space, else at `high`."""
    window = text[low:high]
    ends = [match.end() for match in re.finditer(r"[.!?…]\s|[。！？؟۔।]", window)]
    if ends:
        return low + ends[-1]
    for offset in range(len(window) - 1, -1, -1):
        if window[offset].isspace():
            return low + offset
    return high


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return span if (start, end) == (span.start, span.end) else Span(start, end)


def _code(language: str | None) -> str:
    code = (language or "en").split("-")[0].split("_")[0].lower()
    return code if code.isalpha() and len(code) <= 3 else "en"
