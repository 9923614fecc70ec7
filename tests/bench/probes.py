"""What lists and probes of the vectors' index cost and find: the curve behind index_size and _PROBES."""

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
from made_archive import mixtures, questions, real_archive, real_passages
from measuring import BUILT, Found, Wanted, middle
from searching import REAL

from embeddings.encoder import Vectors
from embeddings.faiss_index import FaissIndex
from embeddings.index_size import PER_LIST, factory_for, lists_for
from qa import Archive
from qa.index_files import VECTORS

_POOL = 101  # candidates that a search asks for
_NEAREST = 10
_SIZES = (5_000, 10_000, 20_000, 50_000, 100_000)
_PROBES = (8, 16, 32, 64, 128, 256)


def measure(wanted: Wanted) -> Iterator[tuple[str, Found]]:
    """Mixed vectors of some sizes, flat and in lists; the real vectors; and the largest archive's index."""
    faiss.omp_set_num_threads(1)
    with real_archive(wanted.real) as archive:
        asked = np.stack([archive.encoder.encode_question(question) for question in questions()])
    real = real_passages(wanted.real)[1]
    for size in _SIZES:
        yield str(size), _compared(mixtures(real, size), asked)
    yield REAL, _compared(real, asked)
    largest = max(wanted.sizes)
    if (BUILT / str(largest) / VECTORS).is_file():
        yield f"{largest} on disk", _on_disk(BUILT / str(largest), asked)


def _compared(vectors: Vectors, asked: Vectors) -> Found:
    """Milliseconds of processor time a question: every vector compared, and in lists by their number."""
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    exact = [flat.search(each[None], _NEAREST)[1][0] for each in asked]
    lists = lists_for(len(vectors))
    index = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    begun = time.process_time()
    index.train(vectors[:: max(1, len(vectors) // (PER_LIST * lists))])
    index.add(vectors)
    built = time.process_time() - begun
    return {
        "chosen": factory_for(len(vectors)),
        "flat_ms": _milliseconds(flat, asked, None),
        "lists": lists,
        "build_cpu_s": round(built, 1),
        "probes": {
            str(probes): {
                "ms": _milliseconds(index, asked, probes),
                "recall": _recall(index, asked, exact, probes),
            }
            for probes in _PROBES
        },
    }


def _milliseconds(index: faiss.Index, asked: Vectors, probes: int | None) -> float:
    found = []
    for each in asked:
        settings = faiss.SearchParametersIVF(nprobe=probes) if probes else faiss.SearchParameters()
        begun = time.process_time()
        index.search(each[None], _POOL, params=settings)
        found.append((time.process_time() - begun) * 1e3)
    return middle(found, 0.5)


def _recall(index: faiss.Index, asked: Vectors, exact: list["np.ndarray"], probes: int) -> float:
    """The share of the exact nearest that are among the candidates, whose scores are then computed exactly."""
    settings = faiss.SearchParametersIVF(nprobe=probes)
    found = [index.search(each[None], _POOL, params=settings)[1][0] for each in asked]
    hits = sum(len(set(some.tolist()) & set(best.tolist())) for some, best in zip(found, exact, strict=True))
    return round(hits / (_NEAREST * len(asked)), 4)


def _on_disk(folder: Path, asked: Vectors) -> Found:
    """The same of an archive's own index, whose exact nearest lie beside it."""
    index = FaissIndex.load(folder / VECTORS)._index
    nearest = json.loads((folder / "truth.json").read_text())["nearest"]["all"]
    with Archive.open(folder) as archive, archive.reading() as connection:
        exact = [np.array([_row(connection, name) for name in names]) for names in nearest]
    return {
        "lists": index.nlist,
        "probes": {
            str(probes): {
                "ms": _milliseconds(index, asked, probes),
                "recall": _recall(index, asked, exact, probes),
            }
            for probes in _PROBES
        },
    }


def _row(connection: sqlite3.Connection, name: str) -> int:
    """The row of a passage by its article's id and its start."""
    (row,) = connection.execute(
        "SELECT p.row FROM passages p JOIN articles a ON p.article = a.row WHERE a.id = ? AND p.start = ?",
        name.split(),
    ).fetchone()
    return int(row)
