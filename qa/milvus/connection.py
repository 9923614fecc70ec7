"""A Milvus at an address, or milvus-lite in a file: each call has a bounded wait, each error plain words."""

import fcntl
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ArchiveError, ArchiveLocked, InputError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

TOKEN = "MILVUS_TOKEN"  # noqa: S105  (the variable's name)
WAIT = "MILVUS_TIMEOUT"
_WAIT = 10.0  # seconds that a call may take
_WAIT_OF_LITE = 900.0  # it is this process that works: the first search by words makes an index of all files
# Milvus-lite hangs up on who pings it every ten seconds, as pymilvus does, and gRPC says so on stderr.
_UNPINGED = {"grpc.keepalive_time_ms": 2**31 - 1}
_WAIT_FOR_LITE = 5.0  # seconds that another process may still take to let go of milvus-lite's file
_HOLDER = "holder.txt"
_users: dict[Path, int] = {}  # of this process, by milvus-lite's file
_turn = threading.Lock()


class Refused(ArchiveError):
    """Milvus was reached and would not do what it was asked for."""


class Connection:
    """A Milvus that is connected to at its first call. Threads may share it.

    `address` is `http://HOST:PORT`, or milvus-lite's file. Tokens come from $MILVUS_TOKEN and are told
    to nobody but the server; $MILVUS_TIMEOUT is how many seconds a call may take.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.is_lite = address.endswith(".db") and "://" not in address
        self._client: MilvusClient | None = None
        self._turn = threading.Lock()

    @property
    def file(self) -> Path:
        """Milvus-lite's file, which is a folder."""
        return Path(self.address).absolute()

    def call(self, name: str, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  (whatever pymilvus returns)
        """What the client's method of that name returns.

        Raises ArchiveError, saying what to do, where Milvus can't be reached in time or refuses.
        """
        with self._plain_errors():
            client = self._connected()
            timeout = _WAIT_OF_LITE if self.is_lite else named.pop("timeout", _wait())
            return getattr(client, name)(*arguments, **named | {"timeout": timeout})

    def close(self) -> None:
        """Lets go of the connection, and of milvus-lite's file once nobody in this process uses it."""
        with self._turn:
            client, self._client = self._client, None
        if client is None:
            return
        with suppress(Exception):  # nothing hangs on a connection that is given up
            client.close()
        if self.is_lite:
            _let_go(self.file)

    def _connected(self) -> "MilvusClient":
        with self._turn:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> "MilvusClient":
        try:
            from pymilvus import MilvusClient  # noqa: PLC0415  (seconds to import, and not everybody's)
        except ImportError:
            raise InputError(
                "search by Milvus needs pymilvus: `pip install -r requirements-scale.txt`"
            ) from None
        # They log what is told here in plain words, with the whole request and a traceback.
        for name in ("pymilvus", "milvus_lite", "grpc._server"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        if not self.is_lite:
            return MilvusClient(self.address, token=os.environ.get(TOKEN, ""), timeout=_wait())
        _take(self.file)
        try:
            return MilvusClient(str(self.file), timeout=_WAIT_OF_LITE, grpc_options=_UNPINGED)
        except BaseException:
            _let_go(self.file)
            raise

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except (ArchiveError, InputError):
            raise
        except Exception as error:  # pymilvus raises its own, gRPC's and Python's
            if not _is_of_milvus(error):
                raise
            raise self._plain(error) from None

    def _plain(self, error: Exception) -> ArchiveError:
        said = " ".join(str(getattr(error, "message", "") or error).split())
        token = os.environ.get(TOKEN, "")
        for secret in (token, token.partition(":")[2]):  # a key, or a name and a password
            said = said.replace(secret, "…") if secret else said
        told, where = said.lower(), f"Milvus at {self.address}"
        if any(word in told for word in ("unauthenticated", "auth check failure", "permission denied")):
            return ArchiveError(f"{where} refuses the token; set ${TOKEN} to one that may use it")
        if any(word in told for word in _FULL):
            return ArchiveError(
                f"{where} has no space left ({said[:200]}); nothing of the archive was lost: give it more, "
                "and run `python -m qa optimize`"
            )
        if any(word in told for word in _UNREACHED):
            return ArchiveError(
                f"{where} can't be reached or does not answer within {_wait():g} s; "
                "see that it runs, and try again (nothing of the archive was lost)"
            )
        return Refused(f"{where} could not do this ({said[:300]})")


_FULL = ("no space left", "quota", "disk full", "memory limit", "out of memory", "insufficient memory")
_UNREACHED = (
    "deadline", "unavailable", "timeout", "timed out", "fail connecting", "failed to connect",
    "connection refused", "illegal connection params", "server unavailable", "closed channel",
)  # fmt: skip


def _wait() -> float:
    typed = os.environ.get(WAIT, "")
    try:
        return max(0.1, float(typed)) if typed else _WAIT
    except ValueError:
        raise InputError(f"${WAIT} is {typed!r}; write a number of seconds") from None


def _is_of_milvus(error: Exception) -> bool:
    kinds = type(error).__mro__
    return any(kind.__module__.split(".")[0] in {"pymilvus", "grpc"} for kind in kinds) or isinstance(
        error, OSError | ValueError | RuntimeError
    )


def _take(file: Path) -> None:
    """Makes sure that no other process has milvus-lite's file, waiting a little; counts this user of it."""
    with _turn:
        if _users.get(file, 0) == 0:
            _wait_for(file)
            with suppress(OSError):
                (file / _HOLDER).write_text(f"process {os.getpid()} on {socket.gethostname()}\n", "utf-8")
        _users[file] = _users.get(file, 0) + 1


def _wait_for(file: Path) -> None:
    if file.exists() and not file.is_dir():
        raise ArchiveError(
            f"{file} is a file; milvus-lite 3 keeps its data in a folder of that name: "
            "move it away, and the passages are stored there anew"
        )
    try:
        file.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file / "LOCK", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ArchiveError(f"{file} can't be written: {error.strerror}") from None
    try:
        until = time.monotonic() + _WAIT_FOR_LITE
        while not _is_free(descriptor):
            if time.monotonic() > until:
                raise ArchiveLocked(_held(file))
            time.sleep(0.1)
    finally:
        os.close(descriptor)


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return True


def _held(file: Path) -> str:
    holder = ""
    with suppress(OSError, ValueError):
        holder = (file / _HOLDER).read_text("utf-8").strip()[:200]
    return (
        f"{file} is in use by {holder or 'another process'}: milvus-lite serves one process at a time; "
        "wait for it to end, ask there, or search by a Milvus server (search=http://HOST:19530)"
    )


def _let_go(file: Path) -> None:
    with _turn:
        _users[file] = _users.get(file, 1) - 1
        if _users[file] > 0:
            return
        from milvus_lite.server_manager import server_manager_instance  # noqa: PLC0415

        with suppress(OSError):
            (file / _HOLDER).unlink(missing_ok=True)
        release: Callable[[str], None] = server_manager_instance.release_server
        release(str(file))
