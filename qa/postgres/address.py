"""From a postgresql:// address to a connection: the schema it names, the waits it allows, its lock."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from corpus.errors import InputError
from qa.address import postgresql
from qa.postgres.connection import Bounded, PostgresConnection

SCHEMA = "onrecord"
OLDEST = 130_000  # the server's version, as it tells it
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_CONNECTS = "10"  # seconds until a server that doesn't answer is given up
# Milliseconds: a statement of ours takes a moment, and a commit of another writer not much longer. A machine
# of ours that is gone is told by the server after half a minute, else it would keep its locks for hours.
_WAITS = {
    "statement_timeout": "60000",
    "lock_timeout": "30000",
    "idle_in_transaction_session_timeout": "0",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_LIVES = {
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database and the schema in it that an archive has to itself. Holds no password."""

    address: str  # as it was typed
    conninfo: str  # what libpq is told of it
    schema: str

    @classmethod
    def at(cls, address: str) -> "Server":
        """The server of an address as `qa.address` has it; `schema=NAME` is taken out, the rest is libpq's.

        Raises InputError where the schema's name is none.
        """
        parts = urlsplit(address)
        options = parse_qsl(parts.query, keep_blank_values=True)
        named = [value for name, value in options if name == "schema"] or [SCHEMA]
        if len(named) > 1 or not _NAME.fullmatch(named[0]):
            raise InputError(
                f"{named[-1]!r} is no schema's name; use small letters, digits and _, as in ?schema=mine"
            )
        others = [(name, value) for name, value in options if name != "schema"]
        known = {name for name, _ in others}
        others += [
            (name, value)
            for name, value in {
                "connect_timeout": _CONNECTS,
                "application_name": "onrecord",
                **_LIVES,
            }.items()
            if name not in known
        ]
        return cls(address, postgresql(parts, others), named[0])

    @property
    def key(self) -> int:
        """The advisory lock of this schema's commits; such locks are of one database anyway."""
        return _key(f"onrecord {self.schema}")

    @property
    def filling_key(self) -> int:
        """The advisory lock of who fills a new archive in this schema."""
        return _key(f"onrecord {self.schema} filling")

    def connect(self) -> PostgresConnection:
        """A connection to it; raises psycopg's errors."""
        return PostgresConnection(self._opened, self.key)

    def _opened(self) -> Bounded:
        raw = Bounded.connect(self.conninfo, autocommit=True, client_encoding="utf8")
        try:
            limits = {"search_path": f'"{self.schema}", pg_catalog', **_WAITS}
            settings = ", ".join(["set_config(%s, %s, false)"] * len(limits))
            raw.execute(f"SELECT {settings}", [part for limit in limits.items() for part in limit])
            # Off, a crash of the server would take commits with it that were reported as stored.
            raw.execute(
                "SELECT set_config('synchronous_commit', 'on', false) "
                "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
            )
        except BaseException:
            raw.close()
            raise
        return raw


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def version_and_encoding(connection: PostgresConnection) -> tuple[int, str]:
    """The server's version, as a number, and how it writes text."""
    found = connection.execute(
        "SELECT CAST(current_setting('server_version_num') AS integer), current_setting('server_encoding')"
    ).fetchone()
    version, encoding = found or (0, "")
    return int(version), str(encoding)
