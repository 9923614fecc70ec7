"""Which columns of a table, or fields of a JSONL record, hold an article's text and facts."""

from collections.abc import Mapping, Sequence

from corpus.article import Facts
from corpus.errors import InputError

NAMES = ("text", *Facts.__dataclass_fields__)
_ALSO = {
    "id": "_id",
    "published": "date",
    "author": "authors",
}  # BEIR's names, which would go first or fill in
_SHOWN = 40  # characters of a name
_KNOWN = frozenset((*NAMES, *_ALSO.values()))
Columns = Mapping[str, str]


def read_columns(named: Sequence[str]) -> Columns:
    """The map written as `text=body`, one a fact. Raises InputError where one is not of that form."""
    columns: dict[str, str] = {}
    for each in named:
        fact, equals, column = each.partition("=")
        if fact not in NAMES or not equals or not column:
            raise InputError(
                f"{each[:80]!r} is no column; write FACT=COLUMN, where FACT is one of {', '.join(NAMES)}"
            )
        if fact in columns:
            raise InputError(f"{fact!r} is given two columns, {columns[fact]!r} and {column!r}")
        columns[fact] = column
    return columns


def any_case(record: Mapping[str, object]) -> dict[str, object]:
    """The record with the names it has in other letters, as `Title`, also in small ones."""
    small = {name.casefold(): value for name, value in record.items() if name.casefold() in _KNOWN}
    return {**small, **record}


def check_text_column(names: Sequence[str], columns: Columns) -> None:
    """Raises InputError where none of a table's columns is the text."""
    text = columns.get("text", "text")
    if text not in any_case(dict.fromkeys(names)):
        raise InputError(
            f"no column is called {text!r}, only {_listed(names)}; name the one, --column text=NAME"
        )


def renamed(record: Mapping[str, object], columns: Columns) -> dict[str, object]:
    """The record with its facts under their own names. Raises InputError where it has no such text column."""
    found = dict(record)
    for fact, column in columns.items():
        if fact in _ALSO:
            found.pop(_ALSO[fact], None)
        found[fact] = record.get(column)
    if "text" in columns and columns["text"] not in record:
        raise InputError(f"no {columns['text']!r} there to be the text, only {_listed(list(record))}")
    return found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name[:_SHOWN]) for name in names[:12])
