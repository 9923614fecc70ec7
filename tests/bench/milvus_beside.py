"""Searches by milvus-lite beside the embedded indexes: the same archive, the same questions, in one process."""

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from made_archive import make, questions, squad_passages
from measuring import BUILT, Found, Wanted, middle

from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa import Archive, Retriever
from qa.retriever import MODES, Mode

_WARM = 3  # questions searched before any is timed
_ASKED = 50


def measure(wanted: Wanted) -> Iterator[tuple[str, Found]]:
    """A row for each size."""
    for size in wanted.sizes:
        yield str(size), _beside(_made(size))


def _made(size: int) -> Path:
    """The archive of so many passages, made the first time from those of squad2-half."""
    folder = BUILT / f"squad-{size}"
    if not (folder / "truth.json").is_file():
        texts, vectors = squad_passages()
        make(folder, size, texts, vectors, questions(), load_encoder(DEFAULT_MODEL))
    return folder


def _beside(folder: Path) -> Found:
    file = folder.with_suffix(".db")
    shutil.rmtree(file, ignore_errors=True)
    asked = questions()[:_ASKED]
    with Archive.open(folder) as embedded, Archive.open(f"file:{folder}?search={file}") as lite:
        embedded.mend_derived()
        embedded.mentions().close()
        used = time.process_time()
        lite.mend_derived()
        found: Found = {"brought_up_cpu_s": round(time.process_time() - used, 1)}
        found["mb_on_disk"] = round(
            sum(each.stat().st_size for each in file.rglob("*") if each.is_file()) / 1e6
        )
        one, other = Retriever(embedded), Retriever(lite)
        same = 0
        for mode in MODES:
            times = _alternating((one, other), asked, mode)
            found[mode] = {"embedded": times[0], "milvus-lite": times[1]}
            same += sum(_places(one, each, mode) == _places(other, each, mode) for each in asked)
        found["same"] = round(same / (len(MODES) * len(asked)), 4)
    return found


def _alternating(retrievers: Sequence[Retriever], asked: Sequence[str], mode: Mode) -> list[Found]:
    """Milliseconds of each retriever, which take turns at each question."""
    clock: list[list[float]] = [[] for _ in retrievers]
    busy: list[list[float]] = [[] for _ in retrievers]
    for at, question in enumerate([*asked[:_WARM], *asked]):
        for number, retriever in enumerate(retrievers):
            before, used = time.perf_counter(), time.process_time()
            retriever.search(question, mode=mode)
            if at >= _WARM:
                clock[number].append((time.perf_counter() - before) * 1e3)
                busy[number].append((time.process_time() - used) * 1e3)
    return [
        {
            "p50_ms": middle(by_clock, 0.5),
            "p95_ms": middle(by_clock, 0.95),
            "cpu_p50_ms": middle(used, 0.5),
            "cpu_p95_ms": middle(used, 0.95),
        }
        for by_clock, used in zip(clock, busy, strict=True)
    ]


def _places(retriever: Retriever, question: str, mode: Mode) -> list[tuple[str, int]]:
    return [(hit.article_id, hit.start) for hit in retriever.search(question, mode=mode)]


def table(rows: Found) -> Iterator[str]:
    """The rows as Markdown."""
    yield (
        "| passages | brought to milvus-lite | dense: embedded, milvus-lite | by words | hybrid | "
        "ten best the same |"
    )
    yield "|---:|---:|---:|---:|---:|---:|"
    for size in sorted(rows, key=int):
        row = rows[size]
        cells = [
            " · ".join(
                f"{row[mode][engine]['cpu_p50_ms']:.1f} / {row[mode][engine]['cpu_p95_ms']:.1f}"
                for engine in ("embedded", "milvus-lite")
            )
            for mode in ("dense", "bm25", "hybrid")
        ]
        yield (
            f"| {int(size):,} | {row['brought_up_cpu_s']:.0f} s, {row['mb_on_disk']} MB | "
            f"{' | '.join(cells)} | {row['same']:.1%} |"
        )
    yield ""
    yield "Milliseconds of processor time, p50 / p95, of both engines in one process, taking turns at each question."


if __name__ == "__main__":
    sys.exit("run scale.py")
