"""A letter as mail programs keep it (.eml, and each message of an mbox)."""

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses

from corpus.article import Facts
from corpus.charset import undeclared
from corpus.errors import InputError
from corpus.formats.markup import cleaned, text_of_fragment
from corpus.formats.said_dates import iso_day


def read(raw: bytes) -> list[tuple[Facts, str]]:
    """The one letter: its plain text, else its HTML as text; attachments are left out.

    Its id is its Message-ID, which is used where a file holds several. Raises InputError where it
    carries no text.
    """
    try:
        letter = message_from_bytes(raw, policy=policy.default)
        body = letter.get_body(("plain", "html")) if isinstance(letter, EmailMessage) else None
        if body is None or not any(name in letter for name in ("From", "Date", "Subject", "Message-ID")):
            raise InputError("it is no letter with a sender and a text")
        words = content(body)
        facts = Facts(
            id=_line(letter, "Message-ID").strip("<>") or None,
            title=_line(letter, "Subject") or None,
            author=_sender(letter),
            published=iso_day(_line(letter, "Date")),
            language=_line(letter, "Content-Language").split(",")[0].strip() or None,
        )
    except (MessageError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise InputError(f"it is no letter that can be read ({str(error)[:100]})") from None
    return [(facts, text_of_fragment(words) if body.get_content_type() == "text/html" else words)]


def content(part: Message) -> str:
    """The text of a part, decoded as it says, else as its bytes tell; what doesn't fit is replaced."""
    raw = bytes_in(part)
    charset = part.get_content_charset()
    try:
        text = raw.decode(charset, "replace") if charset else undeclared(raw)
    except LookupError:  # a character set that no one knows
        text = undeclared(raw)
    return cleaned(text.replace("\r\n", "\n"))


def bytes_in(part: Message) -> bytes:
    """A part as it was before it was packed for mail. Raises InputError where that can't be undone."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        raise InputError("one of its parts can't be decoded")
    return raw


def _line(letter: Message, name: str) -> str:
    return " ".join(cleaned(str(letter.get(name) or "")).split())


def _sender(letter: Message) -> str | None:
    names = [name or address for name, address in getaddresses([_line(letter, "From")])]
    return ", ".join(filter(None, names)) or None
