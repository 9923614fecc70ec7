"""The model from evidence to probability, and its file."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from qa.reader.calibration import LEAST, Calibration, Evidence, Odds

CALIBRATION = Calibration(
    reader_sha256="ab" * 32,
    words=20.0,
    doubt=-5.0,
    order=Evidence(0.5, 0.25, 2.0, 1.0, 4.0),
    confidence=Odds(-1.5, Evidence(0.0, 1.0, 0.0, 0.5, 0.0)),
    unread=Odds(-1.0, Evidence(0.0, 0.0, 4.0, 0.0, 0.0)),
    threshold=0.3,
    fitted_on=("half of an invented set",),
)
logits = st.floats(-1_000, 1_000)


def margin(logit):
    return Evidence(0.0, logit, 0.0, 0.0, 0.0)


@given(logits, logits)
def test_probability_never_falls_as_the_logit_rises(low, high):
    low, high = sorted((low, high))
    assert LEAST <= CALIBRATION.probability(margin(low), 9) <= CALIBRATION.probability(margin(high), 9) <= 1


def test_probability_is_the_sigmoid_to_six_digits():
    assert CALIBRATION.probability(margin(1.5), 20) == 0.5
    assert CALIBRATION.probability(margin(2.75), 1) == round(1 / (1 + math.exp(-1.25)), 6)


def test_a_logit_is_the_weighted_sum():
    sure = replace(CALIBRATION, doubt=-99.0)
    assert sure.logits([Evidence(2.0, -4.0, 0.5, 0.5, 0.25)], 9) == [1.0 - 1.0 + 1.0 + 0.5 + 1.0]


def test_the_reader_s_word_counts_less_the_longer_the_question_is():
    assert [CALIBRATION.trust(words) for words in (0, 20, 25, 30, 99)] == [1.0, 1.0, 0.5, 0.0, 0.0]
    sure = replace(CALIBRATION, doubt=-99.0)
    found = [Evidence(2.0, 8.0, 0.5, 0.5, 0.25), margin(4.0)]
    assert [sure.logits(found, words) for words in (20, 25, 30)] == [[5.5, 1.0], [4.0, 0.5], [2.5, 0.0]]
    sure = [CALIBRATION.probability(Evidence(0.0, 4.5, 0.5, 0.0, 0.0), words) for words in (20, 25, 30)]
    assert sure == [round(1 / (1 + math.exp(-logit)), 6) for logit in (3.0, 2.0, 1.0)]


def test_the_reader_s_word_counts_little_where_it_finds_no_answer_anywhere():
    """Half at the margin of doubt, of all sentences alike."""
    found = [margin(-5.0), margin(-9.0), Evidence(0.0, -9.0, 0.5, 0.0, 0.0)]
    assert CALIBRATION.logits(found, 9) == [-0.625, -1.125, -0.125]
    assert CALIBRATION.logits([*found, margin(95.0)], 9)[:3] == [-1.25, -2.25, -1.25]
    assert CALIBRATION.logits([], 9) == []


def test_without_calibration_the_reader_s_own_logits_count():
    found, evidence = Calibration.none("ab" * 32), Evidence(3.0, 1.0, 9.0, 0.0, 9.0)
    assert found.logits([evidence], 99) == [2.0]
    assert found.probability(evidence, 99) == round(1 / (1 + math.exp(-2.0)), 6)


def test_save_then_load_is_the_identity(tmp_path):
    file = tmp_path / "calibration.json"
    file.write_text(CALIBRATION.to_json())
    assert Calibration.from_file(file, CALIBRATION.reader_sha256) == CALIBRATION


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"format": 1}, "format 1, expected 3"),
        ({"words": "few"}, "'few' is not a number"),
        ({"words": 0}, "'words' is 0.0, expected at least 1"),
        ({"threshold": float("nan")}, "nan is not a number"),
        ({"threshold": 1.5}, "the threshold is 1.5, expected 0 to 1"),
        ({"order": {"relevance": 1}}, "margin"),
        ({"confidence": []}, "'confidence' is an object"),
        ({"unread": {"intercept": 1, "weights": 2}}, "'unread.weights' is an object"),
    ],
)
def test_what_is_no_calibration_is_told_with_the_way_out(tmp_path, change, found):
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(json.loads(CALIBRATION.to_json()) | change))
    with pytest.raises(InputError) as error:
        Calibration.from_file(file, CALIBRATION.reader_sha256)
    assert str(file) in str(error.value)
    assert found in str(error.value)
    assert "qa calibrate" in str(error.value)


@pytest.mark.parametrize(
    ("text", "found"), [("{", "is not JSON"), ("[]", "no calibration"), (None, "No such file")]
)
def test_a_broken_or_missing_file_is_told(tmp_path, text, found):
    file = tmp_path / "calibration.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(InputError, match=found):
        Calibration.from_file(file, CALIBRATION.reader_sha256)


def test_one_for_another_reader_is_refused_naming_both(tmp_path):
    file = tmp_path / "calibration.json"
    file.write_text(CALIBRATION.to_json())
    with pytest.raises(InputError, match=r"abababababab…, not cdcdcdcdcdcd…"):
        Calibration.from_file(file, "cd" * 32)
