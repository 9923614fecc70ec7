"""The seam to the database that an archive's truth is in: SQLite's connections fit it, and PostgreSQL's.

Both take the same SQL, with `?` for parameters; `BEGIN IMMEDIATE` begins to write, `BEGIN DEFERRED` to
read one committed state. What differs is in `qa.tables`, `qa.database` and `qa.postgres`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeGuard


class Cursor(Protocol):
    """Rows that were found, each a tuple."""

    def fetchone(self) -> Any:  # noqa: ANN401  (whatever the columns hold, as sqlite3 has it)
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All that are left."""

    def fetchmany(self, size: int = ..., /) -> list[Any]:
        """The next, so many at most."""

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection to the truth."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun and not ended."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Runs a statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        """Runs a statement for each of the parameters."""

    def close(self) -> None:
        """Lets go of it; what was not committed is rolled back."""


class Served(Connection, Protocol):
    """A connection to a server: others write there too, and what is derived is each machine's own."""

    def streamed(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Runs a statement whose rows are fetched a part at a time."""


def is_served(connection: Connection) -> TypeGuard[Served]:
    """Whether it is one to a server; at a small part of what `isinstance` takes with a protocol."""
    return hasattr(connection, "streamed")


def streamed(connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
    """Runs a statement whose rows may be more than memory holds at once."""
    if is_served(connection):
        return connection.streamed(sql, parameters)
    return connection.execute(sql, parameters)  # SQLite's rows come as they are asked for
