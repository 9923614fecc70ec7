"""Asks the page's server from 8 clients at once while articles are added and removed, on loopback.

    make bench-soak                                    an hour
    .venv/bin/python tests/bench/soak.py --minutes 5

Every quote is checked against what was ever committed; the server's memory must stay within 10 % of
what it is after a quarter of the time, or three minutes, when its caches have filled.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from soaking import GROWTH, soak  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Soaks, and tells in a line what came of it; returns 1 where something was wrong."""
    parser = argparse.ArgumentParser(description="Ask, add and remove for a long time.")
    parser.add_argument("--minutes", type=float, default=60, metavar="N", help="how long (default: 60)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), 60 * options.minutes)
    sys.stdout.write("".join(f"{wrong}\n" for wrong in found.wrong[:20]) + f"{found.told()}\n")
    return 1 if found.wrong or abs(found.growth) > GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
