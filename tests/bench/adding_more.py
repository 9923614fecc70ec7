"""What an add costs beside encoding, in archives of every size: a copy of each takes in further articles."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from made_archive import questions
from measuring import BUILT, Found, Wanted
from searching import made

from embeddings.encoder import Progress, Vectors
from qa import Archive, Retriever, database
from qa.settings import Settings

_ARTICLES = 200  # added at once
_PARAGRAPHS = 8  # of each, 60 words each


def measure(wanted: Wanted) -> Iterator[tuple[str, Found]]:
    """A row for each size."""
    for size in wanted.sizes:
        with tempfile.TemporaryDirectory(dir=BUILT) as scratch:
            folder = Path(scratch) / "archive"
            _copy(made(size, wanted.real), folder)
            articles = Path(scratch) / "more.jsonl"
            _write(articles)
            yield str(size), _added(folder, articles)


def _added(folder: Path, articles: Path) -> Found:
    """Processor time of an add with vectors that cost nothing; and of the first search after it."""
    with Archive.open(folder) as archive:
        settings = archive.settings
    with Archive.open(folder, encoder=_Nothing(settings)) as archive:
        told: list[int] = []
        begun, used = time.perf_counter(), time.process_time()
        archive.add(articles, progress=told.append)
        clock, busy = time.perf_counter() - begun, time.process_time() - used
    used = time.process_time()
    with Retriever.open(folder) as retriever:
        retriever.search(questions()[0])
    return {
        "passages": sum(told),
        "s": round(clock, 2),
        "cpu_s": round(busy, 2),
        "cpu_ms_a_passage": round(busy * 1e3 / sum(told), 2),
        "first_search_cpu_s": round(time.process_time() - used, 2),
    }


class _Nothing:
    """See Encoder: the one of an archive as far as its settings tell; its vectors are drawn."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.encoder
        self.weights_sha256 = settings.weights_sha256
        self.passage_variant = settings.passage_variant
        self.question_variant = settings.question_variant
        self.dimension = settings.dimension
        self._random = np.random.default_rng(5)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder."""
        drawn = self._random.standard_normal((len(texts), self.dimension), dtype=np.float32)
        if progress is not None:
            progress(len(texts))
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def encode_question(self, text: str) -> Vectors:
        """See Encoder."""
        return self.encode_passages([text])[0]


def _write(file: Path) -> None:
    """Articles whose words come from the questions: none is in the archive yet."""
    words = " ".join(questions()).replace("?", "").split()
    random = np.random.default_rng(11)
    with file.open("w", encoding="utf-8") as written:
        for number in range(_ARTICLES):
            text = "\n\n".join(
                " ".join(random.choice(words, 60)).capitalize() + "." for _ in range(_PARAGRAPHS)
            )
            written.write(
                json.dumps({"_id": f"more-{number}", "title": f"More {number}", "text": text}) + "\n"
            )


def _copy(source: Path, folder: Path) -> None:
    """The database is written to in place; the other files are replaced whole, and may be shared."""
    shutil.copytree(source, folder, copy_function=os.link)
    (folder / database.NAME).unlink()
    shutil.copyfile(source / database.NAME, folder / database.NAME)
