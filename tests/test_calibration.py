"""The model from evidence to probability, and its file."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from qa.reader.calibration import LEAST, Calibration, Evidence, probability

CALIBRATION = Calibration(
    "ab" * 32, -1.5, Evidence(0.5, 0.25, 2.0, 1.0, 4.0), 0.3, ("half of an invented set",)
)
logits = st.floats(-1_000, 1_000)


@given(logits, logits)
def test_probability_never_falls_as_the_logit_rises(low, high):
    low, high = sorted((low, high))
    assert LEAST <= probability(low) <= probability(high) <= 1


def test_probability_is_the_sigmoid_to_six_digits():
    assert probability(0.0) == 0.5
    assert probability(1.25) == round(1 / (1 + math.exp(-1.25)), 6)


def test_a_logit_is_the_weighted_sum():
    assert CALIBRATION.logit(Evidence(2.0, -4.0, 0.5, 0.5, 0.25)) == -1.5 + 1.0 - 1.0 + 1.0 + 0.5 + 1.0


def test_without_calibration_the_reader_s_own_logits_count():
    assert Calibration.none("ab" * 32).logit(Evidence(3.0, 1.0, 9.0, 0.0, 9.0)) == 2.0


def test_save_then_load_is_the_identity(tmp_path):
    file = tmp_path / "calibration.json"
    file.write_text(CALIBRATION.to_json())
    assert Calibration.from_file(file, CALIBRATION.reader_sha256) == CALIBRATION


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"format": 2}, "format 2, expected 1"),
        ({"intercept": "low"}, "'low' is not a number"),
        ({"intercept": float("nan")}, "nan is not a number"),
        ({"threshold": 1.5}, "the threshold is 1.5, expected 0 to 1"),
        ({"weights": {"relevance": 1}}, "margin"),
        ({"weights": []}, "'weights' is an object"),
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
