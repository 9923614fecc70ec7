"""What one process measures that opens an archive and asks: prints one JSON document.

python tests/bench/asked.py ARCHIVE TRUTH [--asks N]
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from measuring import pss_mb, timed

from qa import Answerer, Archive, Retriever

_WARM = 5  # questions asked before any is timed


def main() -> int:
    """Measures opening, searching, filters and asking, and what is resident at the end."""
    parser = argparse.ArgumentParser(description="Measure searches in an archive of made_archive.")
    parser.add_argument("archive", type=Path)
    parser.add_argument("truth", type=Path, help="questions and their exact nearest passages")
    parser.add_argument("--asks", type=int, default=20, help="questions put to the reader (default: 20)")
    parser.add_argument("--questions", type=int, default=102, help="questions searched (default: 102)")
    options = parser.parse_args()
    truth = json.loads(options.truth.read_text())
    questions = truth["questions"][: options.questions]
    nearest = {name: found[: options.questions] for name, found in truth["nearest"].items()}
    _read_once(options.archive)
    begun, used = time.perf_counter(), time.process_time()
    with Retriever(Archive.open(options.archive), remembered=0) as retriever:  # each question is encoded anew
        retriever.search(questions[0])
        found: dict[str, Any] = {
            "open_s": round(time.perf_counter() - begun, 2),
            "open_cpu_s": round(time.process_time() - used, 2),
        }
        for question in questions[:_WARM]:
            retriever.search(f"Tell me: {question}")
        found["search"] = timed(retriever.search, questions)
        found["searched_pss_mb"] = pss_mb()
        dense = [retriever.search(question, mode="dense") for question in questions]
        found["recall"] = recall(dense, nearest["all"])
        found["filters"] = {}
        for name in [name for name in nearest if name != "all" and any(nearest[name])]:

            def within(question: str, source: str = name) -> Any:
                return retriever.search(question, source=source)

            within(f"Tell me: {questions[0]}")
            dense = [retriever.search(question, mode="dense", source=name) for question in questions]
            found["filters"][name] = timed(within, questions) | {"recall": recall(dense, nearest[name])}
        answerer = Answerer(retriever)
        answerer.ask(f"Tell me: {questions[0]}")
        found["ask"] = timed(answerer.ask, questions[: options.asks])
        found["pss_mb"] = pss_mb()
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def _read_once(archive: Path) -> None:
    """All its files, so that none has to come from the disk: what that costs is the disk's."""
    for file in archive.rglob("*"):
        if file.is_file():
            with file.open("rb") as content:
                while content.read(1 << 20):
                    pass


def recall(found: Sequence[Sequence[Any]], nearest: Sequence[Sequence[str]]) -> float:
    """The share of the exact nearest passages that were found, over all questions."""
    hits = wanted = 0
    for each, exact in zip(found, nearest, strict=True):
        hits += len({f"{hit.article_id} {hit.start}" for hit in each} & set(exact))
        wanted += len(exact)
    return round(hits / max(1, wanted), 4)


if __name__ == "__main__":
    sys.exit(main())
