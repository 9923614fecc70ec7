"""What must hold of an archive's database, its only truth; and whether what went wrong is its damage."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from corpus.article import sha256_of
from corpus.errors import ArchiveDamaged
from corpus.passages import Passage
from qa import row_counts, rows
from qa.connection import Connection, streamed
from qa.settings import NO_TOKEN, Settings, commit_token, generation

WAY_OUT = "`doctor` tells what is wrong; import an export of it, or add the articles again to a new archive"
_NORM_TOLERANCE = 1e-3
_SHOWN = 3  # failures named in a check's detail
# What reading values that are not what was stored may raise.
_UNREADABLE = (sqlite3.DatabaseError, ArchiveDamaged, ValueError, TypeError, AttributeError, LookupError)
_STRANGE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: whether it holds, and what was looked at or found."""

    name: str
    ok: bool
    detail: str


def check(name: str, faults: Iterator[str], fine: str) -> Check:
    """The check that holds where there are no faults; `fine` is its detail then."""
    try:
        found = list(faults)
    except _UNREADABLE as error:
        found = [f"it can't be read: {error}"]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return Check(name, not found, "; ".join(found[:_SHOWN]) + more if found else fine)


def checks(connection: Connection, settings: Settings) -> list[Check]:
    """Every invariant of the database; as the open transaction sees it, if one is open."""
    return [check(name, faults(connection, settings), fine) for name, faults, fine in _INVARIANTS]


@contextmanager
def told_as_damage(connection: Connection, settings: Settings, name: str) -> Iterator[None]:
    """Turns what nobody foresaw into ArchiveDamaged where the database breaks an invariant.

    SQLite has no checksums: values that were altered on disk come back as if they had been stored.
    """
    try:
        yield
    except _STRANGE as error:
        broken = next((each for each in checks(connection, settings) if not each.ok), None)
        if broken is None:
            raise
        raise ArchiveDamaged(f"{name} is damaged ({broken.name}: {broken.detail}); {WAY_OUT}") from error


def whole_passages(connection: Connection, wanted: Sequence[int]) -> dict[int, rows.StoredPassage]:
    """The passages under those rows; raises ArchiveDamaged where one, or its article, is not as stored."""
    found = rows.stored_passages(connection, wanted)
    if missing := set(wanted) - set(found):
        raise ArchiveDamaged(f"passage {min(missing)} of the archive is gone; {WAY_OUT}")
    articles = {id(each.article): each.article for each in found.values()}.values()  # shared, read once
    held = rows.held(connection, [article.id for article in articles])
    for article in articles:
        if article.id not in held:
            raise ArchiveDamaged(f"an article was not stored under its id {article.id!r}; {WAY_OUT}")
        if not _has_its_hash(article.text, article.sha256):
            raise ArchiveDamaged(f"the text of {article.id!r} has another hash than was stored; {WAY_OUT}")
    for each in found.values():
        passage = each.passage
        if not 0 <= passage.start < passage.end <= len(each.article.text) or not _is_its_sentences(passage):
            raise ArchiveDamaged(f"a passage of {passage.article_id!r} is not where it was stored; {WAY_OUT}")
    return found


def _has_its_hash(text: object, sha256: str) -> bool:
    return isinstance(text, str) and sha256_of(text) == sha256


def _database_faults(connection: Connection, _: Settings) -> Iterator[str]:
    if isinstance(connection, sqlite3.Connection):
        for (said,) in connection.execute("PRAGMA integrity_check(10)"):
            if said != "ok":
                yield str(said)
        for table, *_rest in connection.execute("PRAGMA foreign_key_check"):
            yield f"a row of {table} belongs to no article"
        return
    for table in ("furniture", "passages", "form_articles"):
        (lost,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE article NOT IN (SELECT row FROM articles)"
        ).fetchone()
        if lost:
            yield f"{lost} rows of {table} belong to no article"
    (synced,) = connection.execute("SELECT current_setting('fsync')").fetchone()
    if synced != "on":
        yield "the server runs with fsync off, so that a crash may damage what was stored; turn it on"


def _generation_faults(connection: Connection, _: Settings) -> Iterator[str]:
    count = generation(connection)
    if count < 0:
        yield f"the generation is {count}"
    (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    if articles and not count:
        yield f"there are {articles} articles, and the generation is 0"
    for table in ("articles", "passages"):
        (last,) = connection.execute(f"SELECT coalesce(max(row), 0) FROM {table}").fetchone()
        given = row_counts.last_given(connection, table)
        if given is not None and given < last:
            yield f"row {last} of {table} may be given away again"
    if commit_token(connection, count) == NO_TOKEN:
        yield f"the commit of generation {count} has no token"


def _article_faults(connection: Connection, _: Settings) -> Iterator[str]:
    found = streamed(connection, "SELECT id, text, published, sha256 FROM articles")
    for id, text, published, sha256 in found:
        if not _has_its_hash(text, sha256):
            yield f"the text of {id!r} has another hash than was stored"
            continue
        if published is not None:
            try:
                rows.days_named(published)
            except ArchiveDamaged:
                yield f"{id!r} is dated {published!r}, which is no date"
        last = 0
        for mark in rows.furniture_of(connection, id):
            if not last <= mark.start < mark.end <= len(text):
                yield f"furniture of {id!r} at {mark.start} is out of bounds or order"
            last = mark.end


def _passage_faults(connection: Connection, _: Settings) -> Iterator[str]:
    for id, length in connection.execute("SELECT id, length(text) FROM articles").fetchall():
        furniture, last = rows.furniture_of(connection, id), 0
        for stored in rows.passages_of(connection, id):
            passage = stored.passage
            if not last <= passage.start < passage.end <= length:
                yield f"a passage of {id!r} at {passage.start} is out of bounds or order"
            if not _is_its_sentences(passage):
                yield f"a passage of {id!r} at {passage.start} is not its sentences"
            if any(mark.span.overlaps(passage.span) for mark in furniture):
                yield f"a passage of {id!r} at {passage.start} takes in furniture"
            last = passage.end


def _is_its_sentences(passage: Passage) -> bool:
    """Whether the passage starts and ends as its sentences do, which are in order."""
    edges = [edge for span in passage.sentences for edge in (span.start, span.end)]
    outer = (edges[0], edges[-1]) if edges else None
    return outer == (passage.start, passage.end) and edges == sorted(edges)


def _vector_faults(connection: Connection, settings: Settings) -> Iterator[str]:
    for _, id, start, _, _, vector in rows.all_passages(connection):
        if len(vector) != settings.dimension:
            found, expected = len(vector), settings.dimension
            yield f"the vector of {id!r} at {start} has {found} dimensions, expected {expected}"
        elif not abs(float(np.linalg.norm(vector.astype(np.float64))) - 1) < _NORM_TOLERANCE:
            yield f"the vector of {id!r} at {start} is not of length 1"


_Faults = Callable[[Connection, Settings], Iterator[str]]
_INVARIANTS: tuple[tuple[str, _Faults, str], ...] = (
    ("database", _database_faults, "the database finds it whole"),
    ("generation", _generation_faults, "commits are counted, and no row is given away twice"),
    ("articles", _article_faults, "hashes and dates are right, furniture is in bounds"),
    ("passages", _passage_faults, "whole sentences, in bounds, apart from furniture"),
    ("vectors", _vector_faults, "of the right length, and of norm 1"),
)
