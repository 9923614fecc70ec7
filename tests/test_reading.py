import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Origin, sha256_of
from corpus.errors import InputError
from corpus.found import Failure, Skipped
from corpus.reading import read_paths


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def articles(found):
    return {each.id: each for each in found if isinstance(each, Article)}


def failures(found):
    return {each.path: each.reason for each in found if isinstance(each, Failure)}


def test_a_missing_path_is_refused_before_anything_is_read(tmp_path):
    write(tmp_path, {"a.txt": "A."})
    with pytest.raises(InputError, match="none: no such file or folder; check the path"):
        read_paths([tmp_path / "a.txt", tmp_path / "none"])


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_a_name_no_file_can_have_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"name too long|no such file"):
        read_paths([tmp_path / name])


def test_one_file_has_its_name_as_id_and_its_path_as_origin(tmp_path):
    write(tmp_path, {"a.txt": "Öl.\r\n"})
    [article] = read_paths([tmp_path / "a.txt"])
    assert (article.id, article.text, article.title) == ("a.txt", "Öl.\r\n", None)
    assert article.origin == Origin(str(tmp_path / "a.txt"))
    assert article.sha256 == sha256_of("Öl.\r\n")


def test_a_folder_is_read_whole_in_order_with_paths_relative_to_it(tmp_path):
    write(
        tmp_path, {"b.txt": "B.", "a.MD": "A.", "sub/c.txt": "C.", "sub/deep/d.md": "D.", ".hidden.txt": "no"}
    )
    write(tmp_path, {".git/x.txt": "no", "e.odt": "no"})
    found = list(read_paths([tmp_path]))
    assert [each.id for each in found if isinstance(each, Article)] == [
        *("a.MD", "b.txt", "sub/c.txt", "sub/deep/d.md"),
    ]
    assert [each for each in found if not isinstance(each, Article)] == [Skipped(str(tmp_path / "e.odt"))]


def test_a_prefix_goes_before_each_id(tmp_path):
    write(tmp_path, {"a.txt": "A.", "c.jsonl": '{"_id": "1", "text": "B."}'})
    assert set(articles(read_paths([tmp_path], prefix="news"))) == {"news/a.txt", "news/1"}


def test_an_empty_folder_holds_nothing(tmp_path):
    assert list(read_paths([tmp_path])) == []


def test_one_bad_file_among_a_hundred_is_named_and_the_others_are_read(tmp_path):
    for number in range(100):
        (tmp_path / f"{number:03}.txt").write_text(f"Article {number}.")
    (tmp_path / "042.txt").write_bytes("Текст".encode("cp1251"))
    found = list(read_paths([tmp_path]))
    assert set(articles(found)) == {f"{number:03}.txt" for number in range(100) if number != 42}
    [(path, reason)] = failures(found).items()
    assert path == str(tmp_path / "042.txt")
    assert "not UTF-8" in reason


def test_every_kind_of_bad_file_is_named_with_its_reason(tmp_path):
    write(
        tmp_path,
        {"empty.txt": b"", "binary.txt": b"\0\1", "front.md": "---\ntitle: A\n\nText.", "corpus.jsonl": ""},
    )
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    found = list(read_paths([tmp_path]))
    assert articles(found) == {}
    told = {os.path.basename(path): reason for path, reason in failures(found).items()}
    assert set(told) == {"empty.txt", "binary.txt", "front.md", "corpus.jsonl", "pipe.txt", "gone.txt"}
    assert "the file is empty" in told["empty.txt"]
    assert "NUL" in told["binary.txt"]
    assert "no closing ---" in told["front.md"]
    assert "one JSON object a line" in told["corpus.jsonl"]
    assert "not a regular file" in told["pipe.txt"]
    assert "No such file" in told["gone.txt"]


def test_a_jsonl_corpus_gives_an_article_a_line_and_names_bad_lines(tmp_path):
    lines = ['{"_id": "d1", "title": "T", "text": "One."}', "{", '{"text": "Three."}', '{"_id": "d4"}']
    write(tmp_path, {"sub/c.jsonl": "\n".join(lines)})
    path = str(tmp_path / "sub" / "c.jsonl")
    found = list(read_paths([tmp_path]))
    assert {id: each.origin for id, each in articles(found).items()} == {
        "d1": Origin(path, 1),
        "sub/c.jsonl:3": Origin(path, 3),
    }
    assert set(failures(found)) == {f"{path}:2", f"{path}:4"}


def test_files_about_articles_are_never_articles(tmp_path):
    line = '{"_id": "q1", "text": "Who?"}'
    write(
        tmp_path,
        {"queries.jsonl": line, "qrels.tsv": "q\td\t1", "corpus.jsonl": '{"_id": "d", "text": "D."}'},
    )
    (tmp_path / "qrels-test.tsv").write_text("q\td\t1")
    assert [each.id for each in read_paths([tmp_path])] == ["d"]
    [failure] = read_paths([tmp_path / "queries.jsonl"])
    assert failure.reason.startswith("a file of this name holds no articles")


@pytest.mark.parametrize("name", ["a.odt", "a", "a.doc"])
def test_another_kind_of_file_that_is_named_is_a_failure(tmp_path, name):
    (tmp_path / name).write_text("A.")
    [failure] = read_paths([tmp_path / name])
    assert failure.path == str(tmp_path / name)
    assert "only .txt, .md, .jsonl" in failure.reason


def test_metadata_goes_before_front_matter_and_is_used_for_a_single_file_too(tmp_path):
    write(tmp_path, {"a.md": "---\ntitle: Front\nauthor: F\n---\nText."})
    (tmp_path / "metadata.jsonl").write_text(json.dumps({"file": "a.md", "id": "one", "title": "Meta"}))
    for path in (tmp_path, tmp_path / "a.md"):
        [article] = read_paths([path])
        assert (article.id, article.title, article.author) == ("one", "Meta", "F")


def test_the_folders_metadata_reaches_into_folders_inside_it(tmp_path):
    write(tmp_path, {"sub/a.txt": "A.", "metadata.jsonl": '{"file": "sub/a.txt", "source": "S"}'})
    [article] = read_paths([tmp_path])
    assert (article.id, article.source) == ("sub/a.txt", "S")


def test_metadata_of_a_file_that_is_not_there_is_told_with_its_line(tmp_path):
    write(tmp_path, {"a.txt": "A.", "metadata.jsonl": '{"file": "a.txt"}\n{"file": "gone.txt"}'})
    found = list(read_paths([tmp_path]))
    assert set(articles(found)) == {"a.txt"}
    [(path, reason)] = failures(found).items()
    assert path == f"{tmp_path / 'metadata.jsonl'}:2"
    assert reason.startswith("it has facts of 'gone.txt', which is not in the folder")


def test_a_wrong_date_in_metadata_keeps_out_its_own_file_only(tmp_path):
    write(
        tmp_path,
        {"a.txt": "A.", "b.txt": "B.", "metadata.jsonl": '{"file": "a.txt", "published": "2012-13"}'},
    )
    found = list(read_paths([tmp_path]))
    assert set(articles(found)) == {"b.txt"}
    told = failures(found)
    assert "'2012-13' is not a date" in told.pop(f"{tmp_path / 'metadata.jsonl'}:1")
    assert list(told) == [str(tmp_path / "a.txt")]
    assert set(articles(read_paths([tmp_path / "b.txt"]))) == {"b.txt"}
    [failure] = read_paths([tmp_path / "a.txt"])
    assert "it may hold the facts of a.txt" in failure.reason


def test_an_unreadable_line_of_metadata_keeps_out_the_files_it_may_be_about(tmp_path):
    write(
        tmp_path,
        {"a.txt": "A.", "b.txt": "B.", "sub/c.txt": "C.", "metadata.jsonl": '{"file": "b.txt"}\n{oops}'},
    )
    found = list(read_paths([tmp_path]))
    assert set(articles(found)) == {"b.txt", "sub/c.txt"}
    assert set(failures(found)) == {str(tmp_path / "a.txt"), f"{tmp_path / 'metadata.jsonl'}:2"}


def test_a_file_named_twice_is_read_once(tmp_path):
    write(tmp_path, {"a.txt": "A.", "c.jsonl": '{"_id": "1", "text": "B."}'})
    found = list(read_paths([tmp_path / "a.txt", tmp_path, tmp_path / "a.txt", f"{tmp_path}/./c.jsonl"]))
    assert [each.id for each in found] == ["a.txt", "1"]


def test_a_link_to_a_file_is_read_and_a_link_to_a_folder_is_told(tmp_path):
    write(tmp_path, {"real/a.txt": "A."})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "real" / "a.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    found = list(read_paths([tmp_path / "in"]))
    assert found[0] == Skipped(str(tmp_path / "in" / "loop"))
    assert [each.id for each in found[1:]] == ["b.txt"]


def test_the_same_folder_by_another_path_gives_the_same_articles(tmp_path, monkeypatch):
    write(tmp_path, {"in/a.txt": "A."})
    (tmp_path / "link").symlink_to(tmp_path / "in")
    monkeypatch.chdir(tmp_path / "in")
    expected = list(read_paths([tmp_path / "in"]))
    for path in (tmp_path / "link", ".", "../in", f"{tmp_path}/in/"):
        assert list(read_paths([path])) == expected


@pytest.mark.parametrize(
    "name", ["with space.txt", "Орал.txt", "a\nb.txt", "-rf.txt", "[x]*?.txt", "a:3.txt"]
)
def test_odd_names_are_names(tmp_path, name):
    (tmp_path / name).write_text("A.")
    [article] = read_paths([tmp_path])
    assert (article.id, article.origin.path) == (name, str(tmp_path / name))


def test_a_name_that_is_not_utf_8_is_refused_in_words_that_can_be_printed(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("A.")
    (tmp_path / os.fsdecode(b"caf\xe9.odt")).write_text("A.")
    (tmp_path / "b.txt").write_text("B.")
    found = list(read_paths([tmp_path]))
    assert set(articles(found)) == {"b.txt"}
    assert [each.path for each in found if isinstance(each, Skipped)] == [rf"{tmp_path}/caf\xe9.odt"]
    assert list(failures(found)) == [rf"{tmp_path}/caf\xe9.txt"]


LANGUAGES = ["ru", "kk", "ar", "zh", "xx-weird", "12", "klingon", "en_US", "😀", "EN"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_language_is_taken_as_it_is_given(tmp_path, language):
    record = {"_id": "1", "text": "A.", "language": language}
    write(tmp_path, {"c.jsonl": json.dumps(record)})
    [article] = read_paths([tmp_path])
    assert article.language == language


@given(st.permutations(["a.txt", "b.md", "c.jsonl"]))
def test_the_order_of_paths_changes_nothing_but_the_order(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("in")
    write(folder, {"a.txt": "A.", "b.md": "B.", "c.jsonl": '{"_id": "1", "text": "C."}'})
    assert articles(read_paths([folder / name for name in order])) == articles(read_paths([folder]))


def test_the_five_articles_are_read_with_their_facts_and_to_the_letter(shared):
    found = list(read_paths([shared / "articles"]))
    lines = [json.loads(line) for line in (shared / "articles" / "metadata.jsonl").read_text().splitlines()]
    assert [each.id for each in found] == [line["id"] for line in lines]
    for article, line in zip(found, lines, strict=True):
        file = shared / "articles" / line["file"]
        assert article.text == file.read_bytes().decode()
        for fact in ("title", "source", "author", "published", "language"):
            assert getattr(article, fact) == line[fact]
