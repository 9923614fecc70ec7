"""From rows to means, with intervals, slices and warnings."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from qa.evaluate.abstention import Abstention, measure_abstention
from qa.evaluate.row import Row
from qa.evaluate.running import Rows
from qa.evaluate.statistics import Estimate, mean_of
from qa.evaluate.switching import Switched, switched

GROUPS = ("retrieval", "reranked", "passages", "answers")
_SLICED = {"retrieval": "nDCG@10", "answers": "sentence@1"}
_SLICES: dict[str, Callable[[Row], str | None]] = {
    "kind": lambda row: row.kind,
    "question word": lambda row: row.word,
    "source": lambda row: row.source,
    "year": lambda row: row.year,
    "answerable": lambda row: None if row.answerable is None else "yes" if row.answerable else "no",
}
_MOST_SLICES = 12  # of one name, the most frequent


@dataclass(frozen=True, slots=True)
class Slice:
    """Questions that have something in common, with the measures sliced and the share abstained from."""

    name: str
    value: str
    questions: int
    measures: dict[str, Estimate]
    abstained: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run gave. `about` says what was measured: set, archive, mode, threshold, date.

    `answerable` and `unanswerable` count the questions of which that is known. `switched` tells what
    each part is worth, where the questions were asked without it too. `growth` is how many times as
    long a search takes with variants and dates as without, by the median of the questions timed.
    """

    about: dict[str, Any]
    questions: int
    answerable: int
    unanswerable: int
    measures: dict[str, dict[str, Estimate]]
    abstention: Abstention
    latency_ms: dict[str, dict[str, float]]
    slices: list[Slice]
    warnings: list[str]
    switched: list[Switched]
    growth: float

    def to_dict(self) -> dict[str, Any]:
        """The summary as `summary.json` has it: JSON knows no NaN, so what is not defined is null."""
        return {name: without_nan(value) for name, value in asdict(self).items()}


def summarise(rows: Rows, about: dict[str, Any]) -> Summary:
    """Means over the rows. Raises AssertionError where a quote did not verify: that must not happen."""
    unverified = [row.id for row in rows.rows if not row.quotes_verified]
    if unverified:
        raise AssertionError(f"quotes that don't verify, of the questions {unverified[:5]}")
    return Summary(
        about=about,
        questions=len(rows.rows),
        answerable=sum(row.answerable is True for row in rows.rows),
        unanswerable=sum(row.answerable is False for row in rows.rows),
        measures={group: found for group in GROUPS if (found := means(rows.rows, group))},
        abstention=measure_abstention(
            [row.confidence for row in rows.rows],
            [row.abstained for row in rows.rows],
            [row.answerable for row in rows.rows],
            [row.right for row in rows.rows],
        ),
        latency_ms={"search": _percentiles(rows.search_ms), "ask": _percentiles(rows.ask_ms)},
        slices=_slices(rows.rows),
        warnings=_warnings(rows.rows),
        switched=[each for part, off in rows.without.items() for each in switched(part, off, rows.rows)],
        growth=round(float(np.median(np.divide(rows.search_ms, rows.bare_ms))), 3),
    )


def means(rows: Sequence[Row], group: str) -> dict[str, Estimate]:
    """The mean of every measure of a group, over the rows that have it."""
    values: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for name, value in getattr(row, group).items():
            values[name].append(value)
    return {name: mean for name, found in values.items() if (mean := mean_of(found))}


def _slices(rows: Sequence[Row]) -> list[Slice]:
    found = []
    for name, of in _SLICES.items():
        parts: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            value = of(row)
            if value is not None:
                parts[value].append(row)
        if len(parts) < 2:
            continue
        frequent = sorted(parts, key=lambda value: (-len(parts[value]), value))[:_MOST_SLICES]
        found += [_slice(name, value, parts[value]) for value in sorted(frequent)]
    return found


def _slice(name: str, value: str, rows: Sequence[Row]) -> Slice:
    measures = {
        measure: mean
        for group, measure in _SLICED.items()
        if (mean := mean_of([found[measure] for row in rows if measure in (found := getattr(row, group))]))
    }
    return Slice(name, value, len(rows), measures, sum(row.abstained for row in rows) / len(rows))


def _percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1)}


def _warnings(rows: Sequence[Row]) -> list[str]:
    answerable = [row for row in rows if row.answerable]
    unknown = [row for row in answerable if not row.known]
    unjudged = [row for row in rows if row.answerable is None and not row.retrieval]
    found = []
    if unknown:
        found.append(
            f"of {len(answerable)} answerable questions, {len(unknown)} have no gold words or answer that "
            "occurs in a judged article; the answer measures leave them out "
            f"(the first: {unknown[0].id!r}, {unknown[0].place})"
        )
    if unjudged:
        found.append(
            f"{len(unjudged)} questions have no relevant article and are not marked unanswerable; "
            f"nothing is measured on them (the first: {unjudged[0].id!r}, {unjudged[0].place})"
        )
    return found


def without_nan(value: object) -> object:
    """The value with None in place of each NaN, in dictionaries and lists too."""
    if isinstance(value, dict):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inner) for inner in value]
    return None if isinstance(value, float) and math.isnan(value) else value
