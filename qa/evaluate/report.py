"""The report of a run: one HTML file that needs nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from qa.evaluate.running import Row
from qa.evaluate.statistics import Estimate
from qa.evaluate.summary import Summary

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
color: #1c2430 }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
table { border-collapse: collapse; margin: .5rem 0 } td, th { padding: .25rem .8rem; text-align: left;
border-bottom: 1px solid #dde3ea } td.number { text-align: right; font-variant-numeric: tabular-nums }
.plots { display: flex; flex-wrap: wrap; gap: 1rem } .warning { background: #fff6df; padding: .5rem .8rem }
.wrong td:first-child { border-left: 3px solid #b4452f }
"""
_MISSES = 60  # questions listed whose first quote does not answer


def report_html(summary: Summary, rows: Sequence[Row]) -> str:
    """The report as one HTML document; nothing in it is loaded from anywhere."""
    from qa.evaluate.plots import reliability_plot, risk_coverage_plot  # noqa: PLC0415  (slow to import)

    about = summary.about
    parts = [
        f"<h1>{escape(str(about['set']))}</h1>",
        f"<p>{escape(_described(summary))}</p>",
        *(f'<p class="warning">{escape(warning)}</p>' for warning in summary.warnings),
        "<h2>Measures</h2>",
        _measures(summary.measures),
        "<p>Means with 95 % bootstrap intervals over the questions.</p>",
        "<h2>Confidence</h2>",
        _table(("measure", "value"), abstention_lines(summary)),
        '<div class="plots">',
        reliability_plot(summary.abstention.reliability),
        risk_coverage_plot(summary.abstention.risk_coverage),
        "</div>",
        "<h2>Latency</h2>",
        _table(
            ("", "p50 ms", "p95 ms"),
            [(name, f"{of['p50']:.1f}", f"{of['p95']:.1f}") for name, of in summary.latency_ms.items()],
        ),
        "<h2>Slices</h2>",
        _slices(summary),
        "<h2>Where the first quote does not answer</h2>",
        _misses(rows),
    ]
    title = escape(str(about["set"]))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _described(summary: Summary) -> str:
    about = summary.about
    return (
        f"{summary.questions} questions, {summary.unanswerable} of them without an answer; "
        f"{about['articles']} articles; mode {about['mode']}, threshold {about['threshold']}; {about['date']}"
    )


def abstention_lines(summary: Summary) -> list[tuple[str, str]]:
    """Each measure of confidence that the questions allow, with its value as text."""
    found = summary.abstention
    named: list[tuple[str, Estimate | float | None]] = [
        ("AUROC, answerable or not", found.auroc),
        ("of the answerable, abstained from", found.answerable_lost),
        ("of the unanswerable, abstained from (recall)", found.recall),
        ("of those abstained from, unanswerable (precision)", found.precision),
        ("area under risk and coverage (lower is better)", found.risk_coverage_area),
        ("calibration error, 15 bins", found.calibration_error),
        ("Brier skill", found.brier_skill),
    ]
    return [
        (name, str(value) if isinstance(value, Estimate) else f"{value:.3f}")
        for name, value in named
        if value is not None
    ]


def _measures(groups: Mapping[str, Mapping[str, Estimate]]) -> str:
    return _table(
        ("", "measure", "mean", "questions"),
        [
            (group, name, str(estimate), str(estimate.n))
            for group, measures in groups.items()
            for name, estimate in measures.items()
        ],
    )


def _slices(summary: Summary) -> str:
    return _table(
        ("", "", "questions", "nDCG@10", "sentence@1", "abstained"),
        [
            (
                each.name,
                each.value,
                str(each.questions),
                str(each.measures.get("nDCG@10", "–")),
                str(each.measures.get("sentence@1", "–")),
                f"{each.abstained:.3f}",
            )
            for each in summary.slices
        ],
    )


def _misses(rows: Sequence[Row]) -> str:
    missed = [row for row in rows if row.answerable and row.right is False]
    listed = _table(
        ("question", "confidence", "nDCG@10"),
        [
            (row.question, f"{row.confidence:.2f}", f"{row.retrieval.get('nDCG@10', 0):.2f}")
            for row in missed[:_MISSES]
        ],
    )
    return f"<p>{len(missed)} questions, the first {min(len(missed), _MISSES)} of them:</p>{listed}"


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
