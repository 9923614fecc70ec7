"""Names in words of texts: one where their spellings are one name's."""

import pytest

from qa.names.alike import are_alike, merged


@pytest.mark.parametrize(
    ("word", "other", "same"),
    [
        ("Toqaev", "Tokayev", True),
        ("Токаев", "TOKAYEV", True),
        ("Aqtobe", "Aktobe", True),
        ("Kosanov", "Kozlov", False),
        ("Kosanov", "Kosanova", False),
        ("Vell", "Marrow", False),
    ],
)
def test_spellings_of_one_name_are_alike_and_two_names_are_not(word, other, same):
    assert are_alike(word, other) is same
    assert are_alike(other, word) is same


def test_each_word_stands_for_the_first_that_is_like_it():
    assert merged(["Toqaev", "Aqtobe", "Tokayev", "TOQAEV"]) == {
        "toqaev": "toqaev",
        "aqtobe": "aqtobe",
        "tokayev": "toqaev",
    }
