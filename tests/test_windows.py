"""What the reader is given."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from qa.reader.onnx_reader import MODEL
from qa.reader.windows import QUESTION_TOKENS, STRIDE, TITLE_TOKENS, TOKENS, PairTokenizer

TOKENIZER = PairTokenizer.from_file(Path(MODEL) / "tokenizer.json")
CLS, SEP, POINT = 101, 102, 1012  # of BERT's word pieces


def windows(question, title, passage):
    return list(TOKENIZER.windows(question, title, passage))


def test_question_then_title_then_passage_with_the_passage_s_offsets():
    (window,) = windows("Who spoke?", "Bridge", "Ona Brisk spoke.")
    first, second = (at for at, id in enumerate(window.ids) if id == SEP)
    assert window.ids[0] == CLS
    assert (first, second) == (4, len(window.ids) - 1)  # who, spoke, ?
    assert window.kinds == [0] * 5 + [1] * (len(window.ids) - 5)
    assert window.ids[5:7][-1] == POINT  # "bridge" and the full stop that ends the title
    assert window.first == 7
    assert [("Ona Brisk spoke.")[start:end] for start, end in window.offsets][-2:] == ["spoke", "."]
    assert "".join("Ona Brisk spoke."[start:end] for start, end in window.offsets) == "OnaBriskspoke."


def test_without_a_title_the_passage_follows_the_question():
    (window,) = windows("Who spoke?", None, "Ona Brisk spoke.")
    assert window.first == 5


def test_long_questions_and_titles_are_cut():
    (window,) = windows("who " * 500, "bridge " * 500, "Ona Brisk spoke.")
    assert window.kinds.count(0) == QUESTION_TOKENS + 2
    assert window.first == QUESTION_TOKENS + 2 + TITLE_TOKENS


@given(st.integers(0, 1_500), st.booleans())
def test_windows_cover_the_passage_and_overlap_by_the_stride(words, titled):
    passage = "tram " * words + "ends"
    found = windows("Who spoke?", "Bridge" if titled else None, passage)
    assert all(len(window.ids) == len(window.kinds) <= TOKENS for window in found)
    covered = [offset for window in found for offset in window.offsets]
    assert covered[0][0] == 0
    assert covered[-1][1] == len(passage)
    assert len(set(covered)) == words + 1
    for one, other in pairwise(found):
        assert one.offsets[-STRIDE:] == other.offsets[:STRIDE]


def test_a_passage_without_a_word_piece_is_one_window_with_no_offsets():
    (window,) = windows("Who spoke?", None, "\u200b")
    assert window.offsets == []
