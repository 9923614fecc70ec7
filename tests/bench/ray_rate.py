"""Encoding rate with Ray workers beside the plain add: passages a second, by the clock and by processor time.

    python -m tests.bench.ray_rate [ARTICLES]

Each adds the same invented articles to a new archive, the default model, a thread a worker. "by the clock"
is from the first batch begun to the last one committed, without starting Ray and without loading the encoder;
"start" is that. Processor time is of this process and all it starts, of the whole run.
"""

import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from corpus.reading import read_paths
from qa import Archive

ARTICLES = 150
_SENTENCES = 30  # of an article, some three passages
_ROOT = Path(__file__).resolve().parents[2]


def measure(articles: int = ARTICLES) -> dict[str, dict[str, float]]:
    """Rates by what encoded: `plain`, `ray 1`, `ray 2`. Each runs in a process of its own."""
    found = {}
    for name, workers in (("plain", 0), ("ray 1", 1), ("ray 2", 2)):
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.ray_rate", "one", str(workers), str(articles)],
            cwd=_ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        found[name] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(workers: int, articles: int) -> dict[str, float]:
    """One run: with so many workers, or in this process where there are none."""
    with tempfile.TemporaryDirectory(prefix="ray-rate-") as place, ExitStack() as stack:
        write_articles(Path(place) / "articles.jsonl", articles)
        began = time.monotonic()
        encoding = None
        archive = stack.enter_context(Archive.create(Path(place) / "archive"))
        if workers:
            from qa.on_ray.cluster import joined
            from qa.on_ray.encoding import encoding_on

            cluster = stack.enter_context(joined(None, workers=workers))
            encoding = stack.enter_context(
                encoding_on(cluster, lambda: archive.encoder, archive.path / "encoded")
            )
            with encoding() as encodes:  # the workers load the encoder here
                for number in itertools.count():
                    encodes.begin([f"Ferry number {number} left the harbour."]).result()
                    if encodes.ready == workers:
                        break
        else:
            archive.encoder.encode_passages(["Two ferries left the harbour."])
        ready = time.monotonic()
        archive.add_found(read_paths([Path(place) / "articles.jsonl"]), encoding=encoding)
        done = time.monotonic()
        with archive.reading() as connection:
            passages = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    spent = sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )
    return {
        "passages": passages,
        "start s": round(ready - began, 2),
        "passages/s by the clock": round(passages / (done - ready), 1),
        "processor ms a passage, start included": round(1000 * spent / passages, 2),
    }


def write_articles(file: Path, count: int) -> None:
    """Invented articles of the length of news."""
    chance = random.Random(11)
    words = [
        f"{chance.choice('bdfgklmnprst')}{chance.choice('aeiou')}{chance.choice('lmnrst')}{at % 97}"
        for at in range(4_000)
    ]
    with file.open("w", encoding="utf-8") as lines:
        for at in range(count):
            text = " ".join(
                " ".join(chance.choices(words, k=12)).capitalize() + "." for _ in range(_SENTENCES)
            )
            lines.write(json.dumps({"_id": f"made-{at}", "text": text, "language": "en"}) + "\n")


def main() -> None:
    """Prints the rates as JSON."""
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(int(sys.argv[2]), int(sys.argv[3]))))
    else:
        print(json.dumps(measure(*map(int, sys.argv[1:2])), indent=1))


if __name__ == "__main__":
    main()
