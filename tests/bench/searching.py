"""Searching and asking in archives of every size, each in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from made_archive import NEAREST, make, questions, real_archive, real_passages
from measuring import BUILT, Found, Wanted

from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa import Archive
from qa.rows import all_passages

REAL = "real"  # the row of real news


def measure(wanted: Wanted) -> Iterator[tuple[str, Found]]:
    """A row for each size, and one for the archive of real news."""
    yield REAL, asked(*real(wanted.real))
    for size in wanted.sizes:
        yield str(size), asked(made(size, wanted.real))


def made(size: int, archive: Path | None = None) -> Path:
    """The archive of so many passages, made the first time from real ones."""
    folder = BUILT / str(size)
    if not (folder / "truth.json").is_file():
        texts, vectors = real_passages(archive)
        make(folder, size, texts, vectors, questions(), load_encoder(DEFAULT_MODEL))
    with Archive.open(folder) as opened:
        opened.mend_derived()
        opened.mentions().close()
    return folder


def real(named: Path | None) -> tuple[Path, Path]:
    """The archive of real news, and a file with its questions' exact nearest passages."""
    truth = BUILT / "real.json"
    with real_archive(named) as archive:
        if not truth.is_file():
            with archive.reading() as connection:
                found = [(f"{id} {start}", vector) for _, id, start, _, _, vector in all_passages(connection)]
            asked = [archive.encoder.encode_question(question) for question in questions()]
            names, vectors = [name for name, _ in found], np.stack([vector for _, vector in found])
            nearest = [_nearest(names, vectors @ vector) for vector in asked]
            BUILT.mkdir(parents=True, exist_ok=True)
            truth.write_text(json.dumps({"questions": questions(), "nearest": {"all": nearest}}))
        archive.mend_derived()
        archive.mentions().close()
        return archive.path, truth


def _nearest(names: Sequence[str], scores: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> list[str]:
    return [names[at] for at in np.argsort(-scores, kind="stable")[:NEAREST]]


def asked(folder: Path, truth: Path | None = None) -> Found:
    """What asked.py prints of an archive."""
    script = Path(__file__).with_name("asked.py")
    done = subprocess.run(
        [sys.executable, str(script), str(folder), str(truth or folder / "truth.json")],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: Found = json.loads(done.stdout)
    return found
