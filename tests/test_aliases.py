"""Short and long forms that articles define."""

import pytest

from qa.names.aliases import Definition, definitions, form_key


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Then Free Steppe Movement (FSM), tried.", "FSM", "Free Steppe Movement"),
        ("the Union for Lakes and Rivers of Vell (ULRV) said", "ULRV", "Union for Lakes and Rivers of Vell"),
        ("the ULRV (Union for Lakes and Rivers of Vell) said", "ULRV", "Union for Lakes and Rivers of Vell"),
        ("The Lake Transport Bureau (LTB) said", "LTB", "Lake Transport Bureau"),
        ("the fast ferry service (FFS) said", "FFS", "fast ferry service"),
        # Letters of another language: "vybor" for "choice".
        ("Free Choice of Kembria (FVK) tried", "FVK", "Free Choice of Kembria"),
        ("Организация озёрного транспорта (ООТ) сообщила", "ООТ", "Организация озёрного транспорта"),
        ("In Tasqala, also known as Stonetown, it rained.", "Stonetown", "Tasqala"),
        ("Tasqala (formerly known as Old Stonetown) is", "Old Stonetown", "Tasqala"),
    ],
)
def test_what_is_defined(text, short, long):
    assert definitions([text]) == {Definition(short, long)}


@pytest.mark.parametrize(
    "text",
    [
        "Jory Pell (MTC) scored twice.",
        "Mayor Ona Brisk (D) said",
        "Vell (NV) is a town",
        "the tram company (in March) said",
        "Radio Vell (Radio Vell One) said",
        "Doctors Without Harbours (QXZ) left",
    ],
)
def test_what_is_not(text):
    assert definitions([text]) == set()


def test_forms_are_compared_without_case_and_as_one_spelling():
    assert form_key("The Security Organisation’s") == "the security organization s"
    assert form_key("G7") == "g7"
