"""An archive whose truth is a schema of a PostgreSQL database. Any number of writers, on any machine."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from psycopg.errors import InsufficientPrivilege

from corpus.errors import ArchiveError, ArchiveLocked, ArchiveMissing, ArchiveThere, InputError
from qa import database, tables
from qa.connection import Connection
from qa.postgres import errors
from qa.postgres.address import OLDEST, Server, version_and_encoding
from qa.postgres.connection import PostgresConnection
from qa.settings import unfinished
from qa.storage import Fill, derived_folder
from qa.write_lock import write_lock

_TABLES = ("settings", "articles", "furniture", "passages", "forms", "form_articles", "commits")


class PostgresStorage:
    """Fits `qa.storage.Storage`. What is derived lies in a folder of this machine, named by the address."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self.folder = folder
        self.name = server.address

    @classmethod
    def at(cls, address: str) -> "PostgresStorage":
        """The storage of an address as `qa.address` has it."""
        digest = hashlib.sha256(address.encode()).hexdigest()[:16]
        return cls(Server.at(address), derived_folder() / digest)

    def check_free(self) -> None:
        """Raises InputError where the schema holds such tables, as ArchiveThere where these are ours."""
        with self._connected() as connection:
            self._check_free(connection)

    @contextmanager
    def filling(self, work: str) -> Iterator[None]:  # noqa: ARG002  (the server can't tell whose lock it is)
        """Holds a lock of the schema, by a connection that does nothing else."""
        with self.plain_errors():
            connection = self._connect()
        try:
            with self.plain_errors():
                connection.execute(  # PostgreSQL 13 knows of no such limit
                    "SELECT set_config('idle_session_timeout', '0', false) "
                    "WHERE current_setting('idle_session_timeout', true) IS NOT NULL"
                )
                taken = connection.execute(
                    "SELECT pg_try_advisory_lock(CAST(? AS BIGINT))", (self._server.filling_key,)
                ).fetchone()
            if taken != (True,):
                raise ArchiveLocked(
                    f"{self.name} is being filled by another import or migrate; "
                    "wait for it to end and try again"
                )
            yield
        finally:
            connection.close()

    def create(self, fill: Fill, keep: Callable[[], None]) -> None:
        """Makes the schema and its tables in one transaction, whoever else tries to."""
        with self._connected() as connection, database.transaction(connection):
            self._check_free(connection)
            if not connection.execute(
                "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", (self._server.schema,)
            ).fetchone():  # else it may be one that this user was given
                connection.execute(f'CREATE SCHEMA "{self._server.schema}"')
            for statement in tables.statements(tables.POSTGRESQL):
                connection.execute(statement)
            fill(connection)
        with suppress(OSError, ArchiveError):  # another machine has to do without it, too
            self.folder.mkdir(parents=True, exist_ok=True)
            with write_lock(self.folder, "create"):
                keep()

    def read(self) -> Connection:
        """A connection, once there is an archive that this user may look into."""
        connection = self._connect()
        try:
            if not self._has("settings", connection):
                raise ArchiveMissing(
                    f"{self.name}: no archive there, in schema {self._server.schema}; "
                    f"make one with `python -m qa add FOLDER --archive '{self.name}'`"
                )
            if not self._may_use_schema(connection):  # its tables would seem to be missing
                raise InsufficientPrivilege(f"permission denied for schema {self._server.schema}")
        except BaseException:
            connection.close()
            raise
        with suppress(OSError):  # without a folder indexes are made in memory
            self.folder.mkdir(parents=True, exist_ok=True)
        return connection

    @contextmanager
    def writing(self, work: str) -> Iterator[Connection]:  # noqa: ARG002  (nobody is kept out by it)
        """A connection; each of its transactions that writes takes its turn with those of others."""
        with self._connected() as connection:
            database.bring_up(connection, tables.POSTGRESQL)
            yield connection

    def plain_errors(self) -> AbstractContextManager[None]:
        """PostgreSQL's errors as the archive's."""
        return errors.plain_errors(self.name)

    def give_back_space(self, connection: Connection) -> None:
        """Lets the space of removed rows be used again, and the planner know what there is."""
        assert isinstance(connection, PostgresConnection)  # noqa: S101  (we made it)
        for table in _TABLES:
            connection.patiently(f"VACUUM (ANALYZE) {table}")

    def bytes(self, connection: Connection) -> int:
        """What the tables and their indexes take on the server."""
        sizes = (
            connection.execute("SELECT pg_total_relation_size(to_regclass(?))", (table,)).fetchone()[0]
            for table in _TABLES
        )
        return sum(size or 0 for size in sizes)

    def discard(self) -> None:
        """Removes the tables of an archive that is unfinished. To an empty one another may be about to add.

        Tables of those names without our settings are another program's: ours are made in one transaction.
        """
        with self._connected() as connection, database.transaction(connection):
            if not self._has("settings", connection) or unfinished(connection) is None:
                return
            for table in reversed(_TABLES):
                connection.execute(f'DROP TABLE IF EXISTS "{self._server.schema}".{table} CASCADE')

    @contextmanager
    def _connected(self) -> Iterator[PostgresConnection]:
        with self.plain_errors():
            connection = self._connect()
            try:
                yield connection
            finally:
                connection.close()

    def _connect(self) -> PostgresConnection:
        """A connection to a server that is fit for an archive."""
        connection = self._server.connect()
        try:
            version, encoding = version_and_encoding(connection)
            if version < OLDEST:
                raise ArchiveError(
                    f"{self.name}: the server is PostgreSQL {version // 10_000}, "
                    f"at least {OLDEST // 10_000} is needed"
                )
            if encoding != "UTF8":
                raise ArchiveError(
                    f"{self.name}: the database writes text as {encoding}, an archive needs UTF8; "
                    "make one with `createdb --encoding UTF8 --template template0`"
                )
        except BaseException:
            connection.close()
            raise
        return connection

    def _has(self, table: str, connection: PostgresConnection) -> bool:
        found = connection.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = ? AND tablename = ?)",
            (self._server.schema, table),
        ).fetchone()
        return bool(found and found[0])

    def _may_use_schema(self, connection: PostgresConnection) -> bool:
        found = connection.execute(
            "SELECT has_schema_privilege(?, 'USAGE')", (self._server.schema,)
        ).fetchone()
        return bool(found and found[0])

    def _check_free(self, connection: PostgresConnection) -> None:
        if self._has("settings", connection):
            raise ArchiveThere(
                f"{self.name}: schema {self._server.schema} holds an archive already; "
                "name another by ?schema=NAME"
            )
        other = next((table for table in _TABLES if self._has(table, connection)), None)
        if other is not None:
            raise InputError(
                f"{self.name}: schema {self._server.schema} holds a table {other} of something else; "
                "name another by ?schema=NAME"
            )
