"""HTML pages: the article's text by trafilatura, its facts from what the page says of itself."""

import json
import re

from lxml import etree
from lxml.html import HtmlElement as Element
from trafilatura import bare_extraction

from corpus.article import Facts
from corpus.errors import InputError
from corpus.facts import first_known
from corpus.formats.markup import cleaned, parsed, text_of
from corpus.formats.news_article import Record, articles_in, body_of, facts_of
from corpus.formats.said_dates import iso_day

_META = {  # of each fact the names that pages use, the surest first
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title"),
    "source": ("og:site_name", "application-name", "dc.publisher"),
    "author": ("author", "article:author", "parsely-author", "dc.creator", "byl"),
    "published": (
        *("article:published_time", "datepublished", "og:published_time", "parsely-pub-date", "dc.date"),
        *("dcterms.created", "dc.date.issued", "pubdate", "publishdate", "date"),
    ),
    "url": ("og:url",),
    "language": ("content-language", "dc.language", "language"),
}
_SAVED_FROM = re.compile(r"saved from url=\(\d{4}\)(https?://\S+)")
_BY = re.compile(r"(?:by|von|par|автор:?)\s+", re.IGNORECASE)
_LONGER = 2  # times: how much more text JSON-LD has to carry to be taken instead of the page's own


def read(raw: bytes) -> list[tuple[Facts, str]]:
    """The one article of a page. Raises InputError where the page has no article's text."""
    tree = parsed(raw)
    articles = _json_ld(tree)
    facts = _page_facts(tree)
    if articles:
        facts = first_known(facts_of(articles[0]), facts)
    text = _text(tree)
    body = max(map(body_of, articles), key=len, default="")
    if len(body) > _LONGER * len(text):
        text = body
    if not text:
        raise InputError("no article's text was found on the page; save it once it has loaded, or as text")
    return [(facts, text)]


def _text(tree: Element) -> str:
    """The article's paragraphs, blank lines between them; comments, menus and the like left out."""
    # A tree of its own: extraction prunes the one it is given.
    markup = etree.tostring(tree, encoding="unicode", method="html")
    found = bare_extraction(markup, include_comments=False, include_tables=True, with_metadata=False)
    text = getattr(found, "text", None) or ""
    lines = (" ".join(cleaned(line).split()) for line in text.splitlines())
    return "\n\n".join(line for line in lines if line)


def _json_ld(tree: Element) -> list[Record]:
    found: list[Record] = []
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            found += articles_in(json.loads(script.text or "", strict=False))
        except (json.JSONDecodeError, RecursionError):
            continue  # pages carry broken JSON-LD too; what else they say still counts
    return found


def _page_facts(tree: Element) -> Facts:
    told: dict[str, str] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
        words = " ".join(cleaned(meta.get("content")).split())
        if name and words:
            told.setdefault(name.casefold(), words)

    def of(fact: str) -> str | None:
        return next((told[name] for name in _META[fact] if name in told), None)

    author = of("author") or _byline(tree)
    return Facts(
        title=of("title") or _heading(tree),
        source=of("source"),
        author=None if author and author.startswith("http") else author,
        published=iso_day(of("published")) or _time(tree),
        url=_address(tree, of("url")),
        language=(tree.get("lang") or "").strip() or of("language"),
    )


def _heading(tree: Element) -> str | None:
    """The page's one heading of the first rank, else its title."""
    headings = [heading for heading in tree.iterfind(".//h1") if text_of(heading)]
    titles = headings if len(headings) == 1 else tree.findall(".//head/title")
    words = "".join(titles[0].itertext()) if titles else ""
    return " ".join(cleaned(words).split()) or None


def _byline(tree: Element) -> str | None:
    for path in (".//*[@itemprop='author']", ".//*[@rel='author']"):
        for element in tree.iterfind(path):
            name = " ".join(text_of(element).split())
            if name:
                return _BY.sub("", name, count=1)
    return None


def _time(tree: Element) -> str | None:
    for path in (".//*[@itemprop='datePublished']", ".//time[@pubdate]", ".//article//time[@datetime]"):
        for element in tree.iterfind(path):
            day = iso_day(element.get("datetime") or element.get("content"))
            if day:
                return day
    return None


def _address(tree: Element, told: str | None) -> str | None:
    canonical = tree.find(".//link[@rel='canonical']")
    saved = next(
        (
            match[1]
            for note in tree.getroottree().xpath("//comment()")
            if (match := _SAVED_FROM.search(note.text or ""))
        ),
        None,
    )
    addresses = (canonical.get("href") if canonical is not None else None, told, saved)
    return next((each for each in addresses if each and each.startswith(("http://", "https://"))), None)
