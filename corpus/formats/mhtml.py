"""MHTML: a page that a browser saved with all its parts in one file."""

from email import message_from_bytes, policy
from email.errors import MessageError

from corpus.article import Facts
from corpus.charset import as_utf8
from corpus.errors import InputError
from corpus.facts import first_known
from corpus.formats import web_page
from corpus.formats.mail import bytes_in


def read(raw: bytes) -> list[tuple[Facts, str]]:
    """The article of the saved page, which is the first HTML part."""
    try:
        saved = message_from_bytes(raw, policy=policy.default)
        page = next((part for part in saved.walk() if part.get_content_type() == "text/html"), None)
        address = saved.get("Snapshot-Content-Location") or (page.get("Content-Location") if page else None)
    except (MessageError, ValueError) as error:
        raise InputError(f"it is no saved page that can be read ({error})") from None
    if page is None:
        raise InputError("it holds no HTML page; save the page anew")
    url = address if address and str(address).startswith(("http://", "https://")) else None
    return [
        (first_known(facts, Facts(url=str(url) if url else None)), text)
        for facts, text in web_page.read(as_utf8(bytes_in(page), page.get_content_charset()))
    ]
