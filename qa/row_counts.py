"""How many passages there are, and under which rows: told by an index on them, as their table is large."""

import numpy as np

from embeddings.nearest import Ids
from qa.connection import Connection, is_served, streamed


def count_and_last(connection: Connection) -> tuple[int, int]:
    """How many passages there are, and the highest of their rows; 0 where there is none."""
    count, last = connection.execute(
        "SELECT (SELECT count(*) FROM passages), (SELECT coalesce(max(row), 0) FROM passages)"
    ).fetchone()
    return count, last


def count_up_to(connection: Connection, last: int) -> int:
    """How many passages have a row up to `last`: nearly all, so those above it are counted."""
    (count,) = connection.execute(
        "SELECT (SELECT count(*) FROM passages) - (SELECT count(*) FROM passages WHERE row > ?)", (last,)
    ).fetchone()
    return int(count)


def rows_held(connection: Connection) -> Ids:
    """The rows of all passages, ascending."""
    found = streamed(connection, "SELECT row FROM passages")
    return np.sort(np.fromiter((row for (row,) in found), dtype=np.int64))


def last_given(connection: Connection, table: str) -> int | None:
    """The highest row of `articles` or `passages` that was ever given away, 0 where none was.

    None where a server doesn't tell: a user who may only read, or a standby.
    """
    if not is_served(connection):
        found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return int(found[0]) if found else 0
    (tells,) = connection.execute(
        "SELECT NOT pg_is_in_recovery() "
        "AND has_sequence_privilege(pg_get_serial_sequence(?, 'row'), 'SELECT')",
        (table,),
    ).fetchone()
    if not tells:
        return None
    (last,) = connection.execute(
        "SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(?, 'row') AS regclass))", (table,)
    ).fetchone()
    return int(last or 0)
