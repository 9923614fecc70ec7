"""The report of a run: one HTML file that needs nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from qa.evaluate.names import ABSTENTION, GROUPS, MEASURES
from qa.evaluate.row import Row
from qa.evaluate.statistics import Estimate
from qa.evaluate.summary import Summary
from qa.evaluate.table import described

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem;
color: #1c2430; background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 2rem 0 .3rem }
table { border-collapse: collapse; margin: .5rem 0; width: 100% }
th { font-weight: 600; color: #51606f } td, th { padding: .25rem .8rem .25rem 0; text-align: left;
vertical-align: top; border-bottom: 1px solid #dde3ea; overflow-wrap: anywhere }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.plots { display: flex; flex-wrap: wrap; gap: 1rem } .plots svg { max-width: 100%; height: auto }
.warning { background: #fff6df; padding: .5rem .8rem } p { margin: .3rem 0 } .faint { color: #51606f }
"""
_LISTED = 60  # questions of each list at most
_LONGEST = 300  # characters of a quote or an expected answer shown

Line = Sequence[str]


def report_html(summary: Summary, rows: Sequence[Row]) -> str:
    """The report as one HTML document; nothing in it is loaded from anywhere."""
    title = escape(str(summary.about["set"]))
    parts = [
        f"<h1>{title}</h1>",
        f"<p>{escape(described(summary))}; {escape(str(summary.about['date']))}</p>",
        '<p class="faint">Means with 95 % bootstrap intervals over the questions.</p>',
        *(f'<p class="warning">{escape(warning)}</p>' for warning in summary.warnings),
        *_measures(summary.measures, summary.answerable),
        *_confidence(summary),
        "<h2>How long one question takes</h2>",
        _table(
            ("", "p50, ms", "p95, ms"),
            [(name, f"{of['p50']:,.1f}", f"{of['p95']:,.1f}") for name, of in summary.latency_ms.items()],
            text=1,
        ),
        *_slices(summary),
        *_switched(summary),
        *_failures(rows),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _measures(groups: Mapping[str, Mapping[str, Estimate]], answerable: int) -> Iterable[str]:
    for group, measures in groups.items():
        share = f" of {answerable:,}" if group == "answers" else ""
        yield f"<h2>{escape(GROUPS[group].capitalize())}</h2>"
        yield _table(
            ("", "", "mean", "95 % interval", "questions"),
            [(name, MEASURES[name], *_estimate(of), f"{of.n:,}{share}") for name, of in measures.items()],
            text=2,
        )


def _confidence(summary: Summary) -> Iterable[str]:
    from qa.evaluate.plots import reliability_plot, risk_coverage_plot  # noqa: PLC0415  (slow to import)

    found = summary.abstention
    lines: list[Line] = []
    for field, (name, meaning) in ABSTENTION.items():
        value = getattr(found, field)
        if isinstance(value, Estimate):
            lines.append((name, meaning, *_estimate(value), f"{value.n:,}"))
        elif value is not None:
            lines.append((name, meaning, f"{value:.3f}", "", ""))
    yield "<h2>Confidence: knowing when not to answer</h2>"
    yield _table(("", "", "value", "95 % interval", "questions"), lines, text=2)
    if found.reliability:
        yield '<div class="plots">'
        yield reliability_plot(found.reliability)
        yield risk_coverage_plot(found.risk_coverage)
        yield "</div>"


def _slices(summary: Summary) -> Iterable[str]:
    if summary.slices:
        yield "<h2>By kind of question and article</h2>"
        yield _table(
            ("", "", "questions", "nDCG@10", "sentence@1", "abstained"),
            [
                (
                    each.name,
                    each.value,
                    f"{each.questions:,}",
                    str(each.measures.get("nDCG@10", "–")),
                    str(each.measures.get("sentence@1", "–")),
                    f"{each.abstained:.3f}",
                )
                for each in summary.slices
            ],
            text=2,
        )


def _switched(summary: Summary) -> Iterable[str]:
    if summary.switched:
        yield "<h2>What each part is worth, off and on</h2>"
        yield _table(
            ("part", "kind", "measure", "off", "on", "on minus off", "questions"),
            [
                (
                    each.part,
                    each.kind,
                    each.measure,
                    str(each.off),
                    str(each.on),
                    f"{each.difference.mean:+.3f} [{each.difference.low:+.3f}, {each.difference.high:+.3f}]",
                    f"{each.on.n:,}",
                )
                for each in summary.switched
            ],
            text=3,
        )


def _failures(rows: Sequence[Row]) -> Iterable[str]:
    can = [row for row in rows if row.answerable]
    yield from _list("Answered wrongly", [row for row in can if row.right is False and not row.abstained])
    yield from _list("Abstained from, though the archive answers", [row for row in can if row.abstained])
    answered = [row for row in rows if row.answerable is False and not row.abstained]
    yield from _list("Answered, though the archive doesn’t", answered)


def _list(title: str, rows: Sequence[Row]) -> Iterable[str]:
    if not rows:
        return
    yield f"<h2>{escape(title)}</h2>"
    shown = sorted(rows, key=lambda row: -row.confidence)[:_LISTED]
    most = f", the {len(shown)} most confident" if len(shown) < len(rows) else ""
    yield f'<p class="faint">{len(rows):,} of the questions{most}.</p>'
    yield _table(
        ("question", "expected", "first quote", "confidence"),
        [
            (
                row.question,
                _cut("; ".join(row.expected)) or "–",
                _cut(f"{row.quotes[0]['text']} ({row.quotes[0]['article']})") if row.quotes else "–",
                f"{row.confidence:.2f}",
            )
            for row in shown
        ],
        text=3,
    )


def _estimate(estimate: Estimate) -> tuple[str, str]:
    return f"{estimate.mean:.3f}", f"{estimate.low:.3f} to {estimate.high:.3f}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _table(head: Line, lines: Iterable[Line], *, text: int) -> str:
    """A table whose first `text` columns are words, the others numbers."""

    def row(cells: Line, tag: str) -> str:
        whole = [
            f"<{tag}>{escape(cell)}</{tag}>" if at < text else f'<{tag} class="number">{escape(cell)}</{tag}>'
            for at, cell in enumerate(cells)
        ]
        return f"<tr>{''.join(whole)}</tr>"

    body = "".join(row(line, "td") for line in lines)
    return f"<table><thead>{row(head, 'th')}</thead><tbody>{body}</tbody></table>"
