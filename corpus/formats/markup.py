"""HTML as lines of text: what a browser would set in a block of its own stands on a line of its own."""

import re

from lxml import etree, html
from lxml.html import HtmlElement as Element

from corpus.charset import undeclared
from corpus.errors import InputError

_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_UNSEEN = {
    "audio", "button", "canvas", "embed", "head", "iframe", "math", "noscript", "object", "script", "select",
    "style", "svg", "template", "textarea", "title", "video",
}  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_AROUND_BREAK = re.compile(r" *\n *")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^>]*(?:charset|encoding)\s*=|\A(?:\xfe\xff|\xff\xfe)", re.IGNORECASE
)
_HEAD = 4_000  # bytes in which a page declares its letters
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def parsed(raw: bytes | str) -> Element:
    """The document's tree. Raises InputError where nothing in it is markup or text."""
    if isinstance(raw, str):
        # lxml refuses text that declares an encoding; a parser that is told one doesn't look
        return _tree(_NOT_TEXT.sub("", raw).encode("utf-8"), encoding="utf-8")
    try:  # what is declared is often wrong; what decodes as UTF-8 is UTF-8
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _tree(raw) if _DECLARED.search(raw[:_HEAD]) else parsed(undeclared(raw))
    return parsed(text)


def text_of(tree: Element) -> str:
    """The words of a tree in order, blocks apart by line ends; scripts and hidden parts left out."""
    parts: list[str] = []
    walk = etree.iterwalk(tree, events=("start", "end", "comment"))
    for event, element in walk:
        if event == "comment":
            parts.append(_spaced(element.tail))
        elif event == "start":
            if element.tag in _UNSEEN or _is_hidden(element):
                walk.skip_subtree()
                continue
            parts.append("\n" if element.tag in _BLOCKS or element.tag == "br" else "")
            parts.append(cleaned(element.text or "") if element.tag == "pre" else _spaced(element.text))
        else:
            parts.append("\n" if element.tag in _BLOCKS else "")
            parts.append(_spaced(element.tail) if element is not tree else "")
    lines = _AROUND_BREAK.sub("\n", "".join(parts)).split("\n")
    return "\n\n".join(line for line in (_SPACES.sub(" ", line).strip() for line in lines) if line)


def text_of_fragment(markup: str) -> str:
    """The words of a piece of HTML, as a feed or a letter carries it."""
    return text_of(parsed(markup)) if markup.strip() else ""


def cleaned(text: str) -> str:
    """The text without what no text file may hold: control characters and lone surrogates."""
    return _NOT_TEXT.sub("", text)


def _tree(raw: bytes, encoding: str | None = None) -> Element:
    parser = html.HTMLParser(encoding=encoding, no_network=True, huge_tree=False, remove_pis=True)
    try:
        return html.document_fromstring(raw, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise InputError(f"it is not HTML that can be read ({error})") from None


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _HIDDEN.search(style) is not None)


def _spaced(text: str | None) -> str:
    return _SPACES.sub(" ", cleaned(text)) if text else ""
