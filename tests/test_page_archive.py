"""What the archive tab shows, and what becomes of files that are uploaded there."""

import re
import zipfile
from html import unescape

import pytest

from corpus.errors import ArchiveLocked, InputError
from corpus.found import Failure
from qa import Archive
from qa.adding import AddReport
from qa.page import holdings, texts, uploads
from qa.page.coverage import coverage
from qa.page.uploads import add_uploads, remove
from qa.rows import Listed
from qa.write_lock import write_lock

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def listed(id, published=None, source=None, title=None):
    return Listed(id, title, source, published, "0" * 64)


def bars(html):
    """Each bar's name and number, as its hint tells them."""
    return {name: int(count) for name, count in re.findall(r'<span title="([^:"]+): (\d+)">', html)}


def test_nothing_dated_is_no_plot():
    assert coverage([]) == ""
    assert coverage([listed("a")]) == ""


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2031-04", "2031-04-09", "2031-06"], {"2031-04": 2, "2031-05": 0, "2031-06": 1}),
        (["2030-12-31", "2031-01"], {"2030-12": 1, "2031-01": 1}),
        (["2030", "2031-04", "2031-06-01"], {"2030": 1, "2031": 2}),
        (["2028-01", "2031-06"], {"2028": 1, "2029": 0, "2030": 0, "2031": 1}),
        (
            ["1938", "1955", "2001"],
            {f"{decade}0s": 0 for decade in range(194, 200)} | {"1930s": 1, "1950s": 1, "2000s": 1},
        ),
    ],
)
def test_a_bar_is_a_month_a_year_or_a_decade_and_gaps_stay(dates, expected):
    html = coverage([listed(str(n), date) for n, date in enumerate(dates)])
    assert bars(html) == expected
    assert list(bars(html)) == sorted(expected)


def test_sources_are_told_apart_as_far_as_there_are_colours():
    many = [listed(f"{n}-{m}", "2031", f"Outlet {n}") for n in range(8) for m in range(9 - n)]
    html = coverage(many)
    assert [f"Outlet {n}" in html for n in range(8)] == [True] * 5 + [False] * 3
    assert texts.OTHER_SOURCES in html
    heights = [float(found) for found in re.findall(r"height:([\d.]+)%", html)]
    assert sum(heights) == pytest.approx(100, abs=0.1)
    assert texts.NO_SOURCE in coverage([listed("a", "2031"), listed("b", None, "Outlet")])
    assert texts.without_date(1) in coverage([listed("a", "2031"), listed("b", None, "Outlet")])


def test_a_search_finds_articles_that_have_every_word():
    articles = [
        listed("a", "2031-04", "Tern Gazette", "Goats"),
        listed("b", "2030", "Tern Gazette"),
        listed("goat-2", "2031-05", "Courier"),
    ]
    assert [each.id for each in holdings.matching(articles, "GOAT 2031")] == ["a", "goat-2"]
    assert [each.id for each in holdings.matching(articles, "")] == ["a", "b", "goat-2"]
    html = holdings.table(articles, "")
    assert re.findall(r"<bdi>(Goats|b|goat-2)</bdi>", html) == ["goat-2", "Goats", "b"]
    assert "<table" not in holdings.table(articles, "zebra")
    long = holdings.table([listed(f"{n:03}") for n in range(holdings.ROWS + 5)], "")
    assert long.count("<tr>") == holdings.ROWS + 1
    assert texts.matches(105, 105, 100) in long


def test_hostile_names_stay_text():
    each = listed(HOSTILE, "2031", HOSTILE, HOSTILE)
    failed = AddReport(failed=[Failure(HOSTILE, HOSTILE)])
    for html in (holdings.table([each], ""), coverage([each]), holdings.report(failed, 0)):
        assert "<script" not in html
        assert "<img" not in html
    assert unescape(holdings.report(failed, 0)).count(HOSTILE) == 2


@pytest.fixture
def archive(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as made:
        yield made


@pytest.fixture
def sent(tmp_path):
    """Puts a file where an upload would be, in a folder of its own each time."""

    def put(name, words):
        folder = tmp_path / "sent" / str(len(list((tmp_path / "sent").glob("*"))))
        folder.mkdir(parents=True)
        (folder / name).write_text(words, encoding="utf-8")
        return folder / name

    (tmp_path / "sent").mkdir()
    return put


def add(archive, *files):
    return add_uploads(archive, files, lambda _: None)


def kept(archive):
    return sorted(file.name for file in (archive.path / uploads.FOLDER).glob("*"))


def test_an_upload_is_added_and_a_later_one_of_its_name_replaces_it(archive, sent):
    first = add(archive, sent("quay.txt", "The quay was green."), sent("dock.md", "The dock was red."))
    assert sorted(first.added) == ["dock.md", "quay.txt"]
    assert add(archive, sent("quay.txt", "The quay was green.")).unchanged == ["quay.txt"]
    assert add(archive, sent("quay.txt", "The quay was blue.")).replaced == ["quay.txt"]
    assert archive.article("quay.txt").text == "The quay was blue."
    assert kept(archive) == ["dock.md", "quay.txt"]


def test_a_file_that_fails_leaves_what_was_there_and_says_why(archive, sent):
    add(archive, sent("quay.txt", "The quay was green."))
    report = add(archive, sent("quay.txt", "   "), sent("none.jsonl", "{nope\n"), sent("page.exe", "x"))
    assert archive.article("quay.txt").text == "The quay was green."
    assert kept(archive) == ["quay.txt"]
    assert (archive.path / uploads.FOLDER / "quay.txt").read_text() == "The quay was green."
    assert sorted(each.path for each in report.failed) == ["none.jsonl:1", "page.exe", "quay.txt"]
    assert not any("/" in each.reason for each in report.failed)


def test_an_id_that_another_file_has_is_refused_without_naming_folders(archive, sent, tmp_path):
    archive.add(sent("a.md", "---\nid: quay\n---\nThe quay was green."))
    report = add(archive, sent("b.md", "---\nid: quay\n---\nThe quay was blue."))
    (failure,) = report.failed
    assert str(tmp_path) not in failure.reason
    assert "a.md" in failure.reason
    assert kept(archive) == []


@pytest.mark.parametrize("name", ["metadata.jsonl", "queries.jsonl", ".hidden.txt", "page.odt", "none"])
def test_names_that_are_no_articles_are_refused_before_they_are_kept(archive, sent, name):
    assert [each.path for each in add(archive, sent(name, "words")).failed] == [name]
    assert not (archive.path / uploads.FOLDER).exists()


def test_two_files_of_one_name_and_files_too_large_or_too_many_are_refused(archive, sent, monkeypatch):
    report = add(archive, sent("a.txt", "One."), sent("a.txt", "Two."))
    assert [each.path for each in report.failed] == ["a.txt", "a.txt"]
    monkeypatch.setattr(uploads, "MOST_BYTES", 3)
    assert "4 bytes" in add(archive, sent("b.txt", "Four")).failed[0].reason
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    with pytest.raises(InputError, match="2 files"):
        add(archive, sent("c.txt", "x"), sent("d.txt", "x"))
    assert len(archive) == 0


def test_while_another_writes_nothing_is_kept(archive, sent):
    with write_lock(archive.path, "test"), pytest.raises(ArchiveLocked):
        add(archive, sent("a.txt", "One."))
    assert kept(archive) == []


def test_removing_takes_the_uploaded_file_along_once_no_article_is_of_it(archive, sent):
    lines = '{"_id": "one", "text": "One quay."}\n{"_id": "two", "text": "Two quays."}\n'
    add(archive, sent("quays.jsonl", lines))
    own = sent("own.txt", "A file elsewhere.")
    archive.add(own)
    remove(archive, "one")
    assert kept(archive) == ["quays.jsonl"]
    remove(archive, "two")
    assert kept(archive) == []
    remove(archive, "own.txt")
    assert own.exists()
    with pytest.raises(InputError):
        remove(archive, "own.txt")


def test_a_zip_that_was_sent_is_kept_while_an_article_of_it_is_there(archive, tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as container:
        container.writestr("quay.txt", "The quay was green.")
    assert add(archive, tmp_path / "two.zip").added == ["two.zip/quay.txt"]
    assert (archive.path / uploads.FOLDER / "two.zip").exists()
    assert archive.article("two.zip/quay.txt").text == "The quay was green."
