"""Looks for files that a reader did not foresee, guided by coverage (atheris).

    make fuzz                                                    a minute for each kind of file
    .venv/bin/python tests/bench/fuzz.py --seconds 600 --kinds pdf,docx

Each kind is tried in a process of its own, from the whole sample that the tests spoil too. A file that
breaks its reader is kept in `var/fuzz` and named; it belongs into tests/test_fuzzing.py.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

FOUND = REPOSITORY / "var" / "fuzz"


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries each kind; returns 1 where a reader broke."""
    parser = argparse.ArgumentParser(description="Fuzz the readers.")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="for each kind (default: 60)")
    parser.add_argument("--kinds", metavar="A,B", help="only these, as pdf or .txt (default: all)")
    parser.add_argument("--one", metavar="KIND", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        fuzz(options.one, options.seconds)
    from hostile import KINDS

    kinds = options.kinds.split(",") if options.kinds else KINDS
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such kind; choose from {', '.join(KINDS)}")
    broken = []
    for kind in kinds:
        command = [sys.executable, __file__, "--one", kind, "--seconds", str(options.seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        runs = next((line for line in done.stderr.splitlines() if line.startswith("Done")), "broke")
        sys.stdout.write(f"{kind}: {runs}\n")
        if done.returncode:
            broken.append(kind)
            sys.stdout.write(done.stderr[-3_000:])
        sys.stdout.flush()
    return 1 if broken else 0


def fuzz(kind: str, seconds: int) -> None:
    """Tries one kind in this process, which atheris ends."""
    import atheris

    with atheris.instrument_imports(
        include=["corpus", "pypdf", "docx", "trafilatura", "feedparser", "email"]
    ):
        from hostile import feed, sample

    seeds = FOUND / f"seeds-{kind.lstrip('.')}"
    seeds.mkdir(parents=True, exist_ok=True)
    (seeds / "whole").write_bytes(sample(kind))
    limits = [f"-max_total_time={seconds}", "-timeout=60", "-rss_limit_mb=4096", "-max_len=20000"]
    atheris.Setup(
        [sys.argv[0], *limits, f"-artifact_prefix={FOUND}/", str(seeds)], lambda raw: feed(kind, raw)
    )
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
