"""Furniture learned: lines that an outlet repeats from article to article, and that are worded as a page's.

To be repeated is not enough: names of places, columns and courts head many articles. To be so worded is
not enough either: an article may speak of cookies. Both together leave little doubt.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from corpus.article import Article, Span
from corpus.bylines import is_names
from corpus.headlines import has_two_parts
from corpus.page_phrases import speaks_as_page
from corpus.page_words import BIG_WORD, is_control, is_credit, words_of
from corpus.sentences import ends_sentence, paragraphs

ARTICLES = 5  # of one outlet that share a line, at least
RULES = 3  # raised whenever other lines count as worded as a page's, or forms are others: archives keep them
_LONGEST = 1_000  # characters; what is longer is a passage of its own, repeated or not
_ORDER = re.compile(  # a heading that tells the reader to do something with the page
    r"\W*(?:follow|watch|listen|check|read|get|join|vote|tell us|browse|view|register|donate|shop|sign|skip|"
    r"share)\b",
    re.IGNORECASE,
)
_CALLS = re.compile(  # the same in a sentence, of a thing that outlets make
    r"(?:\A|[?!:.]\s)\W*(?:follow|watch|listen|check|read|get|join|vote|tell us|browse|view|register|donate|"
    r"shop|sign|skip|"
    r"share|take|play|see)\b",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:newsletter|podcast|quiz|crossword|puzzles?|games|app|tracker|database|guide|gallery|live ?blog|"
    r"live updates)\b",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(?:associated press|reuters|agence france-presse|getty images|wire (?:reports|services))\b",
    re.IGNORECASE,
)
_BY_DASH = re.compile(rf"[–—-]+\s*(?:{BIG_WORD},?(?:\s+|\Z)){{2,7}}\Z")  # – Ana Reyes, Vell Courier
_ORDER_WORDS = 12
_CALL = 150  # characters
_HEAD_WORDS = 5
_NAME_WORDS = 8


def learn(articles: Iterable[Article]) -> frozenset[str]:
    """The forms of lines, worded as a page's, that at least ARTICLES of an outlet's articles share."""
    counts = Counter(form for article in articles for form in forms_in(article))
    return frozenset(form for form, count in counts.items() if count >= ARTICLES)


def forms_in(article: Article) -> frozenset[str]:
    """The forms of the article's lines that are worded as a page's."""
    return frozenset(form for _, form in _page_lines(article, paragraphs(article.text)))


def lines_in(article: Article, lines: Sequence[Span], forms: Collection[str]) -> list[Span]:
    """Those lines of an article that are worded as a page's and have one of those forms, in order."""
    return [span for span, form in _page_lines(article, lines) if form in forms] if forms else []


def _page_lines(article: Article, lines: Sequence[Span]) -> Iterator[tuple[Span, str]]:
    """Each line that is worded as a page's, with its form."""
    outlet = _plain((article.source or "").split(".")[0])
    above = None  # what stands above the line
    for at, span in enumerate(lines):
        if span.end - span.start > _LONGEST:
            above = None
            continue
        line = " ".join(span.of(article.text).split())
        if _heads(line, at, above) or _is_pages(line, outlet):
            yield span, _form_of(line)
        above = line


def _heads(line: str, at: int, above: str | None) -> bool:
    """Whether a short line stands where an author's or agency's name does: first, or below names."""
    first = at == 0 or (at == 1 and above is not None and is_names(above))
    return first and not ends_sentence(line) and len(line.split()) <= _HEAD_WORDS


def _form_of(line: str) -> str:
    """The line without what varies: the size of letters, and names after a dash."""
    return "– name" if _BY_DASH.match(line) else line.casefold()


def _is_pages(line: str, outlet: str) -> bool:
    if is_control(line) or is_credit(line):
        return True
    if speaks_as_page(line):
        return True
    if len(line) <= _CALL and _MADE.search(line) and _CALLS.search(line):
        return True
    if ends_sentence(line):
        return False
    words = words_of(line)
    if len(words) <= _ORDER_WORDS and _ORDER.match(line):
        return True
    if len(words) > _NAME_WORDS:
        return has_two_parts(line)
    # A byline, a credit, or a dateline with the outlet's own name.
    named = len(outlet) > 1 and outlet in _plain(line)
    return (
        named or _AGENCY.search(line) is not None or _BY_DASH.match(line) is not None or has_two_parts(line)
    )


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
