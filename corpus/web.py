"""From addresses on the web to articles."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import urldefrag, urlsplit

from corpus.article import Facts, Origin
from corpus.errors import InputError
from corpus.extraction import Documents, Extractor
from corpus.facts import first_known
from corpus.fetching import Fetched, Fetcher
from corpus.found import Failure, Found
from corpus.kinds import EXTRACTED, EXTRACTED_LISTS
from corpus.reading import article_of, prefixed
from corpus.text_file import text_from

_TEXT = "text"
_FORMATS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/epub+zip": "epub",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/xml": "feed",
    "text/xml": "feed",
    "application/ld+json": "json",
    "text/plain": _TEXT,
}
_LISTS = frozenset(EXTRACTED_LISTS.values())


def read_addresses(
    urls: Sequence[str], *, prefix: str | None = None, allowed: Collection[str] = ()
) -> Iterator[Found]:
    """The article at each address, or each entry of a feed there; what could not be fetched or read.

    An article's id and origin are the address as it was named, its url what the page says, else where
    redirects led. `allowed` names hosts whose address need not be public.
    """
    fetcher = Fetcher(allowed=allowed)
    with Extractor() as extractor:
        for url in dict.fromkeys(urldefrag(url).url for url in urls):
            try:
                fetched = fetcher.fetch(url)
                format = _format(fetched)
                documents = _documents(extractor, format, fetched.raw)
            except InputError as error:
                yield Failure(url, str(error))
                continue
            for number, document in enumerate(documents, 1):
                origin = Origin(url, number if format in _LISTS else None)
                try:
                    if isinstance(document, InputError):
                        raise document
                    facts, text = document
                    id = (facts.id or str(origin)) if format in _LISTS else url
                    facts = facts if format in _LISTS else first_known(facts, Facts(url=fetched.url))
                    yield prefixed(article_of(facts, text, id, origin), prefix)
                except InputError as error:
                    yield Failure(str(origin), str(error))


def _documents(extractor: Extractor, format: str, raw: bytes) -> Documents:
    return [(Facts(), text_from(raw))] if format == _TEXT else extractor.documents(format, raw)


def _format(fetched: Fetched) -> str:
    """By the media type, else by the end of the address."""
    suffix = PurePosixPath(urlsplit(fetched.url).path).suffix.lower()
    named = EXTRACTED.get(suffix) or EXTRACTED_LISTS.get(suffix)
    format = _FORMATS.get(fetched.media_type) or named
    if format is None:
        raise InputError(f"it is of the type {fetched.media_type[:60] or 'unknown'!r}, which is not read")
    return format
