"""What speed.py measured, as SVG."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Found = Mapping[str, Any]


def draw(found: Found, folder: Path) -> None:
    """Writes a plot for each part that has one: cost by size, what probes find, and the peers."""
    mpl.rcParams.update({"svg.hashsalt": "onrecord", "svg.fonttype": "none", "font.size": 9})
    for part, name, plot in (
        ("search", "speed-by-size.svg", _by_size),
        ("probes", "speed-by-probes.svg", _by_probes),
        ("peers", "speed-beside-peers.svg", _beside_peers),
    ):
        if part in found:
            figure = Figure(figsize=(6, 3), layout="constrained")
            plot(figure.subplots(), found[part])
            figure.savefig(folder / name, metadata={"Date": None})


def _by_size(axes: Axes, rows: Found) -> None:
    made = sorted((row for row in rows if row.isdecimal()), key=int)
    for part in ("search", "ask"):
        axes.plot(
            list(map(int, made)), [rows[row][part]["cpu_p50_ms"] for row in made], marker="o", label=part
        )
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="processor time a question, ms (p50)")
    axes.legend()


def _by_probes(axes: Axes, rows: Found) -> None:
    for name, row in rows.items():
        probes = row["probes"].values()
        axes.plot(
            [each["ms"] for each in probes], [each["recall"] for each in probes], marker=".", label=name
        )
    axes.set(xscale="log", xlabel="processor time a question, ms", ylabel="share of the exact ten among 101")
    axes.legend(title="vectors", fontsize=7)


def _beside_peers(axes: Axes, rows: Found) -> None:
    names = list(rows)
    axes.barh(names, [rows[name]["p50_ms"] for name in names])
    axes.set(xlabel="processor time a search, ms (p50)")
    axes.invert_yaxis()
