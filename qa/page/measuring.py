"""What measuring the archive on a question set gave."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from corpus.errors import InputError
from embeddings.encoder import Progress
from qa.archive import Archive
from qa.page import texts
from qa.page.question_sets import Place, question_sets

_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measured:
    """A report as an HTML document of its own, and what the page shows of it."""

    document: str

    @property
    def shown(self) -> str:
        """The document's body: its words are escaped there."""
        body = _BODY.search(self.document)
        words = body[1] if body else ""
        return f'<section class="measured" aria-label="{texts.REPORT}" tabindex="0">{words}</section>'


def measure(
    archive: Archive, name: str, told: Callable[[int, int], None], encoding: Progress | None = None
) -> Measured:
    """Asks every question of a set: of the archive, or of one of the articles that the set brings.

    `told` hears how many questions are done, `encoding` how many passages of those articles.
    Raises InputError where there is no such set, or it can't be measured on.
    """
    from qa.evaluate import evaluate  # noqa: PLC0415  (slow to import)
    from qa.evaluate.report import report_html  # noqa: PLC0415

    place = question_sets(archive).get(name)
    if place is None:
        raise InputError(texts.NO_SET)
    try:
        found = evaluate(
            place.path,
            archive=archive,
            qrels=place.qrels,
            split=place.split,
            model=archive.encoder,
            cache=place.built,
            told=told,
            encoding=encoding,
        )
    except InputError as error:
        raise InputError(_without_folders(str(error), place)) from None
    return Measured(_without_folders(report_html(found.summary, found.rows.rows), place))


def _without_folders(words: str, place: Place) -> str:
    """The words without the server's folders, in HTML or plain."""
    for folder in (place.built, place.path, place.path.parent):
        words = words.replace(f"{folder}/", "").replace(escape(f"{folder}/"), "")
    return words


def template() -> str:
    """A question set to start from."""
    from qa.evaluate.own import TEMPLATE  # noqa: PLC0415

    return TEMPLATE.read_text(encoding="utf-8")
