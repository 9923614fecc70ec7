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
