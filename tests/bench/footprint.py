"""What an archive takes, by its size: bytes of each file, processor time to make what is derived, memory, search.

    .venv/bin/python tests/bench/footprint.py                        5,000, 50,000 and 200,000 passages: ten minutes of a core
    .venv/bin/python tests/bench/footprint.py --sizes 5000

Rows are written to footprint.json beside this file, for capacity.py to compute from. Archives of a given size
are made of squad2-half's vectors, mixed, and of its words; the row `real` is squad2-half itself.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from made_archive import make, questions, squad_archive, squad_passages
from measuring import BUILT, Found, machine
from quality import commit
from searching import asked

from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa import Archive, derived_files, index_files

FOUND = Path(__file__).with_name("footprint.json")
SIZES = (5_000, 50_000, 200_000)
_PARTS = {  # files and folders of an archive
    "database": ("archive.db", "archive.db-wal", "archive.db-shm"),
    "vectors": ("vectors.faiss",),
    "words": ("lexical",),
    "mentions": ("mentions.db",),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the sizes that are named."""
    parser = argparse.ArgumentParser(description="Measure what archives take.")
    parser.add_argument("--sizes", metavar="N,M", default=",".join(map(str, SIZES)), help="passages")
    options = parser.parse_args(arguments)
    found: Found = json.loads(FOUND.read_text()) if FOUND.is_file() else {}
    texts, vectors = squad_passages()
    with squad_archive() as archive:
        rows = {"real": _stored(archive, len(texts)) | {"terms": _terms(texts)}}
    for size in map(int, filter(None, options.sizes.split(","))):
        folder = BUILT / f"squad-{size}"
        if not (folder / "truth.json").is_file():
            make(folder, size, texts, vectors, questions(), load_encoder(DEFAULT_MODEL))
        with Archive.open(folder) as archive:
            derived = _derived(archive)
            rows[str(size)] = _stored(archive, size) | {"derived_cpu_s": derived}
        rows[str(size)] |= asked(folder)
        sys.stderr.write(f"{size}: {json.dumps(rows[str(size)])[:200]}\n")
    about = {"date": datetime.now(UTC).strftime("%Y-%m-%d"), "commit": commit(), "machine": machine()}
    found |= {name: row | about for name, row in rows.items()}
    FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def _derived(archive: Archive) -> Found:
    """Seconds of processor time to make each of the derived files anew."""
    spent = {}
    for name in index_files.NAMES:
        used = time.process_time()
        with archive.writing("measure") as connection:
            derived_files.write(connection, archive.path, archive.settings, (name,))
        spent[name] = round(time.process_time() - used, 2)
    (archive.path / "mentions.db").unlink(missing_ok=True)
    used = time.process_time()
    archive.mentions().close()
    return spent | {"mentions": round(time.process_time() - used, 2)}


def _stored(archive: Archive, passages: int) -> Found:
    """Bytes on disk a passage, by part; and characters of text a passage."""
    with archive.reading() as connection:
        (characters,) = connection.execute("SELECT sum(length(text)) FROM articles").fetchone()
    sizes = {
        part: round(sum(_size(archive.path / name) for name in names) / passages, 1)
        for part, names in _PARTS.items()
    }
    return {"passages": passages, "characters": round(characters / passages, 1), "bytes": sizes}


def _terms(texts: Sequence[str]) -> float:
    """Distinct words of a passage."""
    return round(sum(len(set(re.findall(r"\w+", text.lower()))) for text in texts) / len(texts), 1)


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return path.stat().st_size if path.is_file() else 0


if __name__ == "__main__":
    sys.exit(main())
