"""Which characters of a sentence stand between quotation marks."""

import re

from corpus.article import Span

_MARK = re.compile("[\"“”„«»]|``|''")
_OPENS, _CLOSES = {"“", "„", "«", "``"}, {"”", "»", "''"}


def quoted(text: str, sentence: Span) -> list[Span]:
    """The parts of a sentence between quotation marks, marks left out, as offsets into the article.

    A quotation may have begun in an earlier sentence of the paragraph, or before it, and may go on
    in the next.
    """
    inside, since, first = False, sentence.start, True
    found = []
    for mark in _MARK.finditer(text, text.rfind("\n", 0, sentence.start) + 1, sentence.end):
        opens = mark[0] in _OPENS or (mark[0] not in _CLOSES and not inside)
        if (inside or (first and mark[0] in _CLOSES)) and not opens and mark.start() > sentence.start:
            found.append(Span(since, mark.start()))
        inside, since, first = opens, max(mark.end(), sentence.start), False
    if inside and since < sentence.end:
        found.append(Span(since, sentence.end))
    return [span for span in found if span.start < span.end]
