"""One client and eight at once, on one server: what each waits for, and what the server spends."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from urllib.request import Request, urlopen

from made_archive import questions
from measuring import REPOSITORY, Found, Wanted, middle
from searching import made

_SIZE = 5_000  # passages
_EACH = 12  # questions of a client
_CLIENTS = (1, 8)


def measure(wanted: Wanted) -> Iterator[tuple[str, Found]]:
    """A row for each endpoint and number of clients."""
    with _served(made(_SIZE, wanted.real)) as (server, address):
        for name in ("search", "ask"):
            _asks(address, name, ["warm up"])
            for count in _CLIENTS:
                used, begun = _busy(server), time.perf_counter()
                asked = [questions()[at::count][:_EACH] for at in range(count)]
                with ThreadPoolExecutor(count) as pool:
                    waited = list(chain(*pool.map(_asks, repeat(address), repeat(name), asked)))
                clock = time.perf_counter() - begun
                yield (
                    f"{name}, {count} at once",
                    {
                        "p50_ms": middle(waited, 0.5),
                        "p95_ms": middle(waited, 0.95),
                        "a_second": round(len(waited) / clock, 1),
                        "server_cpu_ms": round((_busy(server) - used) * 1e3 / len(waited), 1),
                    },
                )


def _asks(address: str, name: str, asked: Sequence[str]) -> list[float]:
    """Milliseconds until each answer was there, asked one after the other."""
    waited = []
    for question in asked:
        begun = time.perf_counter()
        request = Request(
            f"{address}/gradio_api/call/v2/{name}",
            data=json.dumps({"question": question}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=120) as answer:
            number = json.load(answer)["event_id"]
        with urlopen(f"{address}/gradio_api/call/{name}/{number}", timeout=120) as events:
            told = events.read().decode()
        if "event: complete" not in told:
            raise SystemExit(f"{name} {question!r} was not answered: {told[:200]}")
        waited.append((time.perf_counter() - begun) * 1e3)
    return waited


@contextmanager
def _served(archive: Path) -> Iterator[tuple[int, str]]:
    """The process id and address of a server on an archive."""
    command = [sys.executable, "app.py", "--archive", str(archive), "--port", "0"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            address = re.search(r"http://\S+", line)
            if address is None:
                raise SystemExit(f"the server did not start: {line!r}")
            yield server.pid, address[0].rstrip("/")
        finally:
            server.terminate()


def _busy(process: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
