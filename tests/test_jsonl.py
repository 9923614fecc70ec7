import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import jsonl
from corpus.article import Facts
from corpus.errors import InputError
from corpus.jsonl import article_in, records

OBJECTS = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=4)


def found(path):
    return [
        (number, str(record) if isinstance(record, InputError) else record)
        for number, record in records(path)
    ]


@given(st.lists(OBJECTS), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_was_written_is_read_with_its_line(tmp_path, objects, end, ascii_only):
    path = tmp_path / "c.jsonl"
    lines = [json.dumps(each, ensure_ascii=ascii_only) for each in objects]
    path.write_bytes("".join(line + end for line in lines).encode("utf-8"))
    assert found(path) == list(enumerate(objects, start=1))


def test_blank_lines_are_passed_over_and_counted(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_bytes(b'\xef\xbb\xbf\n  \n{"a": 1}\n\n{"b": 2}')
    assert found(path) == [(3, {"a": 1}), (5, {"b": 2})]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": 1', "not JSON (Expecting ',' delimiter, column 8)"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1} {"b": 2}', "not JSON (Extra data, column 10)"),
        (b"[1, 2]", "a JSON list, expected an object"),
        (b'"text"', "a JSON str, expected an object"),
        (b"null", "a JSON NoneType, expected an object"),
        (b'{"a": "\xcf\xf0"}', "not UTF-8 (byte 7)"),
        (b'{"a": "\x01"}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_a_broken_line_is_told_by_its_number_and_the_rest_is_read(tmp_path, line, reason):
    path = tmp_path / "c.jsonl"
    path.write_bytes(b'{"a": 1}\n' + line + b'\n{"c": 3}\n')
    first, second, third = found(path)
    assert (first, third) == ((1, {"a": 1}), (3, {"c": 3}))
    assert second[0] == 2
    assert reason in second[1]


def test_a_line_of_200_megabytes_is_refused_in_bounded_memory(tmp_path):
    path = tmp_path / "c.jsonl"
    with path.open("wb") as file:
        file.write(b'{"a": 1}\n{"text": "')
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"c": 3}\n')
    tracemalloc.start()
    try:
        lines = found(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert lines == [(1, {"a": 1}), (2, "the line is longer than 20,000,000 bytes; split it"), (3, {"c": 3})]
    assert peak < 3 * jsonl.MAX_LINE


@pytest.mark.parametrize("tail", [b"", b"\n", b'\n{"c": 3}'])
def test_the_limit_is_exact_and_counting_goes_on(tmp_path, monkeypatch, tail):
    path = tmp_path / "c.jsonl"
    line = b'{"a": "b"}'
    path.write_bytes(line + b"\n" + line + tail)
    monkeypatch.setattr(jsonl, "MAX_LINE", len(line) + 1)
    rest = [(3, {"c": 3})] if tail.strip() else []
    assert found(path) == [(1, {"a": "b"}), (2, {"a": "b"}), *rest]
    monkeypatch.setattr(jsonl, "MAX_LINE", len(line) - 1)
    told = [reason for _, reason in found(path)][:2]
    assert told == [f"the line is longer than {len(line) - 1} bytes; split it"] * 2


def test_a_record_gives_facts_and_text():
    record = {"_id": "d1", "title": "T", "text": " Text. ", "date": "2012", "authors": ["A", "B"], "n": 1}
    assert article_in(record) == (Facts(id="d1", title="T", author="A, B", published="2012"), " Text. ")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "'text' is missing"),
        ({"text": None}, "'text' is NoneType"),
        ({"text": ["a"]}, "'text' is list"),
        ({"text": " \n"}, "'text' is empty"),
        ({"text": json.loads('"a\\ud800b"')}, "'text' holds a lone surrogate at character 1"),
        ({"text": "a\0"}, "'text' holds a NUL"),
        ({"text": "a", "_id": json.loads('"\\udfff"')}, "'_id' holds a lone surrogate"),
        ({"text": "a", "date": "2012-02-30"}, "'2012-02-30' is not a date"),
    ],
)
def test_a_record_that_is_no_article_is_refused(record, reason):
    with pytest.raises(InputError) as caught:
        article_in(record)
    assert reason in str(caught.value)


def test_a_pair_of_surrogates_is_one_character():
    assert article_in({"text": json.loads('"\\ud83d\\ude00"')})[1] == "😀"
