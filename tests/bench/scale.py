"""Measures engines past one machine beside the embedded default, and rewrites a table of README.md.

    make bench-scale                                            everything; see --help for its parts
    .venv/bin/python tests/bench/scale.py --parts milvus --sizes 600,5000

Each row is written to scale.json beside this file as soon as it is measured. Archives are made once, in `var/bench`.
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

FOUND = Path(__file__).with_name("scale.json")
README = REPOSITORY / "README.md"
MARKERS = "<!-- scale -->", "<!-- /scale -->"
PARTS = {  # a module each: its `measure` yields rows, its `table` tells them in lines of Markdown
    "milvus": "milvus_beside",
    "ray": "ray_beside",
}
SIZES = (600, 5_000, 20_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the parts that are named and rewrites the table."""
    parser = argparse.ArgumentParser(description="Measure engines past one machine.")
    parser.add_argument("--parts", metavar="A,B", default=",".join(PARTS), help="only these (default: all)")
    parser.add_argument("--sizes", metavar="N,M", default=",".join(map(str, SIZES)), help="passages")
    parser.add_argument("--table", action="store_true", help="rewrite the table only")
    options = parser.parse_args(arguments)
    parts = [] if options.table else options.parts.split(",")
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such part; choose from {', '.join(PARTS)}")
    if not DATA.is_dir():
        parser.error(f"{DATA} is not here: it holds the developers' sets")
    wanted = Wanted(tuple(map(int, options.sizes.split(","))), None, None)
    found: Found = json.loads(FOUND.read_text()) if FOUND.is_file() else {}
    for part in parts:
        for row, measured in importlib.import_module(PARTS[part]).measure(wanted):
            about = {"date": datetime.now(UTC).strftime("%Y-%m-%d"), "commit": commit(), "machine": machine()}
            found.setdefault(part, {})[row] = measured | about
            FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            sys.stderr.write(f"{part} {row}: {json.dumps(measured)[:300]}\n")
    README.write_text(with_table(README.read_text(encoding="utf-8"), table(found), MARKERS), encoding="utf-8")
    return 0


def table(found: Found) -> str:
    """What was measured, as Markdown: each part's table, and when and where it was."""
    lines: list[str] = []
    for part, module in PARTS.items():
        rows = found.get(part, {})
        if not rows:
            continue
        newest = max(rows.values(), key=lambda row: row["date"])
        about = f"{newest['date']}, commit {newest['commit']}, {newest['machine']}. `make bench-scale`."
        lines += [*importlib.import_module(module).table(rows), "", about, ""]
    return "\n".join(lines).strip()


if __name__ == "__main__":
    sys.exit(main())
