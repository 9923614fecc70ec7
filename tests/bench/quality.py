"""Measures quality on the developers' sets and rewrites the table in README.md.

    make bench-quality                                        all sets
    .venv/bin/python tests/bench/quality.py --sets xquad-en,onestopqa

Every run is appended to quality.json beside this file, set by set; the table shows the newest
figures of each.
"""

import argparse
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from qa.evaluate import Evaluation, evaluate  # noqa: E402

DATA = REPOSITORY.parent / "shared" / "data" / "dev"
HISTORY = Path(__file__).with_name("quality.json")
README = REPOSITORY / "README.md"
SETS = (
    "squad2-half",
    "xquad-en",
    "xquad-ru",
    "clapnq-dev",
    "onestopqa",
    "time1963",
    "multihoprag-facts500",
    "realtimeqa-2022",
)
MARKERS = "<!-- quality -->", "<!-- /quality -->"
MEASURED = {
    "nDCG@10": ("retrieval", "nDCG@10"),
    "Success@1": ("retrieval", "Success@1"),
    "reranked Success@1": ("reranked", "Success@1"),
    "sentence@1": ("answers", "sentence@1"),
    "sentence@3": ("answers", "sentence@3"),
    "EM": ("answers", "EM"),
    "F1": ("answers", "F1"),
}
HEAD = (
    "set", "questions", "articles", "nDCG@10", "Success@1", "reranked", "answer sentence first",
    "in first three", "EM", "F1", "AUROC", "confidence off by", "ask p50, ms",
)  # fmt: skip

Run = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the sets that are named, appends the run to the history and rewrites the table."""
    parser = argparse.ArgumentParser(description="Measure quality on ../shared/data/dev.")
    parser.add_argument("--sets", metavar="A,B", default=",".join(SETS), help="only these (default: all)")
    chosen = parser.parse_args(arguments).sets.split(",")
    unknown = [name for name in chosen if name not in SETS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such set; choose from {', '.join(SETS)}")
    if not DATA.is_dir():
        parser.error(f"{DATA} is not here: these are the developers' sets")
    run: Run = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "commit": commit(),
        "command": command(chosen),
        "sets": {},
    }
    history = [*read_history(HISTORY), run]
    with_table(README.read_text(encoding="utf-8"), "", MARKERS)  # before the work: are the markers there?
    for name in chosen:
        run["sets"][name] = measure(name)
        HISTORY.write_text(json.dumps(history, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    README.write_text(
        with_table(README.read_text(encoding="utf-8"), table(history), MARKERS), encoding="utf-8"
    )
    return 0


def measure(name: str) -> dict[str, Any]:
    """The main figures of one set, telling on stderr how far it is."""

    def told(done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            sys.stderr.write(f"\r{name}: {done} of {total}" + ("\n" if done == total else ""))

    return figures(evaluate(DATA / name, cache=REPOSITORY / "var" / "eval", told=told))


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """What is kept of a run: main measures with their intervals and questions, and how long it took."""
    summary = evaluation.summary.to_dict()
    found = {
        name: summary["measures"][group][measure]
        for name, (group, measure) in MEASURED.items()
        if measure in summary["measures"].get(group, {})
    }
    return {
        "questions": summary["questions"],
        "unanswerable": summary["unanswerable"],
        "articles": summary["about"]["articles"],
        "encoder": summary["about"]["encoder"],
        "threshold": summary["about"]["threshold"],
        **found,
        "auroc": summary["abstention"]["auroc"],
        "caught": summary["abstention"]["recall"],
        "lost": summary["abstention"]["answerable_lost"],
        "calibration_error": summary["abstention"]["calibration_error"],
        "brier_skill": summary["abstention"]["brier_skill"],
        "reader_sha256": summary["about"]["reader_sha256"],
        "latency_ms": summary["latency_ms"],
    }


def table(history: Sequence[Run]) -> str:
    """The newest figures of each set as a Markdown table, and which runs they are from."""
    newest: dict[str, tuple[Run, dict[str, Any]]] = {}
    for run in history:
        newest.update({name: (run, found) for name, found in run["sets"].items()})
    names = [name for name in SETS if name in newest]
    lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" + "---:|" * (len(HEAD) - 1)]
    lines += [f"| {' | '.join(cells(name, newest[name][1]))} |" for name in names]
    lines += ["", "Means with 95 % bootstrap intervals; in brackets the questions, where not all count.", ""]
    measured: dict[tuple[str, str], list[str]] = {}
    for name in names:
        run = newest[name][0]
        measured.setdefault((run["date"], run["commit"]), []).append(name)
    for (date, commit), of in sorted(measured.items()):
        which = "All" if len(of) == len(names) else ", ".join(of)
        lines.append(f"{which}: {date}, commit {commit}, `{command(of)}`.")
    return "\n".join(lines)


def cells(name: str, found: Mapping[str, Any]) -> list[str]:
    """One line of the table."""
    answerable = found["questions"] - found["unanswerable"]
    return [
        name,
        f"{found['questions']:,}",
        f"{found['articles']:,}",
        *(estimate(found.get(measure), answerable) for measure in MEASURED),
        estimate(found["auroc"], found["questions"]),
        "–" if found.get("calibration_error") is None else f"{found['calibration_error']:.3f}".lstrip("0"),
        f"{found['latency_ms']['ask']['p50']:.0f}",
    ]


def estimate(value: Mapping[str, Any] | None, whole: int) -> str:
    """`.914 (.906 to .921)`; the number of questions after it where it is not the whole."""
    if value is None:
        return "–"
    mean, low, high = (f"{value[part]:.3f}".replace("0.", ".", 1) for part in ("mean", "low", "high"))
    counted = "" if value["n"] == whole else f" [{value['n']:,}]"
    return f"{mean} ({low} to {high}){counted}"


def with_table(text: str, rows: str, markers: tuple[str, str]) -> str:
    """The text with what stands between the two markers replaced."""
    begin, end = markers
    if text.count(begin) != 1 or text.count(end) != 1:
        raise SystemExit(f"README.md needs one {begin} and one {end}")
    between = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    return between.sub(lambda _: f"{begin}\n\n{rows}\n\n{end}", text)


def read_history(path: Path) -> list[Run]:
    """The runs so far, oldest first."""
    if not path.is_file():
        return []
    runs: list[Run] = json.loads(path.read_text(encoding="utf-8"))
    return runs


def command(sets: Sequence[str]) -> str:
    """What to type for the same."""
    if tuple(sets) == SETS:
        return "make bench-quality"
    return f"python tests/bench/quality.py --sets {shlex.quote(','.join(sets))}"


def commit() -> str:
    """The commit at hand, with a plus where files that git knows were changed since."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "corpus", "embeddings", "qa")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


if __name__ == "__main__":
    sys.exit(main())
