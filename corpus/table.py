"""CSV and TSV: an article a row, the first row naming the columns."""

import csv
from collections.abc import Iterator, Mapping

from corpus.errors import InputError
from corpus.file import File, opened
from corpus.jsonl import MAX_LINE

_SEPARATORS = ",;\t|"


def rows(file: File, separator: str | None) -> Iterator[tuple[int, Mapping[str, object] | InputError]]:
    """Each row with the number of its last line, as a record of the columns that hold something.

    `separator` stands between cells; None takes the one the first line has most of. Memory is bounded
    by MAX_LINE. Raises InputError where the file is no table from some line on.
    """
    csv.field_size_limit(MAX_LINE)
    with opened(file) as stream:
        first = _decoded(stream.readline(MAX_LINE + 1).removeprefix(b"\xef\xbb\xbf"), 1)
        if separator is None:
            separator = max(_SEPARATORS, key=first.count)
        try:
            columns = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
            _check_columns(columns)
            lines = (
                _decoded(line, at)
                for at, line in enumerate(iter(lambda: stream.readline(MAX_LINE + 1), b""), 2)
            )
            reader = csv.reader(lines, delimiter=separator, strict=True)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num + 1, _record(columns, cells)
        except csv.Error as error:
            raise InputError(f"it is no table that can be read ({error}); save it anew") from None


def _record(columns: list[str], cells: list[str]) -> Mapping[str, object] | InputError:
    if len(cells) > len(columns):
        return InputError(
            f"the row has {len(cells)} cells, the first row {len(columns)}; "
            "put cells that hold the separator in quotes"
        )
    return {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell.strip()}


def _check_columns(columns: list[str]) -> None:
    if not any(columns):
        raise InputError("the file is empty; its first row names the columns")
    twice = [name for name in columns if name and columns.count(name) > 1]
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
