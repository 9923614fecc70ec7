"""Measures speed and memory, and rewrites the table in README.md.

    make bench-speed                                            everything; a quarter of an hour
    .venv/bin/python tests/bench/speed.py --parts cold,encoder
    .venv/bin/python tests/bench/speed.py --parts search --sizes 600,5000

Each run replaces what it measured in speed.json beside this file. Archives are made once, in
`var/bench`. Milliseconds of processor time stand beside those by the clock, for machines that
others use at the same time.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from quality import commit  # noqa: E402

from corpus.passages import context_text  # noqa: E402
from embeddings.loading import load_encoder  # noqa: E402
from embeddings.sentence_transformer import DEFAULT_MODEL, default_model_folder  # noqa: E402
from qa import Archive  # noqa: E402
from qa.evaluate.archives import archive_of  # noqa: E402
from qa.rows import all_passages  # noqa: E402

DATA = REPOSITORY.parent / "shared" / "data" / "dev" / "squad2-half"
BUILT = REPOSITORY / "var" / "bench"
FOUND = Path(__file__).with_name("speed.json")
README = REPOSITORY / "README.md"
BEGIN, END = "<!-- speed -->", "<!-- /speed -->"
PARTS = ("cold", "encoder", "search")
SIZES = (600, 5_000, 1_000_000)
PEERS = ("txtai", "llama-index-core", "haystack-ai")
QUESTION = "Who was detained in Oral?"
_RUNS = 3  # of each command
_ENCODED = 256  # passages
_TURNS = 4  # of ours and the library's, one after the other

Found = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the parts that are named and rewrites the table."""
    parser = argparse.ArgumentParser(description="Measure speed and memory.")
    parser.add_argument("--parts", metavar="A,B", default=",".join(PARTS), help="only these (default: all)")
    parser.add_argument("--sizes", metavar="N,M", default=",".join(map(str, SIZES)), help="passages")
    options = parser.parse_args(arguments)
    parts, sizes = options.parts.split(","), [int(size) for size in options.sizes.split(",")]
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such part; choose from {', '.join(PARTS)}")
    if not DATA.is_dir():
        parser.error(f"{DATA} is not here: it is one of the developers' sets")
    found: Found = json.loads(FOUND.read_text()) if FOUND.is_file() else {}
    about = {"date": datetime.now(UTC).strftime("%Y-%m-%d"), "commit": commit(), "machine": machine()}
    for part in parts:
        if part == "cold":
            found["cold"] = cold() | about
        elif part == "encoder":
            found["encoder"] = encoder() | about
        else:
            for size in sizes:
                found.setdefault("search", {})[str(size)] = search(size) | about
        FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    there = [name for name in PEERS if _is_installed(name)]
    sys.stderr.write(f"peers installed: {', '.join(there) or 'none, so none is measured'}\n")
    README.write_text(with_table(README.read_text(encoding="utf-8"), table(found)), encoding="utf-8")
    return 0


def cold() -> Found:
    """Whole processes on the sample archive, the disk warm; and the import they are spared."""
    with tempfile.TemporaryDirectory() as folder:
        archive = str(Path(folder) / "archive")
        ran("-m", "qa", "add", str(REPOSITORY / "corpus" / "articles"), "--archive", archive)
        return {
            "search": ran("-m", "qa", "search", QUESTION, "--archive", archive, times=_RUNS),
            "ask": ran("-m", "qa", "ask", QUESTION, "--archive", archive, times=_RUNS),
            "library": ran("-c", "import sentence_transformers", times=2),
        }


def ran(*arguments: str, times: int = 1) -> Found:
    """The fastest of some runs of Python: seconds by the clock and of processor time, and the most memory."""
    clocks, busy, most = [], [], 0
    for _ in range(times):
        begun = time.perf_counter()
        child = subprocess.Popen([sys.executable, *arguments], cwd=REPOSITORY, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{arguments} ended with {child.returncode}")
        clocks.append(time.perf_counter() - begun)
        busy.append(used.ru_utime + used.ru_stime)
        most = max(most, used.ru_maxrss)
    return {"s": round(min(clocks), 2), "cpu_s": round(min(busy), 2), "mb": round(most / 1_000)}


def encoder() -> Found:
    """Passages a second of ours and of sentence-transformers as it comes, in turns."""
    from sentence_transformers import SentenceTransformer

    texts = passages()[0][:_ENCODED]
    library = SentenceTransformer(str(default_model_folder()), device="cpu")
    ours = load_encoder(DEFAULT_MODEL)
    library.encode(texts[:8], show_progress_bar=False)
    ours.encode_passages(texts[:8])
    share = len(texts) // _TURNS
    rates: dict[str, list[float]] = {"library": [], "ours": []}
    for turn in range(_TURNS):
        some = texts[turn * share : (turn + 1) * share]
        for name, encode in (
            ("library", lambda some: library.encode(some, show_progress_bar=False)),
            ("ours", ours.encode_passages),
        ):
            begun = time.perf_counter()
            encode(some)
            rates[name].append(len(some) / (time.perf_counter() - begun))
    middle = {name: sorted(found)[len(found) // 2] for name, found in rates.items()}
    ratios = sorted(mine / theirs for mine, theirs in zip(rates["ours"], rates["library"], strict=True))
    return {
        **{f"{name}_per_s": round(rate, 1) for name, rate in middle.items()},
        "ratio": round(ratios[len(ratios) // 2], 2),
        "variant": ours.passage_variant,
    }


def search(size: int) -> Found:
    """Searching and asking in an archive of so many passages, in a process of its own."""
    from made_archive import make

    folder = BUILT / str(size)
    if not (folder / "truth.json").is_file():
        texts, vectors = passages()
        lines = (DATA / "queries.jsonl").read_text(encoding="utf-8").splitlines()[::97][:50]
        make(
            folder,
            size,
            texts,
            vectors,
            [json.loads(line)["text"] for line in lines],
            load_encoder(DEFAULT_MODEL),
        )
    with Archive.open(folder) as archive:
        archive.mend_derived()
    asked = Path(__file__).with_name("asked.py")
    done = subprocess.run(
        [sys.executable, str(asked), str(folder)], capture_output=True, text=True, check=True
    )
    found: Found = json.loads(done.stdout)
    return found


def passages() -> tuple[list[str], Any]:
    """What the encoder is given for each passage of a real set, and their vectors."""
    import numpy as np

    texts, vectors = [], []
    cache = REPOSITORY / "var" / "eval"
    with archive_of(DATA / "corpus.jsonl", cache=cache) as archive, archive.reading() as connection:
        for *_, text, title, vector in all_passages(connection):
            texts.append(context_text(title, text))
            vectors.append(vector)
    return texts, np.array(vectors)


def table(found: Found) -> str:
    """What was measured, as Markdown."""
    lines = ["| what | measured | budget |", "|---|---:|---:|"]
    if "cold" in found:
        cold = found["cold"]
        lines += [
            f"| `python -m qa search`, whole process | {_seconds(cold['search'])} | 1.0 s |",
            f"| `python -m qa ask`, whole process | {_seconds(cold['ask'])} | |",
            f"| for comparison: `import sentence_transformers` | {_seconds(cold['library'])} | |",
            f"| most resident memory, search / ask | {cold['search']['mb']} / {cold['ask']['mb']} MB | 300 MB |",
        ]
    if "encoder" in found:
        one = found["encoder"]
        lines.append(
            f"| indexing against `SentenceTransformer.encode`, {one['ours_per_s']:.0f} and "
            f"{one['library_per_s']:.0f} passages/s | {one['ratio']:.1f} × | 2.5 × |"
        )
    for size, one in sorted(found.get("search", {}).items(), key=lambda each: int(each[0])):
        name = f"{int(size):,} passages"
        lines += [
            (
                f"| search, {name}: p50 / p95 | {_milliseconds(one['search'])} | "
                f"{'3' if int(size) <= 5_000 else '12'} ms |"
            ),
            (
                f"| ask, {name}: p50 / p95 | {_milliseconds(one['ask'])} | "
                f"{'150 / 300 ms' if int(size) <= 5_000 else ''} |"
            ),
        ]
    for size, one in found.get("search", {}).items():
        if int(size) < 100_000:
            continue
        filters = one["filters"]
        lines += [
            f"| {int(size):,} passages: share of the exact top 10 found | {one['recall']:.3f} | .98 |",
            *(
                f"| with a filter that allows {name}: share found, p50 | {each['recall']:.3f}, "
                f"{each['cpu_p50_ms']:.0f} ms ({each['p50_ms']:.0f}) | .98, 25 ms |"
                for name, each in filters.items()
            ),
            f"| opened and asked the first question | {one['open_cpu_s']:.1f} s ({one['open_s']:.1f}) | 2 s |",
            f"| resident while searching (Pss) | {one['searched_pss_mb']:,.0f} MB | 1,200 MB |",
        ]
    runs = [found[part] for part in ("cold", "encoder") if part in found] + list(
        found.get("search", {}).values()
    )
    newest = max(runs, key=lambda run: run["date"])
    lines += [
        "",
        (
            f"Processor time; in brackets by the clock, which on a shared machine says little. {newest['date']}, commit {newest['commit']}, "
            f"{newest['machine']}. `make bench-speed`."
        ),
    ]
    return "\n".join(lines)


def _seconds(run: Mapping[str, float]) -> str:
    return f"{run['cpu_s']:.1f} s ({run['s']:.1f})"


def _milliseconds(run: Mapping[str, float]) -> str:
    return f"{run['cpu_p50_ms']:.0f} ms ({run['p50_ms']:.0f} / {run['p95_ms']:.0f})"


def with_table(text: str, rows: str) -> str:
    """The text with what stands between the two markers replaced."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"README.md needs one {BEGIN} and one {END}")
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    return between.sub(lambda _: f"{BEGIN}\n\n{rows}\n\n{END}", text)


def machine() -> str:
    """The processor, its cores and how busy they were."""
    names = re.findall(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    cores = len(os.sched_getaffinity(0))
    return f"{next(iter(names), platform.machine())}, {cores} cores, load {os.getloadavg()[0]:.1f}"


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
