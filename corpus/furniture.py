"""Furniture: the words of a web page that stand inside an article's text but are not the article's.

Precision goes first: to keep a menu word costs little, to drop a line of the article loses it. So
short lines alone are never enough (poems, lists of names and interviews are made of them): it takes
the words or the form of a page, and for words with two meanings a place outside the body.
"""

from collections import Counter
from collections.abc import Collection, Iterator

from corpus.article import Article, Furniture, Span
from corpus.author_note import author_notes
from corpus.bylines import BYLINE, is_dateline, mark_bylines, names_itself
from corpus.calls import calls_in, opens_with_call
from corpus.headlines import mark_headlines
from corpus.learned import lines_in
from corpus.line import Line
from corpus.page_words import (
    MENU_WORDS,
    heads_links,
    is_contact,
    is_control,
    is_credit,
    is_image_label,
    is_link,
    is_long_menu,
    is_menu,
    is_player,
    is_thanks,
    is_watched,
    leads_on,
    menu_items,
    speaker_of,
    words_of,
)
from corpus.sentences import is_body, paragraphs

REPEATED = "repeated"  # the kind of lines that were learned
_LABEL_WORDS = 20  # a player's caption has at most so many
_TURNS = 3  # a label of so many lines is a speaker's
_LEAST_LISTED = 6  # words of a headline below MUST-READS
_LEAST_LINK = 3  # words of a headline below a sentence
_LINKS = 8  # headlines below "Read more:", at most
_PLAYLIST = 20  # lines of a text among which its dateline stands
_LEAST_TITLE = 4  # words of a film's title
_LABELS = 4  # and so many lines stand above its clock


def find_furniture(article: Article, repeated: Collection[str] = frozenset()) -> list[Furniture]:
    """The furniture in an article's text, in order, without overlaps.

    `repeated` holds the forms of lines that its outlet repeats, as `corpus.learned` finds them.
    """
    spans = paragraphs(article.text)
    notes = author_notes(article, spans)
    title = words_of(article.title or "")
    names = [words_of(name) for name in (article.source, article.author) if name]
    lines = [_line(span, article.text, title, names) for span in spans]
    _unmark_speakers(lines)
    _mark_captions(lines)
    _mark_links(lines)
    first, last = _body(article, lines, notes)
    _mark_menus(lines[:first])
    _mark_menus(lines[last + 1 :])
    shared = set(lines_in(article, spans, repeated))
    for line in lines:
        if line.kind is None and line.span not in notes and line.span in shared:
            line.kind = REPEATED
    mark_bylines(lines, notes)
    _mark_playlist(lines)
    mark_headlines(lines)
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


def _line(span: Span, text: str, title: list[str], names: list[list[str]]) -> Line:
    line = Line.of(text, span)
    line.kind = _kind(line, title, names)
    return line


def _kind(line: Line, title: list[str], names: list[list[str]]) -> str | None:
    """What a line is by its own words, wherever it stands."""
    if not any(map(str.isalnum, line.text)):
        return "bullet"
    if line.words == title:
        return "headline"
    if is_watched(line.text):
        return "player"
    if "|" in line.text and is_long_menu(menu_items(line.text)):
        return "navigation"
    if len(line.words) > _LABEL_WORDS:
        return "related" if is_link(line.text) else None
    if is_player(line.text):
        return "player"
    if is_image_label(line.text):
        return "image"
    if is_control(line.text):
        return "navigation"
    if is_thanks(line.text):
        return "credit"
    if is_contact(line.text):
        return BYLINE
    if is_link(line.text) or leads_on(line.text) or heads_links(line.text):
        return "related"
    if line.finished:
        return None
    return BYLINE if names_itself(line, names) else None


def _unmark_speakers(lines: list[Line]) -> None:
    """Labels that come again and again are those of an interview, not of links."""
    labels = [speaker_of(line.text) if line.kind == "related" else None for line in lines]
    counts = Counter(labels)
    for line, label in zip(lines, labels, strict=True):
        if label is not None and counts[label] >= _TURNS:
            line.kind = None


def _mark_captions(lines: list[Line]) -> None:
    """The short unfinished lines right above a player's clock are its label and caption."""
    for at, line in enumerate(lines):
        if not is_player(line.text):
            continue
        for above in reversed(lines[max(0, at - _LABELS) : at]):
            label = above.kind is None and not above.finished and len(above.words) <= _LABEL_WORDS
            if not label and above.kind != "navigation":
                break
            above.kind = "caption"


def _mark_links(lines: list[Line]) -> None:
    """The short lines right below "Read more:" or the like, as far as the last unfinished one, are links."""
    for at, line in enumerate(lines):
        listed = heads_links(line.text)
        if not listed and not leads_on(line.text):
            continue
        run: list[Line] = []
        for below in lines[at + 1 : at + 1 + _LINKS]:
            if below.kind is not None or len(below.words) > _LABEL_WORDS:
                break
            if listed and (below.finished or len(below.words) < _LEAST_LISTED):
                break
            run.append(below)
        while run and (run[-1].finished or _heads_section(run)):
            run.pop()
        for below in run:
            below.kind = "related"


def _mark_playlist(lines: list[Line]) -> None:
    """The titles of films above the dateline, where an article begins: a player's list."""
    start = next((at for at, line in enumerate(lines[:_PLAYLIST]) if is_dateline(line)), 0)
    above = [line for line in lines[:start] if line.kind is None and not line.finished]
    titles = [line for line in above if _LEAST_TITLE <= len(line.words) <= _LABEL_WORDS]
    if len(titles) > 1:
        for line in titles:
            line.kind = "player"


def _body(article: Article, lines: list[Line], notes: set[Span]) -> tuple[int, int]:
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


def _heads_section(run: list[Line]) -> bool:
    """Whether the last line of a run is a word or two above what follows, below a sentence."""
    return len(run) > 1 and len(run[-1].words) < _LEAST_LINK and run[-2].finished


def _mark_menus(lines: list[Line]) -> None:
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


def _short_runs(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines next to each other, each of a few words, without digits, and no sentence."""
    run: list[Line] = []
    for line in lines:
        short = not line.finished and 0 < len(line.words) <= MENU_WORDS
        if short and line.kind in (None, "navigation") and not any(map(str.isdigit, line.text)):
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run
