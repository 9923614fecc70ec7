import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Facts
from corpus.errors import InputError
from corpus.facts import MAX_FACT, check_unicode, first_known, read_facts

FACTS = st.builds(Facts, *[st.none() | st.sampled_from(["a", "b"]) for _ in Facts.__dataclass_fields__])


def test_all_facts_are_read():
    record = {
        "id": "i",
        "title": "T",
        "source": "S",
        "author": "A",
        "published": "2012-02",
        "url": "https://example.org/",
        "language": "en",
        "file": "ignored",
    }
    assert read_facts(record) == Facts("i", "T", "S", "A", "2012-02", "https://example.org/", "en")


def test_nothing_known_is_nothing_guessed():
    assert read_facts({}) == Facts()
    assert read_facts({"title": None, "source": "", "author": "  ", "authors": []}) == Facts()


def test_beir_names_are_understood():
    record = {"_id": "7", "date": "2023-09-26T17:01:22+00:00", "authors": ["Ana Reyes", "", "Bo Lind"]}
    assert read_facts(record) == Facts(id="7", author="Ana Reyes, Bo Lind", published="2023-09-26")


def test_our_names_go_before_beirs():
    record = {"published": "2012", "date": "1999", "author": "A", "authors": "B"}
    assert read_facts(record) == Facts(author="A", published="2012")


def test_numbers_are_taken_as_text_and_white_space_is_dropped():
    assert read_facts({"id": 17, "published": 2012, "title": " T "}) == Facts("17", "T", published="2012")


@pytest.mark.parametrize("value", [True, 1.5, ["T"], {"a": 1}])
def test_a_fact_that_is_not_text_is_refused_by_name(value):
    with pytest.raises(InputError, match=f"'title' is {type(value).__name__}, expected text"):
        read_facts({"title": value})


@pytest.mark.parametrize("field", ["published", "date"])
@pytest.mark.parametrize("value", ["last week", "2012-13", "2012-02-30", "2012-02-30T10:00:00Z", "0000"])
def test_a_date_that_is_none_is_refused(field, value):
    with pytest.raises(InputError, match="is not a date"):
        read_facts({field: value})


def test_a_name_in_a_list_that_is_not_text_is_refused():
    with pytest.raises(InputError, match="'authors' is list, expected text"):
        read_facts({"authors": [["Ana"]]})


def test_an_overlong_fact_is_refused_with_both_numbers():
    assert read_facts({"title": "x" * MAX_FACT}).title == "x" * MAX_FACT
    with pytest.raises(InputError, match="'title' has 2001 characters, at most 2000 are taken"):
        read_facts({"title": "x" * (MAX_FACT + 1)})


@pytest.mark.parametrize(("text", "what"), [("a\udc80b", "lone surrogate at character 1"), ("a\0", "NUL")])
def test_what_no_file_can_carry_is_refused(text, what):
    with pytest.raises(InputError, match=f"'x' holds a {what}"):
        check_unicode(text, "'x'")
    with pytest.raises(InputError, match=what):
        read_facts({"title": text})


def test_any_whole_character_is_taken():
    check_unicode("Ж 中 😀 \ufeff\x01", "'x'")


@given(FACTS, FACTS)
def test_first_known_takes_the_best_and_fills_the_gaps(best, other):
    merged = first_known(best, other)
    for name in Facts.__dataclass_fields__:
        mine, yours = getattr(best, name), getattr(other, name)
        assert getattr(merged, name) == (yours if mine is None else mine)
