"""The best span of each sentence, against trying every span."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from qa.reader.spans import LONGEST, NO_MARGIN, best_of, sentence_reading, sentence_spans
from qa.reader.windows import Window

logits = st.lists(st.integers(-50, 50), min_size=40, max_size=60)


@given(logits, st.data())
def test_it_is_the_best_of_all_spans_within_a_sentence(start, data):
    tokens = len(start) - 3
    end = data.draw(st.lists(st.integers(-50, 50), min_size=len(start), max_size=len(start)))
    cut = data.draw(st.integers(1, tokens - 1))
    offsets = [(5 * at, 5 * at + 4) for at in range(tokens)]
    window = Window(ids=[0] * len(start), kinds=[0] * len(start), first=2, offsets=offsets)
    sentences = [Span(0, 5 * cut - 1), Span(5 * cut, 5 * tokens - 1)]
    found = sentence_spans(window, np.array(start, np.float32), np.array(end, np.float32), sentences)
    for (margin, span), low, high in zip(found, (0, cut), (cut, tokens), strict=True):
        every = {
            (5 * i, 5 * j + 4): start[2 + i] + end[2 + j] - start[0] - end[0]
            for i in range(low, high)
            for j in range(i, min(high, i + LONGEST))
        }
        assert margin == max(every.values()) == every[span.start, span.end]


def test_a_sentence_outside_the_window_has_none():
    window = Window(ids=[0] * 4, kinds=[0] * 4, first=1, offsets=[(0, 3), (4, 7)])
    zeros = np.zeros(4, np.float32)
    assert sentence_spans(window, zeros, zeros, [Span(10, 20)]) == [None]


def test_of_two_windows_the_better_counts_and_the_first_where_they_are_equal():
    one, other = (1.0, Span(0, 3)), (2.0, Span(4, 7))
    assert best_of(one, other) == best_of(other, one) == other
    assert best_of(None, one) == best_of(one, None) == one
    assert best_of(one, (1.0, Span(8, 9))) == one
    assert best_of(None, None) is None


def test_a_span_is_moved_to_its_article():
    reading = sentence_reading((1.5, Span(4, 7)), 100)
    assert (reading.margin, reading.span) == (1.5, Span(104, 107))
    nothing = sentence_reading(None, 100)
    assert (nothing.margin, nothing.span) == (NO_MARGIN, None)
