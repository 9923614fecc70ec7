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
    yield "| Ray workers | passages/s by the clock | processor ms a passage | of it in the process that stores |"
    yield "|---|---:|---:|---:|"
    for name, row in rows.items():
        rate, ms, of_it = (
            row[key] for key in ("passages/s by the clock", "processor ms a passage", "of the driver")
        )
        yield f"| {_NAMES.get(name, name)} | {rate:.1f} | {ms:.1f} | {of_it:.1f} |"


if __name__ == "__main__":
    sys.exit("run scale.py")
