"""What the parts of speed.py measure with: processor time, memory, whole processes, the machine."""

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = REPOSITORY.parent / "shared" / "data" / "dev"
BUILT = REPOSITORY / "var" / "bench"  # archives, made once

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: sizes of archives, an archive of real news, the Python that has the peers."""

    sizes: tuple[int, ...]
    real: Path | None
    peers: Path | None


def ran(*arguments: str, times: int = 1) -> Found:
    """The fastest of some runs of Python: seconds by the clock and of processor time, and the most memory."""
    clocks, busy, most = [], [], 0
    for _ in range(times):
        begun = time.perf_counter()
        child = subprocess.Popen([sys.executable, *arguments], cwd=REPOSITORY, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{arguments} ended with {child.returncode}")
        clocks.append(time.perf_counter() - begun)
        busy.append(used.ru_utime + used.ru_stime)
        most = max(most, used.ru_maxrss)
    return {"s": round(min(clocks), 2), "cpu_s": round(min(busy), 2), "mb": round(most / 1_000)}


def timed(ask: Callable[[str], Any], questions: Sequence[str]) -> Found:
    """Milliseconds by the clock, and of processor time where others use the machine too."""
    clock, busy = [], []
    for question in questions:
        before, used = time.perf_counter(), time.process_time()
        ask(question)
        clock.append((time.perf_counter() - before) * 1e3)
        busy.append((time.process_time() - used) * 1e3)
    return {
        "p50_ms": middle(clock, 0.5),
        "p95_ms": middle(clock, 0.95),
        "cpu_p50_ms": middle(busy, 0.5),
        "cpu_p95_ms": middle(busy, 0.95),
    }


def middle(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 2)


def pss_mb() -> float:
    """Resident memory of this process, maps included, in MB."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return round(int(line.split()[1]) / 1_000, 1)
    return 0.0


def machine() -> str:
    """The processor, its cores and how busy they were."""
    names = re.findall(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    cores = len(os.sched_getaffinity(0))
    return f"{next(iter(names), platform.machine())}, {cores} cores, load {os.getloadavg()[0]:.1f}"
