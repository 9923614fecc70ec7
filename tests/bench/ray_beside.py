"""The encoding rate with Ray workers beside the plain add, as rows and a table of scale.py."""

import sys
from collections.abc import Iterator

import ray_rate
from measuring import Found, Wanted

_NAMES = {"plain": "none: the plain add", "ray 1": "1 worker", "ray 2": "2 workers"}


def measure(_: Wanted) -> Iterator[tuple[str, Found]]:
    """A row for each number of workers."""
    yield from ray_rate.measure().items()


def table(rows: Found) -> Iterator[str]:
    """The rows as Markdown."""
    yield "| Ray workers | started in, s | passages/s by the clock | ms a passage: storing process · workers · Ray itself |"
    yield "|---|---:|---:|---:|"
    for name, row in rows.items():
        spent = " · ".join(f"{row[f'{part}, ms']:.1f}" for part in ("driver", "workers", "Ray itself"))
        yield (
            f"| {_NAMES.get(name, name)} | {row['start, s']:.1f} | {row['passages/s by the clock']:.1f} | {spent} |"
        )


if __name__ == "__main__":
    sys.exit("run scale.py")
