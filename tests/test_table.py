import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from corpus.table import rows


def read(tmp_path, raw, separator=None):
    file = tmp_path / "a.csv"
    file.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return list(rows(file, separator))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen_from_the_first_line(tmp_path, separator):
    raw = separator.join(["id", "text", "date"]) + "\n" + separator.join(["1", "The ferry sails.", "2021"])
    assert read(tmp_path, raw) == [(2, {"id": "1", "text": "The ferry sails.", "date": "2021"})]


def test_a_cell_may_hold_lines_and_separators_in_quotes(tmp_path):
    raw = 'id,text\n1,"One, two.\n\n""Three.""\n"\n\n2,Four.\n'
    assert read(tmp_path, raw) == [
        (5, {"id": "1", "text": 'One, two.\n\n"Three."\n'}),
        (7, {"id": "2", "text": "Four."}),
    ]


def test_a_row_of_too_many_cells_is_told_and_the_next_one_is_read(tmp_path):
    (_, wrong), (_, right) = read(tmp_path, "id,text\n1,One, two.\n2,Three.\n")
    assert "the row has 3 cells, the first row 2" in str(wrong)
    assert right == {"id": "2", "text": "Three."}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the file is empty"),
        (b"id,text,id\n", "two columns are called 'id'"),
        ("id,текст\n1,А".encode("cp1251"), "line 1 is not UTF-8"),
        (b"id,text\n1,\xff\n", r"line 2 is not UTF-8 \(byte 0xff\)"),
        (b'id,text\n1,"never closed', "it is no table that can be read"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, raw, reason):
    with pytest.raises(InputError, match=reason):
        read(tmp_path, raw)


CELLS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])).filter(str.strip)


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_what_python_writes_is_read_back(tmp_path, texts):
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([["text", "n"], *([text, "1"] for text in texts)])
    assert [record["text"] for _, record in read(tmp_path, file.getvalue())] == texts


def test_blank_lines_before_the_names_are_passed_over_and_counted(tmp_path):
    assert read(tmp_path, "\ufeff\n\r\nid,text\n1,The ferry sails.\n") == [
        (4, {"id": "1", "text": "The ferry sails."})
    ]


def test_a_separator_may_be_named_as_excel_does(tmp_path):
    assert read(tmp_path, "sep=;\r\nid;text\r\n1;One, two, three.\r\n") == [
        (3, {"id": "1", "text": "One, two, three."})
    ]


@pytest.mark.parametrize("raw", ["id,text\r1,One.\r2,Two.\r", "id,text\n1,One\r and a half.\n"])
def test_a_carriage_return_alone_is_told_in_words(tmp_path, raw):
    with pytest.raises(InputError, match=r"^a carriage return without a line feed stands in it"):
        read(tmp_path, raw)
    assert read(tmp_path, raw.replace("\r", "\r\n"))
