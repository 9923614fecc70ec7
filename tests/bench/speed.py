"""Measures speed and memory, and rewrites the table and the plots of README.md.

    make bench-speed                                            everything; see --help for its parts
    .venv/bin/python tests/bench/speed.py --parts cold,encoder
    .venv/bin/python tests/bench/speed.py --parts search --sizes 600,5000
    .venv/bin/python tests/bench/speed.py --resume              what this commit has not measured yet

Each row is written to speed.json beside this file as soon as it is measured. Archives are made once,
in `var/bench`; the largest takes some minutes. Milliseconds of processor time stand beside those by the clock,
for machines that others use at the same time.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from measuring import DATA, REPOSITORY, Found, Wanted, machine
from quality import commit, with_table

FOUND = Path(__file__).with_name("speed.json")
README = REPOSITORY / "README.md"
MARKERS = "<!-- speed -->", "<!-- /speed -->"
PARTS = {  # a module each, whose `measure` yields rows
    "cold": "cold_start",
    "encoder": "encoding",
    "search": "searching",
    "adding": "adding_more",
    "clients": "clients",
    "probes": "probes",
    "peers": "peers",
}
SIZES = (600, 5_000, 1_000_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the parts that are named and rewrites the table."""
    parser = argparse.ArgumentParser(description="Measure speed and memory.")
    parser.add_argument("--parts", metavar="A,B", default=",".join(PARTS), help="only these (default: all)")
    parser.add_argument("--sizes", metavar="N,M", default=",".join(map(str, SIZES)), help="passages")
    parser.add_argument("--real", type=Path, metavar="ARCHIVE", help="an archive of realtimeqa-2022")
    parser.add_argument("--peers", type=Path, metavar="PYTHON", help="the Python that has the peers")
    parser.add_argument("--resume", action="store_true", help="leave out parts that this commit measured")
    parser.add_argument("--table", action="store_true", help="rewrite the table only")
    options = parser.parse_args(arguments)
    parts = [] if options.table else options.parts.split(",")
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such part; choose from {', '.join(PARTS)}")
    if not DATA.is_dir():
        parser.error(f"{DATA} is not here: it holds the developers' sets")
    wanted = Wanted(tuple(map(int, options.sizes.split(","))), options.real, options.peers)
    found: Found = json.loads(FOUND.read_text()) if FOUND.is_file() else {}
    for part in parts:
        if options.resume and any(row["commit"] == commit() for row in found.get(part, {}).values()):
            continue
        for row, measured in importlib.import_module(PARTS[part]).measure(wanted):
            about = {"date": datetime.now(UTC).strftime("%Y-%m-%d"), "commit": commit(), "machine": machine()}
            found.setdefault(part, {})[row] = measured | about
            FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            sys.stderr.write(f"{part} {row}: {json.dumps(measured)[:200]}\n")
    from speed_plots import draw
    from speed_table import table

    draw(found, Path(__file__).parent)
    README.write_text(with_table(README.read_text(encoding="utf-8"), table(found), MARKERS), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
