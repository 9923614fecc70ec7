import json

import pytest

from corpus.columns import read_columns, renamed
from corpus.errors import InputError
from corpus.reading import read_paths

NAMED = ["text=body", "id=key", "published=day", "title=headline", "author=writers"]


def test_a_map_names_the_columns_of_text_and_facts(tmp_path):
    columns = read_columns(NAMED)
    (tmp_path / "a.csv").write_text("key,body,day,headline,writers\n7,The ferry sails.,2021-03,Ferry,Ana\n")
    record = {"key": 7, "body": "The ferry sails.", "day": "2021-03", "headline": "Ferry", "writers": "Ana"}
    (tmp_path / "b.jsonl").write_text(json.dumps({**record, "_id": "no", "date": "1999", "text": "No."}))
    for name in ("a.csv", "b.jsonl"):
        [article] = read_paths([tmp_path / name], columns=columns)
        assert (article.id, article.text, article.published) == ("7", "The ferry sails.", "2021-03")
        assert (article.title, article.author) == ("Ferry", "Ana")


@pytest.mark.parametrize("wrong", ["body", "body=text", "=x", "text=", "sha256=x"])
def test_what_names_no_column_is_refused(wrong):
    with pytest.raises(InputError, match="write FACT=COLUMN"):
        read_columns([wrong])


def test_two_columns_for_one_fact_are_refused():
    with pytest.raises(InputError, match="'text' is given two columns, 'a' and 'b'"):
        read_columns(["text=a", "text=b"])


def test_a_record_without_the_text_column_is_refused_with_those_it_has():
    with pytest.raises(InputError, match="no 'body' there to be the text, only 'text', 'id'"):
        renamed({"text": "A.", "id": "1"}, {"text": "body"})


def test_a_table_without_a_text_column_is_told_once_with_the_columns_it_has(tmp_path):
    (tmp_path / "a.csv").write_text("Headline,Body\nFerry,The ferry sails.\nPier,The pier stands.\n")
    [failure] = read_paths([tmp_path / "a.csv"])
    assert (
        failure.reason
        == "no column is called 'text', only 'Headline', 'Body'; name the one, --column text=NAME"
    )
    assert len(list(read_paths([tmp_path / "a.csv"], columns={"text": "Body"}))) == 2


def test_a_tables_columns_may_be_written_in_capitals(tmp_path):
    (tmp_path / "a.csv").write_text("ID,Title,Text,Date,When\n7,Ferry,The ferry sails.,2021-03,2020\n")
    [article] = read_paths([tmp_path / "a.csv"])
    assert (article.id, article.title, article.published) == ("7", "Ferry", "2021-03")
    [article] = read_paths([tmp_path / "a.csv"], columns={"published": "When"})
    assert article.published == "2020"


def test_a_row_without_text_is_told_and_a_table_without_rows(tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n1,\n2,The ferry sails.\n")
    failure, article = read_paths([tmp_path / "a.csv"])
    assert failure.reason == "'text' is empty; an article needs text"
    assert (article.id, article.language) == ("2", None)
    (tmp_path / "a.csv").write_text("id,text\n")
    [failure] = read_paths([tmp_path / "a.csv"])
    assert failure.reason.startswith("it has no rows")


def test_a_record_without_text_is_told_with_the_fields_it_has(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"headline": "A", "body": "The ferry sails."}\n')
    [failure] = read_paths([tmp_path / "a.jsonl"])
    assert "there is only 'headline', 'body'; name the one, --column text=NAME" in failure.reason
