"""Encoding rate with 1 and 2 Ray workers beside the plain add: by the clock and by processor time.

    .venv/bin/python tests/bench/ray_rate.py [ARTICLES]

Each run adds the same invented articles to a new archive, with the default model and a thread a worker, in a
process of its own. "by the clock" begins when Ray is up and every encoder loaded ("start") and ends with the
last commit. Processor time a passage is of the same span: of this process ("driver": it reads, splits and stores,
and in `plain` encodes), of the workers, and of Ray's own processes, which take some whatever is encoded.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ray_nodes import below

from corpus.reading import read_paths
from qa import Archive

_ROOT = Path(__file__).resolve().parents[2]
ARTICLES = 100
_SENTENCES = 30  # of an article: some four passages
_TICKS = os.sysconf("SC_CLK_TCK")


def measure(articles: int = ARTICLES) -> dict[str, dict[str, float]]:
    """Rates by what encoded: `plain`, `ray 1`, `ray 2`."""
    found = {}
    for name, workers in (("plain", 0), ("ray 1", 1), ("ray 2", 2)):
        done = subprocess.run(
            [sys.executable, __file__, "one", str(workers), str(articles)],
            cwd=_ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found[name] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(workers: int, articles: int) -> dict[str, float]:
    """One run: with so many workers, or in this process where there are none."""
    with tempfile.TemporaryDirectory(prefix="ray-rate-") as place, ExitStack() as stack:
        file = Path(place) / "articles.jsonl"
        write_articles(file, articles)
        archive = stack.enter_context(Archive.create(Path(place) / "archive"))
        began = time.monotonic()
        encoding = None
        if workers:
            from qa.on_ray.cluster import joined
            from qa.on_ray.encoding import encoding_on

            cluster = stack.enter_context(joined(None, workers=workers))
            spool = archive.path / "encoded"
            encoding = stack.enter_context(encoding_on(cluster, lambda: archive.encoder, spool))
            with encoding() as encodes:
                for number in itertools.count():
                    encodes.begin([f"Ferry number {number} left the harbour."]).result()
                    if encodes.ready == workers:
                        break
        else:
            archive.encoder.encode_passages(["Ferry number 0 left the harbour."])
        ready, driver, before = time.monotonic(), time.process_time(), _spent()
        archive.add_found(read_paths([file]), encoding=encoding)
        seconds = time.monotonic() - ready
        driver, after = time.process_time() - driver, _spent()
        with archive.reading() as connection:
            (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    return {
        "passages": passages,
        "start, s": round(ready - began, 1),
        "passages/s by the clock": round(passages / seconds, 1),
        "driver, ms": round(1000 * driver / passages, 2),
        "workers, ms": round(1000 * (after[0] - before[0]) / passages, 2),
        "Ray itself, ms": round(1000 * (after[1] - before[1]) / passages, 2),
    }


def _spent() -> tuple[float, float]:
    """Seconds of processor time of workers, and of all else that this process started and that lives."""
    ticks = [0, 0]
    for pid in below(os.getpid()):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            worker = "ray::Worker" in Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            continue
        ticks[0 if worker else 1] += int(fields[11]) + int(fields[12])
    return ticks[0] / _TICKS, ticks[1] / _TICKS


def write_articles(file: Path, count: int) -> None:
    """Invented articles of the length of news."""
    chance = random.Random(11)
    words = [
        f"{chance.choice('bdfgklmnprst')}{chance.choice('aeiou')}{chance.choice('lmnrst')}{at % 97}"
        for at in range(4_000)
    ]
    with file.open("w", encoding="utf-8") as lines:
        for at in range(count):
            sentences = (" ".join(chance.choices(words, k=12)).capitalize() for _ in range(_SENTENCES))
            text = " ".join(f"{sentence}." for sentence in sentences)
            lines.write(json.dumps({"_id": f"made-{at}", "text": text, "language": "en"}) + "\n")


def main(arguments: list[str]) -> None:
    """Prints the rates as JSON."""
    if arguments[:1] == ["one"]:
        print(json.dumps(one(*map(int, arguments[1:]))))
    else:
        print(json.dumps(measure(*map(int, arguments)), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
