"""Where quotes stand: the paragraphs around them, and more of the article where those say little."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Article, Span
from corpus.furniture import Furniture
from corpus.sentences import paragraphs, sentences

SHORT = 320  # characters; a paragraph below that is shown with the ones before and after it
LONG = 1_600  # characters; a paragraph above that is cut to the sentences nearest the quote


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of an article, or the part of one that is shown; and what is left out beside it."""

    span: Span
    cut_before: bool  # of the same paragraph
    cut_after: bool
    gap_before: bool  # paragraphs, since the piece before


def surroundings(article: Article, quotes: Sequence[Span], furniture: Sequence[Furniture]) -> list[Piece]:
    """The paragraphs that hold the quotes, in order, without furniture beside them."""
    whole = paragraphs(article.text)
    shown: dict[int, Span] = {}  # place of a paragraph -> what is shown of it
    for quote in quotes:
        for place in _around(whole, quote):
            paragraph = whole[place]
            if not paragraph.overlaps(quote) and any(mark.span.overlaps(paragraph) for mark in furniture):
                continue
            part = _part(article, paragraph, quote)
            known = shown.get(place, part)
            shown[place] = Span(min(known.start, part.start), max(known.end, part.end))
    return [
        Piece(
            span=shown[place],
            cut_before=whole[place].start < shown[place].start,
            cut_after=shown[place].end < whole[place].end,
            gap_before=before is not None and place > before + 1,
        )
        for before, place in zip([None, *sorted(shown)], sorted(shown), strict=False)
    ]


def _around(whole: Sequence[Span], quote: Span) -> range:
    """Places of the paragraphs to show for one quote."""
    holding = [place for place, paragraph in enumerate(whole) if paragraph.overlaps(quote)]
    first, last = holding[0], holding[-1]
    if whole[last].end - whole[first].start < SHORT:
        first, last = max(0, first - 1), min(len(whole) - 1, last + 1)
    return range(first, last + 1)


def _part(article: Article, paragraph: Span, quote: Span) -> Span:
    """The paragraph, or of a long one the sentences around the quote, or nearest to it."""
    if paragraph.end - paragraph.start <= LONG:
        return paragraph
    parts = sentences(article.text, paragraph, article.language)
    holding = [place for place, part in enumerate(parts) if part.overlaps(quote)]
    if not holding:
        holding = [len(parts) - 1 if paragraph.end <= quote.start else 0]
    first, last = holding[0], holding[-1]
    while True:  # a sentence more on the shorter side, so that the quote stays in the middle
        wider = [
            Span(parts[low].start, parts[high].end)
            for low, high in ((first, last + 1), (first - 1, last))
            if low >= 0 and high < len(parts) and parts[high].end - parts[low].start <= LONG
        ]
        if not wider:
            return Span(parts[first].start, parts[last].end)
        best = min(wider, key=lambda span: abs(span.start + span.end - quote.start - quote.end))
        first, last = (first - 1, last) if best.start < parts[first].start else (first, last + 1)
