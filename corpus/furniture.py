"""Furniture: the words of a web page that stand inside an article's text but are not the article's.

The rules look at where a paragraph stands and what it is made of (a line of player times, a short
line before the first full paragraph), never at one site's wording. English for now where words
matter.
"""

import re
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.author_note import is_author_note
from corpus.sentences import ends_sentence, paragraphs, sentences

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_TIMES = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\s+(?:\d{1,2}:)?\d{1,2}:\d{2})*\Z")
_IMAGE = re.compile(r"\W*(?:\d+\s*x\s*\d+\s+)?(?:image|photo|picture|video|graphic)s?\W*\Z", re.IGNORECASE)
_CREDIT = re.compile(
    r"(?:with|additional)\s+(?:reporting|contributions?|material|files?)\s+(?:by|from)\b", re.IGNORECASE
)
_CALL_VERB = re.compile(
    r"(?:please\s+)?(?:sign up|subscribe|register|support|donate|follow|join|get|receive|download|"
    r"click|tap|read more|share|like|become)\b",
    re.IGNORECASE,
)
_CALL_OBJECT = re.compile(
    r"\b(?:newsletters?|our (?:journalism|work|reporting|coverage|app|channel|page|site)|your inbox|"
    r"(?:a |our )?subscri(?:ber|ption)s?|us on|our (?:facebook|twitter|telegram|instagram|youtube)|"
    r"(?:facebook|twitter|telegram|instagram|youtube|whatsapp) (?:page|channel|account)|click here|"
    r"a (?:member|supporter|patron)|push notifications|(?:our|the) (?:mobile )?app\b)",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"(?:please wait|loading|advertisements?|sponsored|story continues below(?: advertisement)?|"
    r"skip to (?:main )?content|accessibility links|(?:read|see|watch|listen|view|load) more|"
    r"play(?: video)?|watch (?:now|live)|share(?: this)?(?: (?:article|story|on \w+))?|print|"
    r"embed|copy link|e-?mail|menu|search|"
    r"sign in|log in|subscribe|related (?:articles|stories|topics|content)|most (?:read|popular)|"
    r"cookie (?:policy|settings)|privacy policy|terms of (?:use|service)|all rights reserved)\W*\Z",
    re.IGNORECASE,
)
_BODY_WORDS = 8  # a paragraph of at least so many words that ends as a sentence does is body
_MENU_WORDS = 4  # a line of at most so many, outside the body, is a menu's
_CAPTION_WORDS = 20
_CALL_WORDS = 30


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


def find_furniture(article: Article) -> list[Furniture]:
    """The furniture in an article's text, in order, without overlaps."""
    text = article.text
    lines = paragraphs(text)
    kinds: list[str | None] = [_kind_of_line(line.of(text), article) for line in lines]
    _mark_players(text, lines, kinds)
    _mark_menus(text, lines, kinds, article)
    found: list[Furniture] = []
    for line, kind in zip(lines, kinds, strict=True):
        if kind is not None:
            found.append(Furniture(line.start, line.end, kind))
        else:
            found += _calls(article, line)
    return found


def _kind_of_line(line: str, article: Article) -> str | None:
    words = _words(line)
    if not words:
        return "bullet"
    if _TIMES.match(line):
        return "player"
    if _IMAGE.match(line):
        return "image"
    if article.title and _words(line.lstrip("# ")) == _words(article.title):
        return "headline"
    if _CONTROL.match(line):
        return "navigation"
    if ends_sentence(line):
        return None
    if _CREDIT.match(line):
        return "credit"
    names = [name for name in (article.source, article.author) if name]
    if any(words == _words(name) or words == ["by", *_words(name)] for name in names):
        return "byline"
    return None


def _mark_players(text: str, lines: list[Span], kinds: list[str | None]) -> None:
    """A line of times is a player's; the short unfinished lines above it are its label and caption."""
    for at, kind in enumerate(kinds):
        if kind != "player":
            continue
        above = at - 1
        while above >= 0 and kinds[above] in (None, "navigation") and _is_label(lines[above].of(text)):
            kinds[above] = "caption"
            above -= 1


def _is_label(line: str) -> bool:
    return not ends_sentence(line) and len(_words(line)) <= _CAPTION_WORDS


def _mark_menus(text: str, lines: list[Span], kinds: list[str | None], article: Article) -> None:
    """Short unfinished lines before the first and after the last full paragraph are menu words."""
    body = [
        at
        for at, line in enumerate(lines)
        if kinds[at] is None
        and _is_body(line.of(text))
        and not is_author_note(article, line)
        and not _calls(article, line)
    ]
    if not body:
        return
    for at, line in enumerate(lines):
        words = line.of(text)
        outside = at < body[0] or at > body[-1]
        if outside and kinds[at] is None and _is_menu_word(words):
            kinds[at] = "navigation"


def _is_body(line: str) -> bool:
    return ends_sentence(line) and len(_words(line)) >= _BODY_WORDS


def _is_menu_word(line: str) -> bool:
    return (
        not ends_sentence(line)
        and len(_words(line)) <= _MENU_WORDS
        and not any(character.isdigit() for character in line)
    )


def _calls(article: Article, line: Span) -> list[Furniture]:
    """The sentences of a paragraph that ask the reader to sign up, pay or follow."""
    text = article.text
    return [
        Furniture(sentence.start, sentence.end, "call")
        for sentence in sentences(text, line, article.language)
        if _is_call(sentence.of(text))
    ]


def _is_call(sentence: str) -> bool:
    return (
        _CALL_VERB.match(sentence.lstrip("•*-–— >")) is not None
        and _CALL_OBJECT.search(sentence) is not None
        and len(_words(sentence)) <= _CALL_WORDS
    )


def _words(line: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(line)]
