"""schema.org's `NewsArticle` and its kin in JSON-LD: by itself (`.jsonld`), or inside a page."""

import json
import re
from collections.abc import Iterator, Mapping

from corpus.article import Facts
from corpus.errors import InputError
from corpus.formats.markup import cleaned, text_of_fragment
from corpus.formats.said_dates import iso_day
from corpus.text_file import text_from

_KINDS = re.compile(r"(?:https?://schema\.org/)?(?:\w*Article|BlogPosting|LiveBlogPosting|Report)\Z")
_DEPTH = 8
_MOST = 1_000  # articles of one file
_MARKUP = re.compile(r"</?(?:p|br|div|a|em|strong|span|ul|li)\b[^<>]*>", re.IGNORECASE)
Record = Mapping[str, object]


def read(raw: bytes) -> list[tuple[Facts, str] | InputError]:
    """Each article in a JSON-LD file that carries its `articleBody`, in order."""
    try:
        whole = json.loads(text_from(raw))
    except json.JSONDecodeError as error:
        raise InputError(f"it is not JSON ({error.msg}, line {error.lineno}); mend it") from None
    found: list[tuple[Facts, str] | InputError] = [
        (facts_of(article), body) for article in articles_in(whole) if (body := body_of(article))
    ]
    return found or [InputError("it holds no NewsArticle with an articleBody")]


def articles_in(whole: object) -> list[Record]:
    """The articles anywhere in a JSON-LD value, in order."""
    found = []
    for article in _articles_in(whole, _DEPTH):
        found.append(article)
        if len(found) == _MOST:
            break
    return found


def facts_of(article: Record) -> Facts:
    """What an article says of itself."""
    language = article.get("inLanguage")
    page = article.get("mainEntityOfPage")
    return Facts(
        title=_words(article.get("headline")) or _words(article.get("name")),
        source=_names(article.get("publisher")),
        author=_names(article.get("author")),
        published=iso_day(article.get("datePublished")),
        url=_url(article.get("url")) or _url(page) or _url(_field(page, "@id")),
        language=_words(language) or _words(_field(language, "alternateName")),
    )


def body_of(article: Record) -> str:
    """The article's text, its markup taken off; empty where it carries none."""
    body = article.get("articleBody")
    if not isinstance(body, str):
        return ""
    return text_of_fragment(body) if _MARKUP.search(body) else cleaned(body).strip()


def _articles_in(value: object, depth: int) -> Iterator[Record]:
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _articles_in(item, depth - 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and _KINDS.match(kind) for kind in kinds):
            yield value
        else:
            for name in ("@graph", "mainEntity", "itemListElement", "item"):
                yield from _articles_in(value.get(name), depth - 1)


def _names(value: object) -> str | None:
    each = value if isinstance(value, list) else [value]
    names = [_words(item) or _words(_field(item, "name")) for item in each]
    return ", ".join(dict.fromkeys(name for name in names if name and not _url(name))) or None


def _field(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _words(value: object) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    return (" ".join(cleaned(value).split()) or None) if isinstance(value, str) else None


def _url(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) else None
