"""An archive as one JSONL file, for a backup and for moving on.

The first line tells what made the archive; each other an article, by id; the last how many they were
and the SHA-256 of all bytes before it. Vectors are little-endian float32 in base64.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from corpus.article import Article
from qa import rows
from qa.archive import Archive
from qa.connection import Connection
from qa.settings import Settings

EXPORT = 1  # raised whenever the lines change; importing refuses a higher one


def export(archive: Archive, path: str | Path, *, vectors: bool = False) -> int:
    """Writes the archive at its present generation; returns how many articles it has.

    With `vectors` an import needs to encode nothing. The file takes its place only when it is whole.
    Raises OSError where it can't be written.
    """
    place = Path(path)
    new = place.with_name(f"{place.name}.new")
    try:
        with archive.reading() as connection, new.open("wb") as file:
            count = write_lines(connection, archive.settings, file, vectors=vectors)
            file.flush()
            os.fsync(file.fileno())
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)
    return count


def write_lines(connection: Connection, settings: Settings, file: IO[bytes], *, vectors: bool = False) -> int:
    """Writes the lines of what the open transaction sees; returns how many articles there are."""
    digest, count = hashlib.sha256(), 0
    for number, line in enumerate(_lines(connection, settings, vectors=vectors)):
        digest.update(line)
        file.write(line)
        count = number
    file.write(_line({"articles": count, "sha256": digest.hexdigest()}))
    return count


def _lines(connection: Connection, settings: Settings, *, vectors: bool) -> Iterator[bytes]:
    made = {name: getattr(settings, name) for name in Settings.__dataclass_fields__}
    yield _line({"onrecord_export": EXPORT, "vectors": vectors, **made})
    for each in rows.listed(connection):
        article = rows.find_article(connection, each.id)
        if article is not None:
            yield _line(_record(article) | (_split(connection, each.id) if vectors else {}))


def _record(article: Article) -> dict[str, object]:
    facts = {name: getattr(article, name) for name in Article.__dataclass_fields__ if name != "origin"}
    return {**facts, "origin": article.origin.path, "origin_line": article.origin.line}


def _split(connection: Connection, id: str) -> dict[str, object]:
    """What is marked as furniture, and the passages with their vectors."""
    return {
        "furniture": [[mark.start, mark.end, mark.kind] for mark in rows.furniture_of(connection, id)],
        "passages": [
            [
                stored.passage.start,
                stored.passage.end,
                base64.b64encode(stored.vector.astype("<f4").tobytes()).decode("ascii"),
            ]
            for stored in rows.passages_of(connection, id)
        ],
    }


def _line(record: dict[str, object]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n"
