"""Clients that ask the page's server for a long time, while articles come and go."""

import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from browsing import served
from buoys import COATS, faults, write
from gradio_client import Client

from corpus.errors import ArchiveLocked
from qa import Archive
from qa.doctor import diagnose

CLIENTS = 8
STEADY = 200  # seconds in which caches fill; then, or after a quarter of the time, memory is to stay as it is
GROWTH = 0.1


@dataclass
class Soak:
    """How often each thing was done, what was wrong, and the server's memory in MB by the second."""

    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """Of memory: the mean of the last tenth of the time over that of the tenth after it is to be steady."""
        seconds = self.memory[-1][0]
        steady = max(0.25 * seconds, min(STEADY, 0.6 * seconds))
        parts = [
            [size for at, size in self.memory if first <= at <= first + 0.1 * seconds]
            for first in (steady, 0.9 * seconds)
        ]
        before, after = (sum(part) / len(part) for part in parts)
        return after / before - 1

    def told(self) -> str:
        """In a line."""
        counts = ", ".join(f"{count:,} {what}" for what, count in sorted(self.done.items()))
        return (
            f"{CLIENTS} clients, {self.memory[-1][0]:.0f} s: {counts}; {len(self.wrong)} wrong or unverifiable; "
            f"memory {self.memory[-1][1]:.0f} MB at the end, {self.growth:+.1%} since it was to be steady"
        )


def soak(folder: Path, seconds: float) -> Soak:
    """Asks, adds and removes for so long; the server is on loopback, its writers are other processes'."""
    archive = folder / "archive"
    with Archive.create(archive, model="hashed-words") as made:
        made.add(write(folder, range(150), 1))
    found, began = Soak(), time.monotonic()
    with served(archive) as address, ThreadPoolExecutor(CLIENTS) as clients:
        process = _server(archive)
        working = [
            clients.submit(_client, number, address, archive, found, began + seconds)
            for number in range(CLIENTS)
        ]
        while not all(each.done() for each in working):
            found.memory.append((time.monotonic() - began, _megabytes(process)))
            time.sleep(1)
        for each in working:
            each.result()
    with Archive.open(archive) as left:
        if not diagnose(left).ok:
            found.wrong.append("the archive is not sound")
    return found


def _client(number: int, address: str, archive: Path, found: Soak, ends: float) -> None:
    """Asks nine times out of ten; else adds or removes articles of its own."""
    chance = random.Random(number)
    client = Client(address, verbose=False, httpx_kwargs={"timeout": 120})
    own = archive.with_name(f"of-{number}")
    own.mkdir()
    while time.monotonic() < ends:
        buoys = range(20 * number, 20 * number + 15)
        what = chance.choices(["ask", "add", "remove"], [18, 1, 1])[0]
        try:
            if what == "ask":
                buoy = chance.randrange(200)
                question = f"Who painted buoy number {buoy}?"
                by_itself = chance.random() < 0.5  # a call of no session, for which the server makes one
                found.wrong += faults(
                    called(address, question)
                    if by_itself
                    else client.predict(question=question, api_name="/ask")
                )
            else:
                with Archive.open(archive) as writer:
                    if what == "add":
                        writer.add(write(own, buoys, chance.choice(COATS)))
                    else:
                        held = {each.id for each in writer.articles()}
                        writer.remove([id for id in (f"{buoy:03}" for buoy in buoys[:5]) if id in held])
        except ArchiveLocked:
            what = "refused because another writes"
        found.done[what] += 1


def called(address: str, question: str) -> dict[str, Any]:
    """The answer, as a program without a library gets it."""
    url, body = f"{address}gradio_api/call/v2/ask", json.dumps({"question": question}).encode()
    with urlopen(Request(url, body, {"Content-Type": "application/json"}), timeout=120) as response:
        call = json.load(response)["event_id"]
    with urlopen(f"{url}/{call}", timeout=120) as response:
        event, data, *_ = response.read().decode().split("\n")
    if event != "event: complete":
        raise AssertionError(f"{question!r} was answered by {event!r}: {data[:200]}")
    answer: dict[str, Any] = json.loads(data.removeprefix("data: "))[0]
    return answer


def _server(archive: Path) -> int:
    """The process that serves the archive."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"app.py" in words and str(archive).encode() in words:
            return int(place.name)
    raise AssertionError("no process serves the archive")


def _megabytes(process: int) -> float:
    """The memory that is the process's own, with its share of what is common."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
