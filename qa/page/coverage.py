"""What the archive covers, over time and by source, as a plot of bars."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from corpus.dates import interval
from qa.page import texts
from qa.page.markup import isolated
from qa.rows import Listed

SOURCES = 5  # told apart; the others are one colour
_MONTHS = 24  # bars at most; above that a bar is a year, and above _YEARS of those a decade
_YEARS = 60
_LABELS = 8  # bars that are labelled beneath, about


def coverage(articles: Sequence[Listed]) -> str:
    """Bars of articles a month, year or decade, stacked by source; the undated are a line beneath."""
    dated = [each for each in articles if each.published]
    names = [name for name, _ in Counter(each.source for each in articles).most_common()]
    shown = names if len(names) <= SOURCES + 1 else names[:SOURCES]
    bars = _bars([each.published for each in dated if each.published])
    if not bars:
        return ""
    counts: dict[str, Counter[int]] = {bar: Counter() for bar in bars}
    for each in dated:
        place = shown.index(each.source) if each.source in shown else SOURCES
        counts[_bar_of(str(each.published), bars[0])][place] += 1
    most = max(count.total() for count in counts.values())
    every = -(-len(bars) // _LABELS)
    columns = "".join(
        _column(bar, counts[bar], most, labelled=at % every == 0) for at, bar in enumerate(bars)
    )
    undated = len(articles) - len(dated)
    without = f'<p class="facts">{texts.without_date(undated)}</p>' if undated else ""
    summary = texts.COVERAGE_SUMMARY.format(count=len(dated), first=bars[0], last=bars[-1])
    plot = f'<div class="plot" role="img" aria-label="{escape(summary)}">{columns}</div>'
    return f'<figure class="coverage">{plot}{_legend(shown, len(names) > len(shown))}{without}</figure>'


def _bars(published: Sequence[str]) -> list[str]:
    """The bars from the first date to the last, gaps included: `2012-02`, `2012` or `2010s`."""
    if not published:
        return []
    days = [interval(each).first for each in published]
    first, last = min(days), max(days)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < _MONTHS and all(len(each) >= len("2012-02") for each in published):
        at = [divmod(first.year * 12 + first.month - 1 + month, 12) for month in range(months + 1)]
        return [f"{year:04}-{month + 1:02}" for year, month in at]
    if last.year - first.year < _YEARS:
        return [f"{year:04}" for year in range(first.year, last.year + 1)]
    return [f"{decade:03}0s" for decade in range(first.year // 10, last.year // 10 + 1)]


def _bar_of(published: str, like: str) -> str:
    """The bar that a date falls into, of bars that look `like` this one."""
    return f"{published[:3]}0s" if like.endswith("s") else published[: len(like)]


def _column(bar: str, count: "Counter[int]", most: int, *, labelled: bool) -> str:
    parts = "".join(
        f'<i class="s{place}" style="height:{100 * number / most:.2f}%"></i>'
        for place, number in sorted(count.items(), reverse=True)
    )
    label = f"<small>{bar}</small>" if labelled else ""
    return f'<span title="{bar}: {count.total()}"><b>{parts}</b>{label}</span>'


def _legend(names: Sequence[str | None], others: bool) -> str:
    items = [(place, isolated(name) if name else texts.NO_SOURCE) for place, name in enumerate(names)]
    items += [(SOURCES, texts.OTHER_SOURCES)] if others else []
    keys = "".join(f'<li><i class="s{place}"></i>{name}</li>' for place, name in items)
    return f'<ul class="legend">{keys}</ul>'
