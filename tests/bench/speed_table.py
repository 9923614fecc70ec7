"""What speed.py measured, as Markdown."""

from collections.abc import Iterator, Mapping
from typing import Any

Found = Mapping[str, Any]

_LARGE = 100_000  # passages from which the budgets of a large archive hold


def table(found: Found) -> str:
    """The tables of README.md."""
    lines = ["| what | measured | budget |", "|---|---:|---:|"]
    for part, rows in (
        ("cold", _cold),
        ("encoder", _encoder),
        ("search", _search),
        ("adding", _adding),
        ("clients", _clients),
    ):
        if part in found:
            lines += rows(found[part])
    if "peers" in found:
        lines += ["", *_peers(found["peers"])]
    runs = [row for rows in found.values() for row in rows.values()]
    if runs:
        newest = max(runs, key=lambda run: run["date"])
        lines += [
            "",
            (
                "Milliseconds and seconds of processor time; in brackets by the clock, which on a shared machine "
                f"says little. {newest['date']}, commit {newest['commit']}, {newest['machine']}. `make bench-speed`."
            ),
        ]
    return "\n".join(lines)


def _cold(rows: Found) -> Iterator[str]:
    yield f"| `python -m qa search`, whole process | {_seconds(rows['search'])} | 1.0 s |"
    yield f"| `python -m qa ask`, whole process | {_seconds(rows['ask'])} | |"
    yield f"| for comparison: `import sentence_transformers` | {_seconds(rows['library'])} | |"
    yield f"| most resident memory, search / ask | {rows['search']['mb']} / {rows['ask']['mb']} MB | 300 MB |"


def _encoder(rows: Found) -> Iterator[str]:
    for name, said in (("one core", "a core each"), ("all cores", "all cores, by the clock")):
        if name not in rows:
            continue
        row = rows[name]
        yield (
            f"| encoding against `SentenceTransformer.encode`, {said}: {row['ours_per_s']:.0f} and "
            f"{row['library_per_s']:.0f} passages/s | {row['ratio']:.1f} × | 2.5 × |"
        )


def _search(rows: Found) -> Iterator[str]:
    for name in sorted(rows, key=_size):
        row, size = rows[name], _size(name)
        is_large = size > _LARGE
        budget = "3 ms" if size <= 5_000 else "12 ms" if is_large else ""
        yield f"| search, {_named(name)}: p50 / p95 | {_milliseconds(row['search'])} | {budget} |"
        budget = "150 / 300 ms" if size == 5_000 else ""
        yield f"| ask, {_named(name)}: p50 / p95 | {_milliseconds(row['ask'])} | {budget} |"
        if size > 20_000:
            yield f"| {_named(name)}: share of the exact ten nearest found | {row['recall']:.3f} | .98 |"
        if is_large:
            for allowed, each in row["filters"].items():
                yield (
                    f"| with a filter that allows {allowed}: share found, p50 | {each['recall']:.3f}, "
                    f"{each['cpu_p50_ms']:.0f} ms ({each['p50_ms']:.0f}) | .98, 25 ms |"
                )
            yield f"| opened, and the first question searched | {row['open_cpu_s']:.1f} s ({row['open_s']:.1f}) | 2 s |"
            yield f"| resident while searching (Pss) | {row['searched_pss_mb']:,.0f} MB | 1,200 MB |"
    small, large = rows.get("5000"), rows.get("1000000")
    if small and large:
        for part in ("search", "ask"):
            ratio = large[part]["cpu_p50_ms"] / small[part]["cpu_p50_ms"]
            yield f"| {part}, 1,000,000 passages against 5,000 | {ratio:.1f} × | 3 × |"


def _adding(rows: Found) -> Iterator[str]:
    for name in sorted(rows, key=int):
        row = rows[name]
        yield (
            f"| adding {row['passages']:,} passages to {int(name):,}, beside encoding | "
            f"{row['cpu_ms_a_passage']:.1f} ms a passage | |"
        )


def _clients(rows: Found) -> Iterator[str]:
    for name, row in rows.items():
        yield (
            f"| served: {name}, p50 / p95 by the clock, the server's processor time a question | "
            f"{row['p50_ms']:.0f} / {row['p95_ms']:.0f} ms, {row['server_cpu_ms']:.0f} ms | |"
        )


def _peers(rows: Found) -> Iterator[str]:
    yield "| on squad2-half, a core each | start-up | indexing, documents/s | search p50 / p95 | nDCG@10, ours less theirs | most memory |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, row in rows.items():
        behind = row.get("behind")
        gain = f"{row['ndcg10']:.3f}"
        if behind:
            gain += f", {behind[0]:+.3f} ({behind[1]:+.3f} to {behind[2]:+.3f})"
        opened = f", {row['opened_rss_mb']} opened" if "opened_rss_mb" in row else ""
        yield (
            f"| {name} | {row['load_s']:.1f} s | {row['index_docs_s']:.0f} | {row['p50_ms']:.1f} / "
            f"{row['p95_ms']:.1f} ms | {gain} | {row['peak_rss_mb']} MB{opened} |"
        )


def _size(name: str) -> int:
    return int(name) if name.isdecimal() else 56_000


def _named(name: str) -> str:
    return f"{int(name):,} passages" if name.isdecimal() else "real news (some 56,000 passages)"


def _seconds(run: Mapping[str, float]) -> str:
    return f"{run['cpu_s']:.1f} s ({run['s']:.1f})"


def _milliseconds(run: Mapping[str, float]) -> str:
    return f"{run['cpu_p50_ms']:.1f} / {run['cpu_p95_ms']:.1f} ms ({run['p50_ms']:.0f} / {run['p95_ms']:.0f})"
