"""What PostgreSQL's errors mean to an archive, with the way out; no message repeats a password."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from corpus.errors import ArchiveDamaged, ArchiveError, ArchiveLocked

_KEPT = "nothing was lost that was stored before"
# By SQLSTATE, or the beginning of it: the error, what it means, and what to do.
_MEANINGS: tuple[tuple[str, type[ArchiveError], str], ...] = (
    ("53100", ArchiveError, f"the server's disk is full; {_KEPT}: free some space there and try again"),
    ("53300", ArchiveError, "the server takes no more connections; try again in a moment"),
    ("53", ArchiveError, f"the server has no memory or room left; {_KEPT}: try again in a moment"),
    ("55P03", ArchiveLocked, "another writer keeps it busy; try again in a moment"),
    ("40", ArchiveLocked, "another writer was in the way; try again in a moment"),
    ("57014", ArchiveError, "the server took too long; try again when it is less busy"),
    ("57P", ArchiveError, f"the server is stopping or starting; {_KEPT}: try again in a moment"),
    ("08", ArchiveError, f"the connection was lost; {_KEPT}: try again in a moment"),
    ("25P03", ArchiveError, f"this process was silent in the middle of a commit; {_KEPT}: try again"),
    ("28", ArchiveError, "the server refuses this user or password; set PGPASSWORD, or use ~/.pgpass"),
    ("42501", ArchiveError, "this user may not do that there; grant the rights, or connect as another"),
    ("25006", ArchiveError, "the server only lets read, as a standby does; write to the primary"),
    ("3D000", ArchiveError, "there is no such database; create it first, as with `createdb`"),
    ("58", ArchiveError, f"the server's disk is failing; {_KEPT}: look at its log"),
    ("XX", ArchiveDamaged, "the server found its data damaged; look at its log, restore it from a backup"),
    ("42P01", ArchiveDamaged, "a table is missing, so it is damaged or no archive; restore it from a backup"),
    (
        "42703",
        ArchiveDamaged,
        "a column is missing, so it is damaged or no archive; restore it from a backup",
    ),
)
# A connection that does not come about has no SQLSTATE, only words.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"password|authentication failed|pg_hba\.conf|role \"|no such user|SCRAM", "28"),
    (r"database \".*\" does not exist", "3D000"),
    (r"too many (?:clients|connections)|remaining connection slots", "53300"),
    (r"starting up|shutting down|recovery mode|administrator command", "57P"),
    (
        r"server closed the connection|connection (?:is|was) (?:closed|lost)|lost connection|consuming input",
        "08",
    ),
    (r"No space left", "53100"),
)
_DOWN = "no server answers there; start it, or check host and port"
_SLOW = "the server does not answer in time; try again when it is less busy"
_SHOWN = 200


@contextmanager
def plain_errors(name: str) -> Iterator[None]:
    """Turns PostgreSQL's errors into the archive's; `name` tells it apart and holds no secret."""
    try:
        yield
    except psycopg.Error as error:
        raise plain(error, name) from None
    except sqlite3.DatabaseError as error:  # of what is derived, on this machine
        raise ArchiveError(f"{name}: a derived file can't be read ({error}); run `doctor --repair`") from None


def plain(error: psycopg.Error, name: str) -> ArchiveError:
    """The archive's error for one of PostgreSQL's."""
    said = _said(error)
    if isinstance(error, psycopg.InterfaceError) and "closed" in said:
        return ArchiveError(f"{name}: this archive was closed; open it again")
    if "timeout" in said.lower() and not error.sqlstate:
        return ArchiveError(f"{name}: {_SLOW}")
    state = error.sqlstate or next((state for words, state in _WORDS if re.search(words, said)), "")
    for prefix, kind, meaning in _MEANINGS:
        if state.startswith(prefix):
            return kind(f"{name}: {meaning} ({said})")
    if isinstance(error, psycopg.OperationalError) and not state:
        return ArchiveError(f"{name}: {_DOWN} ({said})")
    return ArchiveError(f"{name}: PostgreSQL refuses ({state or type(error).__name__}: {said})")


def _said(error: psycopg.Error) -> str:
    """The server's words, on one line, without any password that we know."""
    said = " ".join(str(error).split())
    for secret in filter(None, (os.environ.get("PGPASSWORD"), os.environ.get("PGSSLPASSWORD"))):
        said = said.replace(secret, "…")
    said = re.sub(r"(?i)(password\s*=\s*)\S+", r"\1…", said)
    return said[:_SHOWN]
