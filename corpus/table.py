"""CSV and TSV: an article a row, the first row naming the columns."""

import csv
import re
from collections.abc import Iterator, Mapping
from typing import IO

from corpus.columns import Columns, check_text_column
from corpus.errors import InputError
from corpus.file import File, opened
from corpus.jsonl import MAX_LINE

# Excel is told the separator so, in a line of its own.
_SEPARATOR_NAMED = re.compile(r"sep=([^\w\s\"]|\t)", re.IGNORECASE)
_SEPARATORS = ",;\t|"


def rows(
    file: File, separator: str | None, *, columns: Columns | None = None
) -> Iterator[tuple[int, Mapping[str, object] | InputError]]:
    """Each row with the number of its last line, as a record.

    `separator` stands between cells; None takes the one the first line has most of. A line `sep=;` before
    it goes first. `columns` is the map by which one of them has to be the text. Memory is bounded by
    MAX_LINE. Raises InputError where none is, or the file is no table from some line on.
    """
    csv.field_size_limit(MAX_LINE)
    with opened(file) as stream:
        lines = _lines(stream)
        top, first = _first(lines)
        if named := _SEPARATOR_NAMED.fullmatch(first.strip("\r\n")):
            separator = named[1]
            top, first = _first(lines)
        if separator is None:
            separator = max(_SEPARATORS, key=first.count)
        try:
            names = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
            _check_names(names)
            if columns is not None:
                check_text_column(list(filter(None, names)), columns)
            reader = csv.reader((line for _, line in lines), delimiter=separator, strict=True)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield top + reader.line_num, _record(names, cells)
        except csv.Error as error:
            if "new-line character" in str(error):
                raise InputError(
                    "a carriage return without a line feed stands in it, as in files of old Macs; "
                    "save it with line feeds, or put the cell that holds one in quotes"
                ) from None
            raise InputError(f"it is no table that can be read ({error}); save it anew") from None


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Each line's number and text."""
    for number, line in enumerate(iter(lambda: stream.readline(MAX_LINE + 1), b""), 1):
        yield number, _decoded(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, number)


def _first(lines: Iterator[tuple[int, str]]) -> tuple[int, str]:
    """The next line that holds something."""
    return next(((number, line) for number, line in lines if line.strip()), (1, ""))


def _record(names: list[str], cells: list[str]) -> Mapping[str, object] | InputError:
    if len(cells) > len(names):
        return InputError(
            f"the row has {len(cells)} cells, the first row {len(names)}; "
            "put cells that hold the separator in quotes"
        )
    return {name: cell for name, cell in zip(names, cells, strict=False) if name}


def _check_names(names: list[str]) -> None:
    if not any(names):
        raise InputError("the file is empty; its first row names the columns")
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise InputError(f"two columns are called {twice[0]!r}; rename one")


def _decoded(line: bytes, number: int) -> str:
    if len(line) > MAX_LINE:
        raise InputError(f"line {number} is longer than {MAX_LINE:,} bytes; split it")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"line {number} is not UTF-8 (byte 0x{line[error.start]:02x}); save the file as UTF-8"
        ) from None
