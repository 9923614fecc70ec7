"""Furniture: the words of a web page that stand inside an article's text but are not the article's.

Precision goes first: to keep a menu word costs little, to drop a line of the article loses it. So
short lines alone are never enough (poems, lists of names and interviews are made of them): it takes
the words or the form of a page, and for words with two meanings a place outside the body.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.author_note import author_notes
from corpus.calls import calls_in, opens_with_call
from corpus.page_words import (
    MENU_WORDS,
    is_control,
    is_credit,
    is_image_label,
    is_menu,
    is_player,
    menu_items,
    words_of,
)
from corpus.sentences import ends_sentence, is_body, paragraphs

_LABEL_WORDS = 20  # a player's caption has at most so many
_LABELS = 4  # and so many lines stand above its clock


@dataclass(frozen=True, slots=True)
class Furniture:
    """A span that is never indexed and never quoted.

    `kind` is one of headline, navigation, player, caption, image, bullet, credit, byline, call.
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


def find_furniture(article: Article) -> list[Furniture]:
    """The furniture in an article's text, in order, without overlaps."""
    spans = paragraphs(article.text)
    title = words_of(article.title or "")
    names = [words_of(name) for name in (article.source, article.author) if name]
    lines = [_line(span, article.text, title, names) for span in spans]
    _mark_captions(lines)
    first, last = _body(article, lines, author_notes(article, spans))
    _mark_menus(lines[:first])
    _mark_menus(lines[last + 1 :])
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
    if not line.words:
        return "bullet"
    if line.words == title:
        return "headline"
    if len(line.words) > _LABEL_WORDS:
        return None
    if is_player(line.text):
        return "player"
    if is_image_label(line.text):
        return "image"
    if is_control(line.text):
        return "navigation"
    if line.finished:
        return None
    return "byline" if line.words in names or (line.words[0] == "by" and line.words[1:] in names) else None


def _mark_captions(lines: list[_Line]) -> None:
    """The short unfinished lines right above a player's clock are its label and caption."""
    for at, line in enumerate(lines):
        if line.kind != "player":
            continue
        for above in reversed(lines[max(0, at - _LABELS) : at]):
            label = above.kind is None and not above.finished and len(above.words) <= _LABEL_WORDS
            if not label and above.kind != "navigation":
                break
            above.kind = "caption"


def _body(article: Article, lines: list[_Line], notes: set[Span]) -> tuple[int, int]:
    """The first and the last line of the body; where there is none, all lines are within it."""
    body = [
        at
        for at, line in enumerate(lines)
        if line.kind is None
        and is_body(line.text)
        and line.span not in notes
        and not opens_with_call(article, line.span)
    ]
    return (body[0], body[-1]) if body else (0, len(lines))


def _mark_menus(lines: list[_Line]) -> None:
    """Menus and credits before or after the body."""
    for line in lines:
        if line.kind is None and not line.finished:
            if is_credit(line.text):
                line.kind = "credit"
            elif is_menu(items := menu_items(line.text)) and len(items) > 1:
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
