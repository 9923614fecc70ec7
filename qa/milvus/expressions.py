"""Filters as Milvus reads them: checked before the search, on the facts of a passage's article."""

from collections.abc import Iterable, Iterator, Sequence

from qa.filters import Limits
from qa.milvus.bringing_up import stored_source
from qa.milvus.schema import FIRST_DAY, LAST_DAY, ROW, SOURCE

_NAMED = 5_000  # rows named in one expression
EVERYTHING = ""


def expression(limits: Limits | None) -> str:
    """Of the limits on sources and on the days of articles; limits on mentioned days are left to rows."""
    if limits is None:
        return EVERYTHING
    parts = []
    if limits.sources:
        parts.append(f"{SOURCE} in [{', '.join(_quoted(stored_source(each)) for each in limits.sources)}]")
    if not limits.events:
        if limits.since is not None:
            parts.append(f"{LAST_DAY} >= {limits.since.toordinal()}")  # an undated one has day 0
        if limits.until is not None:
            parts.append(f"{FIRST_DAY} > 0 and {FIRST_DAY} <= {limits.until.toordinal()}")
    return " and ".join(parts)


def of_rows(rows: Sequence[int]) -> Iterator[str]:
    """Expressions that name the rows, some thousand at a time."""
    for at in range(0, len(rows), _NAMED):
        yield f"{ROW} in [{_listed(rows[at : at + _NAMED])}]"


def _listed(rows: Iterable[int]) -> str:
    return ", ".join(str(int(row)) for row in rows)


def _quoted(text: str) -> str:
    """A string as both engines' expressions have it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for character, name in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(character, name)
    return f'"{escaped}"'
