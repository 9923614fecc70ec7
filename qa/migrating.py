"""An archive moved from one address to another, with vectors: rows as they are, compared in the end.

Until it was compared the target is marked as unfinished: nobody reads it, and the same move goes on with it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from corpus.errors import ArchiveMissing, InputError
from qa import database, kept_encoder, row_counts, rows
from qa.address import Address
from qa.archive import Archive
from qa.compared_archives import differing, searched_differently
from qa.connection import Connection, is_served, streamed
from qa.mentions.tables import state
from qa.settings import SEARCH_ID, UNFINISHED, generation, give_token, setting, unfinished, write_setting
from qa.storage import Storage, storage_at

_OF = "unfinished_of"  # the setting that says which state of the source is being moved
_BATCH = 200  # articles of one commit
_OWN = ("sealed", SEARCH_ID, UNFINISHED, _OF)  # settings that are not moved
_ARTICLE = "row, id, text, title, source, author, published, url, language, sha256, origin, origin_line"
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and what in the target differs; `behind` where the source went on meanwhile."""

    articles: int
    passages: int
    generation: int
    searches: int
    faults: Sequence[str] = field(default_factory=tuple)
    behind: bool = False

    @property
    def ok(self) -> bool:
        """Whether the target is the source's equal."""
        return not self.faults


def migrate(source: Address, target: Address, *, told: Told | None = None) -> Moved:
    """Moves an archive; `told` is told of passages that are there. The source stays as it is.

    Raises InputError where there is an archive at the target, other than one of this very move;
    ArchiveLocked where another process fills that place.
    """
    storage = storage_at(target)
    with Archive.open(Address(source.truth)) as archive:  # by its own indexes, as the target will be
        if archive.settings.format < database.FORMAT:
            with archive.writing("migrate"):
                pass  # brings its tables to today's format
        with storage.filling("migrate"):
            with archive.reading() as connection:
                _begin(
                    archive, connection, storage, f"python -m qa migrate '{archive.name}' '{storage.name}'"
                )
                with storage.plain_errors(), storage.writing("migrate") as other:
                    _copy(connection, other, told)
                    with database.transaction(other, "DEFERRED"):  # else all its rows come at once
                        faults = differing(connection, other)
                counted = rows.counts(connection)
                at = generation(connection)
                with Archive.opened(storage, encoder=archive.encoder, unfinished=True) as moved:
                    questions, others = searched_differently(archive, moved)
            with storage.plain_errors(), storage.writing("migrate") as other, database.transaction(other):
                if not faults and not others:
                    other.execute("DELETE FROM settings WHERE name = ?", (UNFINISHED,))
                other.execute("DELETE FROM settings WHERE name = ?", (_OF,))  # the next move begins anew
        return Moved(
            articles=int(str(counted["articles"])),
            passages=int(str(counted["passages"])),
            generation=at,
            searches=questions,
            faults=[*faults, *others],
            behind=archive.generation != at,
        )


def _begin(archive: Archive, connection: Connection, storage: Storage, command: str) -> None:
    """Makes the target, unless it is there already, begun by the same move of the same state."""
    of = f"{archive.name} {state(connection)}"
    try:
        with Archive.opened(storage, unfinished=True) as there, there.reading() as other:
            if unfinished(other) is None:
                raise InputError(f"{storage.name} holds an archive already; name another place to move to")
            if setting(other, _OF) == of:
                return
        storage.discard()
    except ArchiveMissing:
        storage.check_free()

    def fill(new: Connection) -> None:
        for name, value in connection.execute("SELECT name, value FROM settings"):
            if name not in _OWN:
                write_setting(new, name, value)
        write_setting(new, UNFINISHED, command)
        write_setting(new, _OF, of)
        give_token(new, generation(connection))
        forms = "number, source, form, articles, marked, unsettled"
        for part in _parts(streamed(connection, f"SELECT {forms} FROM forms ORDER BY number")):
            values = [(*each[:4], bool(each[4]), bool(each[5])) for each in part]
            new.executemany(f"INSERT INTO forms ({forms}) VALUES (?, ?, ?, ?, ?, ?)", values)

    with storage.plain_errors():
        storage.create(fill, lambda: kept_encoder.keep(archive.encoder, storage.folder))


def _copy(source: Connection, target: Connection, told: Told | None) -> None:
    """Copies articles that are not there yet, with all that belongs to them, some a commit."""
    (last,) = target.execute("SELECT coalesce(max(row), 0) FROM articles").fetchone()
    found = streamed(source, f"SELECT {_ARTICLE} FROM articles WHERE row > ? ORDER BY row", (last,))
    for articles in _parts(found):
        with database.transaction(target):
            places = ", ".join("?" * len(articles[0]))
            target.executemany(f"INSERT INTO articles ({_ARTICLE}) VALUES ({places})", articles)
            count = sum(_copy_of(row, source, target) for row, *_ in articles)
        if told is not None:
            told(count)
    with database.transaction(target):
        for table in ("articles", "passages"):
            _give_no_row_twice(table, row_counts.last_given(source, table), target)
        if is_served(target):
            target.execute(
                "SELECT setval(pg_get_serial_sequence('forms', 'number'), "
                "(SELECT coalesce(max(number), 0) + 1 FROM forms), FALSE)"
            )


def _copy_of(article: int, source: Connection, target: Connection) -> int:
    """Copies what belongs to an article; tells how many passages that are."""
    count = 0
    for table, columns in (
        ("furniture", 'article, start, "end", kind'),
        ("form_articles", "article, form"),
        ("passages", 'row, article, start, "end", is_note, sentences, vector'),
    ):
        found = source.execute(f"SELECT {columns} FROM {table} WHERE article = ?", (article,)).fetchall()
        if table == "passages":
            found = [(*each[:4], bool(each[4]), *each[5:]) for each in found]
            count = len(found)
        places = ", ".join("?" * len(columns.split(",")))
        target.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", found)
    return count


def _give_no_row_twice(table: str, last: int | None, target: Connection) -> None:
    """Sees to it that the target gives away no row that the source ever gave."""
    if last is None:  # the source doesn't tell: what it holds is what counts
        (last,) = target.execute(f"SELECT coalesce(max(row), 0) FROM {table}").fetchone()
    if is_served(target):
        target.execute(
            "SELECT setval(pg_get_serial_sequence(?, 'row'), CAST(? AS BIGINT), ?)",
            (table, max(1, last or 0), bool(last)),
        )
    elif last:
        target.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))


def _parts(found: Any) -> Iterator[list[Any]]:  # noqa: ANN401  (rows of any columns)
    rows = iter(found)
    while part := list(islice(rows, _BATCH)):
        yield part
