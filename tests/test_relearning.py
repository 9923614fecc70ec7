"""Marks follow what an outlet repeats, in whatever order its articles come and go."""

import json

import pytest
from made_outlets import OUTLETS, page

from corpus.furniture import REPEATED
from qa import Archive
from qa.doctor import diagnose

OUTLET = OUTLETS[0]


@pytest.fixture
def files(tmp_path):
    """Eight articles of an outlet, a file each."""
    folder = tmp_path / "in"
    folder.mkdir()
    lines = []
    for number in range(8):
        article, _ = page(OUTLET, number)
        (folder / f"{number}.txt").write_text(article.text)
        lines.append(json.dumps({"file": f"{number}.txt", "source": OUTLET.name, "title": article.title}))
    (folder / "metadata.jsonl").write_text("\n".join(lines))
    return [folder / f"{number}.txt" for number in range(8)]


@pytest.fixture
def archive(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        yield archive


def learned(archive):
    return {
        each.id: [mark for mark in archive.furniture(each.id) if mark.kind == REPEATED]
        for each in archive.articles()
    }


def passages(archive):
    with archive.reading() as connection:
        return set(connection.execute(
            'SELECT a.id, p.start, p."end", p.vector FROM passages p JOIN articles a ON a.row = p.article'
        ))  # fmt: skip


def test_the_fifth_article_marks_the_four_before_it(archive, files):
    report = archive.add(files[:4])
    assert report.remarked == []
    assert not any(learned(archive).values())
    report = archive.add(files[4])
    assert report.remarked == [f"{number}.txt" for number in range(5)]
    assert all(learned(archive).values())
    assert diagnose(archive).ok


def test_a_second_run_changes_nothing(archive, files):
    archive.add(files)
    generation = archive.generation
    report = archive.add(files)
    assert (len(report.unchanged), report.remarked, archive.generation) == (8, [], generation)


def test_removing_articles_takes_the_marks_off_again(archive, files):
    archive.add(files[:5])
    archive.remove("0.txt")
    assert not any(learned(archive).values())
    assert diagnose(archive).ok


def test_any_order_of_adds_and_removes_comes_to_the_same(archive, files, tmp_path):
    archive.add(files[5:])
    archive.add(files[:3])
    archive.remove(["0.txt", "6.txt"])
    archive.add([files[6], files[3], files[4], files[0]])
    with Archive.create(tmp_path / "fresh", model="hashed-words") as fresh:
        fresh.add(files)
        assert learned(archive) == learned(fresh)
        assert passages(archive) == passages(fresh)


def test_another_outlet_is_left_alone(archive, files):
    archive.add(files[:4])
    (files[0].parent / "other.md").write_text(f"---\nsource: Another\n---\n{files[0].read_text()}")
    report = archive.add(files[0].parent / "other.md")
    assert (report.added, report.remarked) == (["other.md"], [])
