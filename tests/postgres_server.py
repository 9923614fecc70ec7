"""A PostgreSQL server of a test's own: in a temporary folder, on a free port of this machine."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER, PASSWORD = "onrecord", "tern-and-gull-4711"


def programs() -> Path:
    """Where PostgreSQL's programs are; skips where they are not, as they have to be installed."""
    pytest.importorskip("psycopg", reason="psycopg is missing; requirements-scale.txt names it")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: -int(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql)")
    return found[0].parent if found else Path(str(on_path)).parent


def _demoted() -> dict[str, object]:
    """initdb and postgres refuse to be run by root."""
    if os.geteuid() != 0:
        return {}
    names = {each.pw_name: each for each in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    """A cluster with one user, who needs a password by TCP; `address(schema)` is an archive's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.programs = programs()
        self.process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def make(self, *, encoding: str = "UTF8") -> None:
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        if os.geteuid() == 0:
            user = _demoted()
            os.chown(self.folder, user["user"], user["group"])
            os.chown(secret, user["user"], user["group"])
        locale = "C.UTF-8" if encoding == "UTF8" else "C"
        command = [self.programs / "initdb", "-D", self.data, "-U", USER, "-A", "scram-sha-256",
                   "--pwfile", secret, "-E", encoding, f"--locale={locale}", "-N"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, cwd="/", **_demoted())

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "",
            "max_connections": 40, "shared_buffers": "16MB", "max_wal_size": "64MB", "lc_messages": "C",
            "logging_collector": "off",
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *options],
                stdout=log,
                stderr=log,
                cwd="/",
                **_demoted(),
            )
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            if self._answers():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.address(None), password=PASSWORD, connect_timeout=5).close()
        except psycopg.Error:
            return False
        return True

    def stop(self) -> None:
        """Stops it as an administrator does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def kill(self) -> None:
        """Kills it and all its processes, as a failing machine does; waits until they are gone."""
        assert self.process is not None
        mine = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        for pid in (self.process.pid, *map(int, mine)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(30)

    def address(self, schema: str | None, *, database: str = "postgres") -> str:
        """An archive's address in a schema of its own, without the password."""
        named = f"?schema={schema}" if schema else ""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}{named}"

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Runs a statement beside the archives; its rows, if it has any."""
        import psycopg

        with psycopg.connect(self.address(None), password=PASSWORD, autocommit=True) as connection:
            found = connection.execute(sql)
            return found.fetchall() if found.description else []


@contextmanager
def served(*, encoding: str = "UTF8") -> Iterator[Server]:
    """A running server; its folder goes when it stops."""
    programs()
    folder = Path(tempfile.mkdtemp(prefix="onrecord-postgres-"))
    server = Server(folder)
    try:
        server.make(encoding=encoding)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
