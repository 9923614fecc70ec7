"""An answer to take away: as text for the clipboard, or as a file."""

from collections.abc import Mapping
from typing import Any

from qa.answer import Answer
from qa.as_json import as_json
from qa.cite import bibtex, plain

_FILES = {
    "markdown": ("answer.md", "text/markdown"),
    "json": ("answer.json", "application/json"),
    "bibtex": ("answer.bib", "application/x-bibtex"),
}


def taken(answer: Answer, said: Mapping[str, Any], form: str, *, turn: int) -> dict[str, object]:
    """What the page's script is to copy or save; `turn` sets it apart from the time before.

    `said` is the answer as JSON has it.

    Any other form than markdown, json or bibtex is text for the clipboard.
    """
    if form not in _FILES:
        return {"turn": turn, "text": plain(answer)}
    if form == "markdown":
        text = answer.to_markdown()
    elif form == "json":
        text = as_json(dict(said)) + "\n"
    else:
        text = bibtex(quote.article for quote in answer.quotes)
    name, kind = _FILES[form]
    return {"turn": turn, "text": text, "name": name, "type": f"{kind};charset=utf-8"}
