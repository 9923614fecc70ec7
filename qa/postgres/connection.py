"""A connection to PostgreSQL of the shape that `qa.connection` has."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus

from qa.postgres import dialect

Row = tuple[Any, ...]
_FETCHED = 1_000  # rows of a long result at a time
_WAITED = 90.0  # seconds for any answer; the server gives up before (see `qa.postgres.address`)


class Bounded(psycopg.Connection[Row]):
    """Waits for no answer longer than that: a server that hangs would else keep us for good."""

    patience: float | None = _WAITED

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's, with our limit where there is none; an answer that does not come ends it."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.Error:
            if self.info.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # in the middle of an answer, it is of no more use
            raise


class PostgresConnection:
    """Fits `qa.connection.Served`. `opened` opens one more, where the server was started anew meanwhile.

    `key` names the advisory lock that every commit takes.
    """

    def __init__(self, opened: Callable[[], Bounded], key: int) -> None:
        self._opened = opened
        self._key = key
        self._closed = False
        self._streams = 0
        self._raw = opened()

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun and not ended, by us or by the connection's loss."""
        status = self._raw.info.transaction_status
        return not self._raw.closed and status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN)

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> "psycopg.Cursor[Row]":
        """Runs a statement; values come as Python's own."""
        begin = dialect.begin(sql, key=self._key)
        if begin is not None:
            return self._begin(begin)
        return self._usable().execute(dialect.translated(sql), tuple(parameters) or None, binary=True)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        """Runs a statement for each of the parameters, without waiting for each answer."""
        with self._usable().cursor() as cursor:
            cursor.executemany(dialect.translated(sql), [tuple(each) for each in parameters])
        return None

    def streamed(self, sql: str, parameters: Sequence[Any] = (), /) -> "Streamed | psycopg.Cursor[Row]":
        """Runs a statement whose rows are fetched a part at a time, as long as the transaction is open."""
        if not self.in_transaction:
            return self.execute(sql, parameters)
        self._streams += 1
        name = f"stream_{self._streams}"
        self.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", parameters)
        return Streamed(self, name)

    def patiently(self, sql: str) -> None:
        """Runs a statement that may take as long as it takes, outside of transactions."""
        raw, of_ours = self._usable(), "SELECT set_config('statement_timeout', %s, false)"
        (before,) = raw.execute("SHOW statement_timeout").fetchone() or ("0",)
        raw.execute(of_ours, ("0",))
        raw.patience = None
        try:
            raw.execute(sql)
        finally:
            raw.patience = _WAITED
            if not raw.closed:
                raw.execute(of_ours, (before,))

    def close(self) -> None:
        """Lets go of it; the server rolls back what was not committed."""
        self._closed = True
        self._raw.close()

    def _usable(self) -> Bounded:
        if self._closed:
            raise psycopg.InterfaceError("the connection was closed")
        return self._raw

    def _begin(self, statements: Sequence[str]) -> "psycopg.Cursor[Row]":
        first, *others = statements
        raw = self._usable()
        try:
            cursor = raw.execute(first)
        except psycopg.OperationalError:
            if not raw.closed:
                raise
            self._raw = raw = self._opened()  # nothing was begun yet, so nothing can be lost
            cursor = raw.execute(first)
        for statement in others:
            try:
                raw.execute(statement)
            except psycopg.Error:
                if self.in_transaction:
                    raw.execute("ROLLBACK")
                raise
        return cursor


class Streamed:
    """Rows of a cursor that the server keeps until the transaction ends."""

    def __init__(self, connection: PostgresConnection, name: str) -> None:
        self._connection = connection
        self._name = name

    def fetchone(self) -> Any:  # noqa: ANN401  (a row or nothing)
        """The next row, or None."""
        return next(iter(self.fetchmany(1)), None)

    def fetchmany(self, size: int = _FETCHED, /) -> list[Any]:
        """The next rows, so many at most."""
        return self._connection.execute(f"FETCH FORWARD {size:d} FROM {self._name}").fetchall()

    def fetchall(self) -> list[Any]:
        """All that are left."""
        return list(self)

    def __iter__(self) -> Iterator[Any]:
        while part := self.fetchmany(_FETCHED):
            yield from part
        self._connection.execute(f"CLOSE {self._name}")
