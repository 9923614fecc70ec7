"""From a window's logits to the best span of each sentence."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.article import Span
from qa.reader.reading import SentenceReading
from qa.reader.windows import Window

LONGEST = 30  # tokens of a short answer
NO_MARGIN = -30.0  # of a sentence without a token, such as one of odd symbols
Logits = NDArray[np.float32]  # of shape (length of the window,)
Found = tuple[float, Span]  # a margin, and a span of the passage


def sentence_spans(
    window: Window, start: Logits, end: Logits, sentences: Sequence[Span]
) -> list[Found | None]:
    """For each sentence its best span's margin over position 0, and that span; None outside the window.

    `sentences` and the spans found are offsets in the passage. A span lies within one sentence.
    """
    null = float(start[0] + end[0])
    begins = np.array([offset[0] for offset in window.offsets])
    found: list[Found | None] = []
    for sentence in sentences:
        inside = np.flatnonzero((begins >= sentence.start) & (begins < sentence.end))
        if not len(inside):
            found.append(None)
            continue
        low, high = int(inside[0]), int(inside[-1]) + 1
        first, last, score = _best(
            start[window.first + low : window.first + high], end[window.first + low : window.first + high]
        )
        span = Span(window.offsets[low + first][0], window.offsets[low + last][1])
        found.append((score - null, span))
    return found


def _best(start: Logits, end: Logits) -> tuple[int, int, float]:
    """The first and last token of the best span of at most LONGEST tokens, and its sum of logits."""
    tokens = len(start)
    sums = start.astype(np.float64)[:, None] + end.astype(np.float64)[None, :]
    length = np.arange(tokens)[None, :] - np.arange(tokens)[:, None]
    sums[(length < 0) | (length >= LONGEST)] = -np.inf
    at = int(sums.argmax())
    return at // tokens, at % tokens, float(sums.flat[at])


def best_of(one: Found | None, other: Found | None) -> Found | None:
    """The better of what two windows found in one sentence; the first where they are equal."""
    if one is None or other is None:
        return one or other
    return other if other[0] > one[0] else one


def sentence_reading(found: Found | None, offset: int) -> SentenceReading:
    """What was found, its span moved from the passage to the article that the passage begins in."""
    if found is None:
        return SentenceReading(NO_MARGIN, None)
    margin, span = found
    return SentenceReading(margin, Span(span.start + offset, span.end + offset))
