"""What an archive of a million to a thousand million passages needs, on paper: from measured bytes and rates.

    .venv/bin/python tests/bench/capacity.py            rewrites the tables of README.md
    .venv/bin/python tests/bench/capacity.py --print    prints them

Measured are bytes and resident memory (footprint.json, by footprint.py) and rates (speed.json, by speed.py). What
Milvus takes is computed from its published parameters; nothing beyond a million passages was run.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from quality import README, with_table

HERE = Path(__file__).parent
MARKERS = "<!-- capacity -->", "<!-- /capacity -->"
SIZES = (10**6, 10**7, 10**8, 10**9)
DIMENSION = 384  # of all-MiniLM-L6-v2
FLOAT = 4  # bytes
SEGMENT = 2**30  # bytes of vectors in a segment of Milvus, its sizing tool's default
LISTS = 1_024  # of IVF_SQ8, a segment
LINKS = 16  # M of HNSW: twice as many links at the lowest layer, 4 bytes each
DEGREE = 56  # neighbours in DiskANN's graph: Milvus' MaxDegree
CODES, CACHE = (
    0.125,
    0.10,
)  # of the raw vectors, in memory: Milvus' PQCodeBudgetGBRatio and SearchCacheBudgetGBRatio
SECTOR = 4_096  # bytes that DiskANN reads at a time; a node lies in one
# What sizing of Milvus adds to what is loaded: 31.2 GB for 22.9 GB of vectors (8 million of 768, HNSW with M 4).
ROOM = 31.2 / 22.9
NODE, USABLE = 64e9, 0.75  # a query node's memory, and the share of it that is to be filled
POSTING = 8  # bytes a passage and distinct word, in a sparse index: 4 of id, 4 of weight
CORES = 32  # that encode beside each other
BUDGET_MS = 300  # ask's p95
MACHINE = 16e9  # bytes of memory of the one machine


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes in memory and on disk, of all query nodes together."""

    memory: float
    disk: float

    @property
    def nodes(self) -> int:
        """Query nodes that hold it."""
        return max(1, math.ceil(self.memory / (NODE * USABLE)))


def flat(count: int) -> Need:
    """Every vector compared: all of them in memory."""
    raw = count * DIMENSION * FLOAT
    return Need(raw * ROOM, raw)


def ivf_sq8(count: int) -> Need:
    """A byte a number, and each segment's lists' centres."""
    raw = count * DIMENSION * FLOAT
    centres = math.ceil(raw / SEGMENT) * LISTS * DIMENSION * FLOAT
    index = raw / FLOAT + centres
    return Need(index * ROOM, raw + index)


def hnsw(count: int) -> Need:
    """The vectors and 2 M links each; the layers above the lowest add one in M."""
    raw = count * DIMENSION * FLOAT
    links = count * 2 * LINKS * FLOAT * (1 + 1 / LINKS)
    return Need((raw + links) * ROOM, raw + raw + links)


def diskann(count: int) -> Need:
    """Compressed vectors and a cache in memory; vectors and their neighbours on an NVMe disk, in whole sectors."""
    raw = count * DIMENSION * FLOAT
    node = DIMENSION * FLOAT + (DEGREE + 1) * FLOAT
    return Need(raw * (CODES + CACHE) * ROOM, raw + count * SECTOR / (SECTOR // node))


INDEXES: dict[str, Callable[[int], Need]] = {
    "Flat": flat,
    "IVF_SQ8": ivf_sq8,
    "HNSW": hnsw,
    "DiskANN": diskann,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through measured points: what a passage adds to a base."""

    base: float
    each: float

    @classmethod
    def through(cls, points: Sequence[tuple[float, float]]) -> "Line":
        """That of least squares."""
        middle_x = sum(x for x, _ in points) / len(points)
        middle_y = sum(y for _, y in points) / len(points)
        slope = sum((x - middle_x) * (y - middle_y) for x, y in points)
        slope /= sum((x - middle_x) ** 2 for x, _ in points)
        return cls(middle_y - slope * middle_x, slope)

    def at(self, count: float) -> float:
        """Its height over so many passages."""
        return self.base + self.each * count

    def reaches(self, height: float) -> float:
        """How many passages it takes to that height."""
        return (height - self.base) / self.each


@dataclass(frozen=True, slots=True)
class Measured:
    """Bytes a passage on disk and of its distinct words, memory (bytes), p95 (ms by the clock) and seconds a passage of a core."""

    database: float
    mentions: float
    words: float
    terms: float
    resident: Line
    ask_p95: Line
    adding: float

    @classmethod
    def read(cls, footprint: Mapping[str, Any], speed: Mapping[str, Any]) -> "Measured":
        """From what footprint.py and speed.py wrote."""
        real, made = footprint["real"], [row for name, row in footprint.items() if name != "real"]
        asked = {int(name): row for name, row in speed["search"].items() if name.isdigit()}
        beside = max(row["cpu_ms_a_passage"] for row in speed["adding"].values()) / 1e3
        return cls(
            database=real["bytes"]["database"],
            mentions=real["bytes"]["mentions"],
            words=real["bytes"]["words"],
            terms=real["terms"],
            resident=Line.through([(row["passages"], row["pss_mb"] * 1e6) for row in made]),
            ask_p95=Line.through([(size, asked[size]["ask"]["p95_ms"]) for size in (5_000, 1_000_000)]),
            adding=1 / speed["encoder"]["one core"]["ours_per_s"] + beside,
        )

    def truth(self, count: int) -> float:
        """Bytes of articles, passages, vectors and mentions."""
        return count * (self.database + self.mentions)

    def sparse(self, count: int) -> float:
        """Bytes in memory of Milvus' index of words."""
        return count * self.terms * POSTING * ROOM


def engines(measured: Measured) -> str:
    """A row for each size, a column for each kind of index."""
    rows = [
        f"| passages, Milvus and PostgreSQL | {' | '.join(INDEXES)} | of it words | truth |",
        f"|---:|{'---:|' * (len(INDEXES) + 2)}",
    ]
    for size in SIZES:
        words = measured.sparse(size)
        needs = [Need(each.memory + words, each.disk + words / ROOM) for each in _all(size)]
        cells = [f"{_gb(each.memory)} / {_gb(each.disk)} GB, {each.nodes}" for each in needs]
        rows.append(f"| {size:,} | {' | '.join(cells)} | {_gb(words)} GB | {_gb(measured.truth(size))} GB |")
    return "\n".join(rows)


def _all(size: int) -> list[Need]:
    return [index(size) for index in INDEXES.values()]


def one_machine(measured: Measured) -> str:
    """What one machine with the embedded indexes takes, measured and drawn on as a straight line."""
    rows = [
        "| passages, embedded | disk, GB | resident a process, GB | core-hours to add | hours on 32 cores | ask p95, ms on two cores |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for size in SIZES:
        disk = measured.truth(size) + size * (measured.words + DIMENSION + 2 * FLOAT)
        hours = size * measured.adding / 3_600
        rows.append(
            f"| {size:,} | {_gb(disk)} | {_gb(measured.resident.at(size))} | {hours:,.1f} "
            f"| {hours / CORES:,.1f} | {measured.ask_p95.at(size):,.0f} |"
        )
    memory, slow = measured.resident.reaches(MACHINE), measured.ask_p95.reaches(BUDGET_MS)
    day = 24 * 3_600 / measured.adding
    rows.append(
        f"\nOn these lines one machine leaves {MACHINE / 1e9:.0f} GB of memory at {memory / 1e6:,.0f} million passages, "
        f"{BUDGET_MS} ms of `ask` (p95) at {slow / 1e6:,.1f} million, and a day of encoding on one core at "
        f"{day / 1e6:,.1f} million."
    )
    return "\n".join(rows)


def _gb(count: float) -> str:
    return f"{count / 1e9:,.1f}" if count < 1e11 else f"{count / 1e9:,.0f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrites or prints the tables."""
    parser = argparse.ArgumentParser(description="Compute what large archives need.")
    parser.add_argument("--print", action="store_true", help="leave README.md alone")
    options = parser.parse_args(arguments)
    read = (json.loads((HERE / name).read_text()) for name in ("footprint.json", "speed.json"))
    measured = Measured.read(*read)
    told = f"{one_machine(measured)}\n\n{engines(measured)}"
    if options.print:
        sys.stdout.write(told + "\n")
    else:
        README.write_text(with_table(README.read_text(encoding="utf-8"), told, MARKERS), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
