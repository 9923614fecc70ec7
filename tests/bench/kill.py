"""Kills writers at random moments, and checks that nothing committed is lost.

    make bench-kill                                          1,000 kills; half an hour
    .venv/bin/python tests/bench/kill.py --kills 50 --seed 7

Each kill is a SIGKILL in the middle of an add, a removal, a rebuild of the indexes or an optimize.
After each the archive must open and be searched in under 2 s, hold exactly what was committed, pass
every check of the doctor, and give an answer that verifies; every 50 kills it must rank as an archive
built fresh. The first fault ends the run with what was found.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from killing import kill  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Kills so many, and tells in a line what came of it."""
    parser = argparse.ArgumentParser(description="Kill writers at random moments.")
    parser.add_argument("--kills", type=int, default=1_000, metavar="N", help="how many (default: 1,000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the random steps and moments")
    parser.add_argument("--minutes", type=float, metavar="N", help="end then, with as many as were killed")
    options = parser.parse_args(arguments)
    seconds = math.inf if options.minutes is None else 60 * options.minutes
    with tempfile.TemporaryDirectory() as folder:
        toll = kill(Path(folder), options.kills, seed=options.seed, seconds=seconds)
    sys.stdout.write(f"{toll.told()}; seed {options.seed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
