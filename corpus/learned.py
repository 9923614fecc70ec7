"""Furniture learned: lines that an outlet repeats from article to article, and that are worded as a page's.

To be repeated is not enough: names of places, columns and courts head many articles. To be so worded is
not enough either: an article may speak of cookies. Both together leave little doubt.
"""

import re
from collections.abc import Collection, Iterable

from corpus.article import Article, Span
from corpus.page_words import is_control, is_credit, words_of
from corpus.sentences import ends_sentence, paragraphs

ARTICLES = 5  # of one outlet that share a line, at least
_LONGEST = 1_000  # characters; what is longer is a passage of its own, repeated or not
_NETWORK = r"(?:facebook|twitter|telegram|instagram|youtube|whatsapp|tiktok|linkedin|threads|pinterest|x)"
_PIECE = r"(?:story|article|report|post|piece|page|column|video|transcript|content)"
_CALLS = (  # what a page says to its reader
    r"newsletters?\b",
    r"\byour (?:inbox|e-?mail address|browser|data|consent|subscription|preferences)\b",
    r"\b(?:un)?subscri(?:be|ption|ber)s?\b",
    r"\bsign(?:ing)? (?:up|in)\b|\blog ?in\b",
    rf"\b(?:follow|join|like|find) (?:[\w.'’-]+ ){{0,7}}?on (?:\w+, )*{_NETWORK}\b",
    r"\bus (?:on|at|via)\b",
    r"\b(?:click|tap|swipe|tick) (?:here|on|to|the|or)\b",
    r"\b(?:sign|check|subscribe|listen|read)[^.]{0,60}\bhere\b",
    r"\b(?:contact|e-?mail|reach|write to) (?:us|him|her|them|me|the (?:author|reporter|writer|editor))\b",
    r"\bsend (?:us|him|her|them|me|your)\b",
    r"\b(?:news )?tips? (?:to|at|about|line)\b",
    r"[\w.]+@[\w.-]+|(?<!\w)@\w+|https?://",
    r"\bdownload (?:the|our)\b",
    r"\bour (?:app|apps|podcasts?|website|channel|live blog|fact.check|editors|team)\b",
    r"\b(?:our|local|independent|quality) journalism\b",
    r"\bread (?:more|next|also)\b|\bshare (?:this|on|with)\b|\bmore (?:from|stories|news|on this)\b",
    r"\brelated (?:articles?|stories|topics|content|links)\b",
    r"\b(?:подпис|рассылк|читайте|жазыл)",
)
_NOTICES = (  # and of itself
    r"\bcookies?\b|\bprivacy\b|\bterms (?:of|and)\b",
    r"\bpersonal (?:data|information)\b|\b(?:information|details) you have shared\b",
    r"\ball rights reserved\b|\bcopyright\b|©|\brepublish|\bcreative commons\b",
    r"\bcontent partner\b|\bproduced independently\b",
    r"\b(?:may|can) earn (?:us )?(?:a )?commission|\baffiliate\b|\bpurchases? you make\b",
    r"\bprices were accurate\b",
    r"\bsponsored\b|\badvertis",
    r"\b(?:made possible|supported)\b.{0,30}\bgrant\b",
    r"\b(?:to|for) this (?:report|story|article|piece)\b",
    rf"\bthis {_PIECE} (?:has|was|is|will|may|originally|first|appear|contains|references|includes)\b",
    r"\b(?:views|opinions) (?:and (?:views|opinions) )?(?:are|is|expressed)\b",
    r"\b(?:not|isn['’]t) responsible for\b|\bexternal (?:sites?|links?|content)\b",
    r"\bthis ad\b|\bad (?:froze|never|did|was)\b|\bvideo (?:player|content|will|ad)\b",
    r"\badd your comment|\bcomments (?:are|will)\b",
    r"\b(?:реклам|все права)",
)
_PAGE = re.compile(
    "|".join([*_CALLS, *_NOTICES]), re.IGNORECASE
)  # what a page says to its reader, or of itself
_ORDER = re.compile(  # a heading that tells the reader to do something with the page
    r"\W*(?:follow|watch|listen|check|read|get|join|vote|tell us|browse|view|register|donate|shop|sign|skip|"
    r"share)\b",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(?:associated press|reuters|agence france-presse|getty images|wire (?:reports|services))\b",
    re.IGNORECASE,
)
_BY_DASH = re.compile(
    r"[–—-]+\s*(?:[^\W\d_a-zа-яё][\w.'’-]*,?(?:\s+|\Z)){2,7}\Z"
)  # – Ana Reyes, Vell Courier
_ORDER_WORDS = 12
_NAME_WORDS = 8
_REPORTED = re.compile(r"\b(?:said|says|told|tells|according to)\b", re.IGNORECASE)


def learn(articles: Iterable[Article]) -> frozenset[str]:
    """The forms of lines, worded as a page's, that at least ARTICLES of an outlet's articles share."""
    counts: dict[int, int] = {}
    found = set()
    for article in articles:
        outlet = _plain((article.source or "").split(".")[0])
        lines = (span.of(article.text) for span in _lines(article))
        for form, line in {form_of(line): line for line in lines}.items():
            key = hash(form)
            counts[key] = counts.get(key, 0) + 1
            if counts[key] == ARTICLES and _is_pages(line, outlet):
                found.add(form)
    return frozenset(found)


def lines_in(article: Article, forms: Collection[str]) -> list[Span]:
    """The lines of an article that have one of those forms, in order."""
    return [span for span in _lines(article) if form_of(span.of(article.text)) in forms]


def form_of(line: str) -> str:
    """The line without what varies: white space, the size of letters, and names after a dash."""
    if _BY_DASH.match(line):
        return "– name"
    return " ".join(line.split()).casefold()


def _lines(article: Article) -> list[Span]:
    return [span for span in paragraphs(article.text) if span.end - span.start <= _LONGEST]


def _is_pages(line: str, outlet: str) -> bool:
    if is_control(line) or is_credit(line):
        return True
    if _PAGE.search(line):
        return not _REPORTED.search(line)
    if ends_sentence(line):
        return False
    words = words_of(line)
    if len(words) <= _ORDER_WORDS and _ORDER.match(line):
        return True
    if len(words) > _NAME_WORDS:
        return False
    # A byline, a credit, or a dateline with the outlet's own name.
    named = len(outlet) > 1 and outlet in _plain(line)
    return named or _AGENCY.search(line) is not None or _BY_DASH.match(line) is not None


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
