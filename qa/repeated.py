"""Which lines an outlet's articles share: forms of lines worded as a page's, counted as articles come and go.

Derived from the articles, in the same transactions as they are stored. What was made by other rules
than today's, or by none, is made again by the next writer.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator

from corpus.article import Article
from corpus.learned import ARTICLES, RULES, forms_in
from qa import rows
from qa.connection import Connection
from qa.database import transaction
from qa.settings import generation, write_setting

_SETTING = "lines"  # the rules that all marks agree with


def bring_up(connection: Connection) -> None:
    """Makes the tables again where they are not of today's rules. The caller holds the write lock."""
    if not _is_of_today(connection):
        with transaction(connection):
            if _is_of_today(connection):  # another writer was first
                return
            forget(connection)
            empty = True
            for row, article in rows.articles_by_row(connection):
                empty = False
                take_in(connection, row, article.source, forms_of(article))
            if empty:  # no marks that could disagree: the first articles need not be gone through again
                _note_rules(connection)


def forms_of(article: Article) -> frozenset[str]:
    """The forms by which an article counts; without a source, none."""
    return forms_in(article) if article.source is not None else frozenset()


def forget(connection: Connection) -> None:
    """Empties the tables, to be made again."""
    connection.execute("DELETE FROM form_articles")
    connection.execute("DELETE FROM forms")
    connection.execute("DELETE FROM settings WHERE name = ?", (_SETTING,))


def take_in(connection: Connection, row: int, source: str | None, forms: Collection[str]) -> None:
    """Counts the forms, as `forms_of` gives them, of an article that was stored under that row."""
    for form in sorted(forms):
        (number,) = connection.execute(
            "INSERT INTO forms (source, form, articles, marked, unsettled) VALUES (?, ?, 1, FALSE, FALSE) "
            "ON CONFLICT (source, form) DO UPDATE SET articles = forms.articles + 1, "
            "unsettled = forms.unsettled OR (forms.articles + 1 >= ?) <> forms.marked RETURNING number",
            (source, form, ARTICLES),
        ).fetchone()
        connection.execute("INSERT INTO form_articles (article, form) VALUES (?, ?)", (row, number))


def let_go(connection: Connection, id: str) -> None:
    """Uncounts the forms of an article that is about to be removed."""
    (row,) = connection.execute("SELECT row FROM articles WHERE id = ?", (id,)).fetchone()
    numbers = connection.execute("SELECT form FROM form_articles WHERE article = ?", (row,)).fetchall()
    connection.execute("DELETE FROM form_articles WHERE article = ?", (row,))
    connection.executemany(
        "UPDATE forms SET articles = articles - 1, "
        "unsettled = unsettled OR (articles - 1 >= ?) <> marked WHERE number = ?",
        [(ARTICLES, number) for (number,) in numbers],
    )
    connection.executemany("DELETE FROM forms WHERE number = ? AND articles = 0 AND NOT unsettled", numbers)


def marked(connection: Connection, source: str | None, forms: Collection[str]) -> frozenset[str]:
    """Which of the forms are marked in the articles of that source by now."""
    query = "SELECT form FROM forms WHERE source = ? AND form = ? AND marked"
    return frozenset(form for form in forms if connection.execute(query, (source, form)).fetchone())


def to_be_marked(connection: Connection, article: Article) -> frozenset[str]:
    """Which forms of a stored article's lines enough articles of its source share."""
    found = connection.execute(
        "SELECT f.form FROM articles a JOIN form_articles l ON l.article = a.row "
        "JOIN forms f ON f.number = l.form WHERE a.id = ? AND f.articles >= ?",
        (article.id, ARTICLES),
    )
    return frozenset(form for (form,) in found)


def unsettled(connection: Connection) -> list[str]:
    """The ids of the articles, in order, whose marks may disagree with what is shared by now."""
    query = (
        "SELECT DISTINCT a.id FROM forms f JOIN form_articles l ON l.form = f.number "
        "JOIN articles a ON a.row = l.article WHERE f.unsettled ORDER BY a.id"
        if _is_of_today(connection)
        else "SELECT id FROM articles WHERE source IS NOT NULL ORDER BY id"
    )
    return [id for (id,) in connection.execute(query)]


def faults(connection: Connection) -> Iterator[str]:
    """What in the tables disagrees with the articles; nothing where they are to be made again anyway."""
    if not _is_of_today(connection):
        return
    counts: Counter[tuple[str, str]] = Counter()
    for row, article in rows.articles_by_row(connection):
        forms = forms_of(article)
        counts.update((article.source or "", form) for form in forms)
        held = connection.execute(
            "SELECT form FROM forms WHERE number IN (SELECT form FROM form_articles WHERE article = ?)",
            (row,),
        )
        if {form for (form,) in held} != forms:
            yield f"the lines of {article.id!r} are not those it has"
    counted = connection.execute("SELECT source, form, articles FROM forms WHERE articles > 0")
    if {(source, form): articles for source, form, articles in counted} != counts:
        yield "how many articles share a line is counted wrongly"


def settle(connection: Connection, at: int, agree: Callable[[], bool]) -> bool:
    """Takes note that all marks agree with what is shared; writes nothing where that is known.

    They were made to agree by generation `at`. Where others have committed since, `agree` looks whether
    they still do; False, and nothing is noted, where not.
    """
    (pending,) = connection.execute("SELECT EXISTS (SELECT 1 FROM forms WHERE unsettled)").fetchone()
    if _is_of_today(connection) and not pending:
        return True
    with transaction(connection):
        if generation(connection) != at and not agree():
            return False
        connection.execute("DELETE FROM forms WHERE unsettled AND articles = 0")
        connection.execute(
            "UPDATE forms SET marked = articles >= ?, unsettled = FALSE WHERE unsettled", (ARTICLES,)
        )
        _note_rules(connection)
    return True


def _note_rules(connection: Connection) -> None:
    write_setting(connection, _SETTING, str(RULES))


def _is_of_today(connection: Connection) -> bool:
    """Whether the tables are of today's rules, and all marks have agreed with them once."""
    found = connection.execute("SELECT value FROM settings WHERE name = ?", (_SETTING,)).fetchone()
    return found is not None and found[0] == str(RULES)
