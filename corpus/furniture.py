"""Furniture: the words of a web page that stand inside an article's text but are not the article's.

Precision goes first: to keep a menu word costs little, to drop a line of the article loses it. So
short lines alone are never enough (poems, lists of names and interviews are made of them): it takes
the words or the form of a page, and for words with two meanings a place outside the body.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.article import Article, Span
from corpus.author_note import author_notes
from corpus.calls import calls_in, opens_with_call
from corpus.learned import form_of
from corpus.page_words import (
    MENU_WORDS,
    is_control,
    is_credit,
    is_image_label,
    is_link,
    is_menu,
    is_player,
    is_watched,
    leads_on,
    menu_items,
    words_of,
)
from corpus.sentences import ends_sentence, is_body, paragraphs

REPEATED = "repeated"  # the kind of lines that were learned
_LABEL_WORDS = 20  # a player's caption has at most so many
_LINKS = 8  # headlines below "Read more:", at most
_HEAD = 4  # lines of a text among which a byline stands
_BYLINES = (REPEATED, "byline", "navigation")
_DATELINE = 6  # words
_NAME = r"[^\W\d_a-zа-яё][\w.'’-]*"
_NAMES = re.compile(rf"{_NAME}(?:\s+{_NAME}){{1,3}}(?:,? (?:and|&|и) {_NAME}(?:\s+{_NAME}){{1,3}})?")
_LABELS = 4  # and so many lines stand above its clock


@dataclass(frozen=True, slots=True)
class Furniture:
    """A span that is never indexed and never quoted.

    `kind` is one of headline, navigation, related, player, caption, image, bullet, credit, byline, call,
    repeated.
    """

    start: int
    end: int
    kind: str

    @property
    def span(self) -> Span:
        """The span alone."""
        return Span(self.start, self.end)


@dataclass(slots=True)
class _Line:
    """A paragraph, and what is known of it so far."""

    span: Span
    text: str
    words: list[str]
    finished: bool  # it closes as a sentence does
    kind: str | None = None


def find_furniture(article: Article, repeated: Collection[str] = frozenset()) -> list[Furniture]:
    """The furniture in an article's text, in order, without overlaps.

    `repeated` holds the forms of lines that its outlet repeats, as `corpus.learned` finds them.
    """
    spans = paragraphs(article.text)
    notes = author_notes(article, spans)
    title = words_of(article.title or "")
    names = [words_of(name) for name in (article.source, article.author) if name]
    lines = [_line(span, article.text, title, names) for span in spans]
    _mark_captions(lines)
    _mark_links(lines)
    first, last = _body(article, lines, notes)
    _mark_menus(lines[:first])
    _mark_menus(lines[last + 1 :])
    for line in lines:
        if line.kind is None and line.span not in notes and form_of(line.text) in repeated:
            line.kind = REPEATED
    _mark_bylines(lines)
    if all(line.kind for line in lines):  # a text that only repeats its title is still the article
        for line in lines:
            line.kind = None if line.kind == "headline" else line.kind
    found: list[Furniture] = []
    for at, line in enumerate(lines):
        if line.kind is not None:
            found.append(Furniture(line.span.start, line.span.end, line.kind))
        else:
            calls = calls_in(article, line.span, within_body=first <= at <= last)
            found += (Furniture(call.start, call.end, "call") for call in calls)
    return found


def _line(span: Span, text: str, title: list[str], names: list[list[str]]) -> _Line:
    words = span.of(text)
    line = _Line(span, words, words_of(words), ends_sentence(words))
    line.kind = _kind(line, title, names)
    return line


def _kind(line: _Line, title: list[str], names: list[list[str]]) -> str | None:
    """What a line is by its own words, wherever it stands."""
    if not any(map(str.isalnum, line.text)):
        return "bullet"
    if line.words == title:
        return "headline"
    if is_watched(line.text):
        return "player"
    if len(line.words) > _LABEL_WORDS:
        return "related" if is_link(line.text) else None
    if is_player(line.text):
        return "player"
    if is_image_label(line.text):
        return "image"
    if is_control(line.text):
        return "navigation"
    if is_link(line.text) or leads_on(line.text):
        return "related"
    if line.finished:
        return None
    if line.text.rstrip().endswith(("—", "–", "-")) and _names_outlet(line, names):
        return "byline"  # the dateline of an outlet's own
    return "byline" if line.words in names or (line.words[0] == "by" and line.words[1:] in names) else None


def _mark_captions(lines: list[_Line]) -> None:
    """The short unfinished lines right above a player's clock are its label and caption."""
    for at, line in enumerate(lines):
        if not is_player(line.text):
            continue
        for above in reversed(lines[max(0, at - _LABELS) : at]):
            label = above.kind is None and not above.finished and len(above.words) <= _LABEL_WORDS
            if not label and above.kind != "navigation":
                break
            above.kind = "caption"


def _mark_links(lines: list[_Line]) -> None:
    """The short lines right below "Read more:" or the like, as far as the last unfinished one, are links."""
    for at, line in enumerate(lines):
        if not leads_on(line.text):
            continue
        run: list[_Line] = []
        for below in lines[at + 1 : at + 1 + _LINKS]:
            if below.kind is not None or len(below.words) > _LABEL_WORDS:
                break
            run.append(below)
        while run and run[-1].finished:
            run.pop()
        for below in run:
            below.kind = "related"


def _mark_bylines(lines: list[_Line]) -> None:
    """Names alone on a line, right above the outlet's or an address, at the head of the text."""
    for line, below in pairwise(lines[:_HEAD]):
        if line.kind is None and below.kind in _BYLINES and _NAMES.fullmatch(line.text.strip()):
            line.kind = "byline"


def _names_outlet(line: _Line, names: list[list[str]]) -> bool:
    """Whether one of the line's last words is an outlet's name, written as in its address or its title."""
    said = "".join(line.words)
    stems = ["".join(name).partition(".")[0] for name in names if name]
    return len(line.words) <= _DATELINE and any(stem in said for stem in stems)


def _body(article: Article, lines: list[_Line], notes: set[Span]) -> tuple[int, int]:
    """The first and the last line of the body; where there is none, all lines are within it."""
    body = [
        at
        for at, line in enumerate(lines)
        if line.kind is None
        and is_body(line.text)
        and not is_credit(line.text)
        and line.span not in notes
        and not opens_with_call(article, line.span)
    ]
    return (body[0], body[-1]) if body else (0, len(lines))


def _mark_menus(lines: list[_Line]) -> None:
    """Menus and credits before or after the body."""
    for line in lines:
        if line.kind is not None:
            continue
        if is_credit(line.text):
            line.kind = "credit"
        elif not line.finished and len(items := menu_items(line.text)) > 1 and is_menu(items):
            line.kind = "navigation"
    for run in _short_runs(lines):
        if is_menu([line.text for line in run]):
            for line in run:
                line.kind = line.kind or "navigation"


def _short_runs(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Lines next to each other, each of a few words, without digits, and no sentence."""
    run: list[_Line] = []
    for line in lines:
        short = not line.finished and 0 < len(line.words) <= MENU_WORDS
        if short and line.kind in (None, "navigation") and not any(map(str.isdigit, line.text)):
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run
