"""SQL as both engines take it, in the words that psycopg and PostgreSQL want."""

from functools import lru_cache

LOCK = "SELECT pg_advisory_xact_lock({key:d})"
# A commit does nothing but talk to the server: who is silent for so long was stopped, or is gone.
_SILENCE = "60s"
_BEGIN = {
    # One writer at a time from here to its commit, so that generations are counted in the order of commits.
    "BEGIN IMMEDIATE": "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    # One committed state, as SQLite's readers have it.
    "BEGIN DEFERRED": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
_WRITES = "BEGIN IMMEDIATE"


def begin(sql: str, *, key: int) -> list[str] | None:
    """What begins such a transaction; None where the statement begins none."""
    if sql not in _BEGIN:
        return None
    if sql != _WRITES:
        return [_BEGIN[sql]]
    silence = f"SET LOCAL idle_in_transaction_session_timeout = '{_SILENCE}'"
    return [_BEGIN[sql], silence, LOCK.format(key=key)]


@lru_cache(maxsize=1_000)
def translated(sql: str) -> str:
    """The statement with psycopg's parameters. Ours have no `?` or `%` but for parameters."""
    return sql.replace("json_each(?)", "json_array_elements(CAST(? AS json))").replace("?", "%s")
