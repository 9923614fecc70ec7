"""An answer to take away: as text for the clipboard, or as a file."""

from qa.answer import Answer
from qa.cite import bibtex, plain

_FILES = {
    "markdown": ("answer.md", "text/markdown"),
    "json": ("answer.json", "application/json"),
    "bibtex": ("answer.bib", "application/x-bibtex"),
}


def taken(answer: Answer, form: str, *, turn: int) -> dict[str, object]:
    """What the page's script is to copy or save; `turn` sets it apart from the time before.

    Any other form than markdown, json or bibtex is text for the clipboard.
    """
    if form not in _FILES:
        return {"turn": turn, "text": plain(answer)}
    if form == "markdown":
        text = answer.to_markdown()
    elif form == "json":
        text = answer.to_json() + "\n"
    else:
        text = bibtex(quote.article for quote in answer.quotes)
    name, kind = _FILES[form]
    return {"turn": turn, "text": text, "name": name, "type": f"{kind};charset=utf-8"}
