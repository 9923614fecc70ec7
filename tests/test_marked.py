import json

import pytest
from made_outlets import OUTLETS, page

from qa import Archive
from qa.cli import main
from qa.marked import Marked, marked_words


@pytest.fixture
def marked(tmp_path):
    """An archive of six articles of an outlet, and the lines that are its pages'."""
    lines = []
    for number in range(6):
        article, pages = page(OUTLETS[0], number)
        lines.append(json.dumps({"_id": str(number), "text": article.text, "source": article.source}))
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(tmp_path / "a.jsonl")
    return tmp_path / "archive", pages


def test_every_line_that_is_marked_is_told_with_its_articles(marked, capsys):
    folder, pages = marked
    assert main(["show", "--furniture", "--json", "--archive", str(folder)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["words"] for each in found} == pages
    assert {(each["source"], each["articles"]) for each in found} == {("The Vell Courier", 6)}


def test_of_one_article_its_own_is_told(marked, capsys):
    folder, pages = marked
    assert main(["show", "3", "--furniture", "--archive", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(pages)
    assert all(line.startswith("1 article · The Vell Courier · ") for line in lines)


@pytest.mark.parametrize("options", [["none", "--furniture"], []])
def test_an_unknown_article_or_none_is_told(marked, capsys, options):
    assert main(["show", *options, "--archive", str(marked[0])]) == 2
    assert capsys.readouterr().out == ""


def test_what_most_articles_have_comes_first(tmp_path):
    lines = [
        {"_id": str(n), "text": f"Advertisement\n\n{'***' if n else ''}\n\nThe sea was calm."}
        for n in range(3)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(tmp_path / "a.jsonl")
        with archive.reading() as connection:
            assert marked_words(connection) == [
                Marked(None, "navigation", "Advertisement", 3),
                Marked(None, "bullet", "***", 2),
            ]
