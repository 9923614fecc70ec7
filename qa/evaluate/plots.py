"""Plots of a run as SVG text, drawn by matplotlib without a screen."""

import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from qa.evaluate.abstention import Bin

_INK = "#1f3a5f"
_FAINT = "#9aa5b1"
_NOTHING_ABOUT_ITSELF = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def reliability_plot(bins: Sequence[Bin]) -> str:
    """Share answered rightly against confidence, a dot a bin; on the diagonal it keeps its word."""
    figure, axes = _square("confidence", "share of first quotes that answer")
    axes.plot([0, 1], [0, 1], color=_FAINT, linewidth=1, linestyle="--")
    axes.plot([each.confidence for each in bins], [each.right for each in bins], "o-", color=_INK)
    return _svg(figure, "Reliability: share of first quotes that answer against confidence")


def risk_coverage_plot(points: Sequence[tuple[float, float]]) -> str:
    """Share answered wrongly against the share answered at all, the most confident first."""
    figure, axes = _square("share of questions answered", "of these, wrong")
    axes.plot([point[0] for point in points], [point[1] for point in points], color=_INK)
    return _svg(figure, "Risk and coverage: share wrong against share answered")


def _square(across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(4, 3.4), layout="constrained")
    axes = figure.add_subplot()
    axes.set(xlabel=across, ylabel=up, xlim=(0, 1.02), ylim=(0, 1.02))
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure, label: str) -> str:
    """The figure as an SVG element, the same for the same figure."""
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "onrecord", "svg.fonttype": "none"}):  # the same ids; text as text
        FigureCanvasSVG(figure).print_svg(buffer, metadata=_NOTHING_ABOUT_ITSELF)  # type: ignore[no-untyped-call]
    text = buffer.getvalue()
    return text[text.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
