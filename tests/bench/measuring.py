"""What the parts of speed.py measure with: processor time, memory, whole processes, the machine."""

import json
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
# By a small process of its own: what a process is said to have held at most counts who started it.
_RUN = """
import json, os, subprocess, sys, time
begun = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
clock, child.returncode = time.perf_counter() - begun, os.waitstatus_to_exitcode(status)
print(json.dumps([child.returncode, clock, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


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
        command = [sys.executable, "-c", _RUN, sys.executable, *arguments]
        done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True)
        code, clock, cpu, memory = json.loads(done.stdout)
        if code:
            raise SystemExit(f"{arguments} ended with {code}")
        clocks.append(clock)
        busy.append(cpu)
        most = max(most, memory)
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
