"""Shared lines are counted as articles come and go, and made again where that was not done."""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_outlets import OUTLETS, page

from corpus.found import Found
from corpus.furniture import REPEATED
from corpus.learned import ARTICLES, forms_in
from qa import Archive, rows
from qa.database import FORMAT, NAME
from qa.doctor import diagnose


def articles(numbers):
    """Articles of two outlets, in turn."""
    return [page(OUTLETS[number % 2], number)[0] for number in numbers]


@pytest.fixture
def archive(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        yield archive


def counted(archive):
    """How many articles have each form, as the tables say; and the flags that tell nothing is left to do."""
    with archive.reading() as connection:
        found = connection.execute("SELECT source, form, articles, marked, unsettled FROM forms").fetchall()
    assert all((marked, unsettled) == (count >= ARTICLES, 0) for _, _, count, marked, unsettled in found)
    return {(source, form): count for source, form, count, _, _ in found}


def count(found):
    """The same, counted from the articles."""
    return dict(Counter((each.source, form) for each in found for form in forms_in(each)))


def marks(archive):
    return {
        each.id: [mark.start for mark in archive.furniture(each.id) if mark.kind == REPEATED]
        for each in archive.articles()
    }


STEPS = st.lists(
    st.tuples(st.booleans(), st.sets(st.integers(0, 13), min_size=1, max_size=9)), min_size=1, max_size=5
)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
def test_the_counts_are_those_of_the_articles_however_they_came(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("lines")
    held: set[int] = set()
    with Archive.create(folder / "archive", model="hashed-words") as archive:
        for adds, numbers in steps:
            if adds:
                archive.add_found(articles(sorted(numbers)))
                held |= numbers
            elif numbers & held:
                archive.remove([str(number) for number in sorted(numbers & held)])
                held -= numbers
        assert counted(archive) == count(articles(held))
        with Archive.create(folder / "fresh", model="hashed-words") as fresh:
            fresh.add_found(articles(sorted(held)))
            assert marks(archive) == marks(fresh)


def test_an_article_of_another_outlet_by_now_counts_there(archive):
    found = [page(OUTLETS[0], number)[0] for number in range(5)]
    archive.add_found(found)
    moved, _ = page(OUTLETS[1], 4)
    archive.add_found([moved])
    assert counted(archive) == count([*found[:4], moved])
    assert not any(marks(archive).values())


def test_what_an_outlet_is_known_to_repeat_is_marked_at_once(archive):
    archive.add_found(articles(range(0, 10, 2)))
    report = archive.add_found(articles([10]))
    assert (report.added, report.remarked) == (["10"], [])
    assert marks(archive)["10"]


def stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_stop_before_the_marks_are_changed_is_made_good_by_the_next_writer(archive, monkeypatch):
    everything: list[Found] = list(articles(range(0, 12, 2)))
    with monkeypatch.context() as patched:
        patched.setattr("qa.adding.stale_marks", stop)
        with pytest.raises(KeyboardInterrupt):
            archive.add_found(everything)
    assert not any(marks(archive).values())
    report = archive.add_found(articles([1]))
    assert report.remarked == ["0", "10", "2", "4", "6", "8"]
    assert all(marks(archive)[id] for id in report.remarked)
    assert counted(archive) == count(articles([0, 1, 2, 4, 6, 8, 10]))


def as_format_2(folder):
    """Takes the tables out, as archives of the format before had none."""
    with closing(sqlite3.connect(folder / NAME)) as connection, connection:
        connection.executescript("DROP TABLE form_articles; DROP TABLE forms;")
        connection.execute("DELETE FROM settings WHERE name = 'lines'")
        connection.execute("UPDATE settings SET value = '2' WHERE name = 'format'")


def test_an_archive_of_the_format_before_is_brought_up_by_its_first_writer(archive):
    archive.add_found(articles(range(0, 10, 2)))
    before = marks(archive)
    as_format_2(archive.path)
    with Archive.open(archive.path) as old:
        assert marks(old) == before
        assert diagnose(old).ok
        assert old.add_found(articles([0])).remarked == []
        assert (counted(old), marks(old)) == (count(articles(range(0, 10, 2))), before)
    with Archive.open(archive.path) as new:
        assert new.settings.format == FORMAT


def test_what_other_rules_made_is_made_again(archive, monkeypatch):
    archive.add_found(articles(range(0, 10, 2)))
    monkeypatch.setattr("qa.repeated.RULES", 99)
    monkeypatch.setattr("qa.repeated.forms_in", lambda article: frozenset())
    report = archive.add_found(articles([1]))
    assert report.remarked == ["0", "2", "4", "6", "8"]
    assert not any(marks(archive).values())


def test_doctor_tells_counts_that_are_wrong_and_makes_them_again(archive):
    archive.add_found(articles(range(0, 10, 2)))
    expected = counted(archive)
    with closing(sqlite3.connect(archive.path / NAME)) as connection, connection:
        connection.execute("UPDATE forms SET articles = articles - 1")
        connection.execute("DELETE FROM form_articles WHERE article = 1")
    found = diagnose(archive)
    assert [check.name for check in found.checks if not check.ok] == ["lines"]
    assert "doctor --repair" in next(check.detail for check in found.checks if not check.ok)
    repaired = diagnose(archive, repair=True)
    assert (repaired.ok, repaired.rebuilt) == (True, ["lines"])
    assert counted(archive) == expected


def test_rows_know_the_rows_of_articles(archive):
    archive.add_found(articles([3, 1]))
    with archive.reading() as connection:
        assert [(row, article.id) for row, article in rows.articles_by_row(connection)] == [
            (1, "3"),
            (2, "1"),
        ]


@pytest.fixture
def looked_at(monkeypatch):
    """How many times the lines of each article were gone through."""
    times: Counter[str] = Counter()

    def counting(article):
        times[article.id] += 1
        return forms_in(article)

    monkeypatch.setattr("qa.repeated.forms_in", counting)
    return times


def test_the_lines_of_an_article_are_looked_at_once_in_an_add(archive, looked_at):
    archive.add_found(articles(range(4)))
    assert looked_at == {"0": 1, "1": 1, "2": 1, "3": 1}


def test_an_archive_of_the_format_before_is_looked_through_once(archive, looked_at):
    archive.add_found(articles(range(0, 6, 2)))
    as_format_2(archive.path)
    looked_at.clear()
    with Archive.open(archive.path) as old:
        old.add_found(articles([1]))
    assert looked_at == {"0": 1, "2": 1, "4": 1, "1": 1}
