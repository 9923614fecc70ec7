"""Passages a second of our encoder and of sentence-transformers as it comes, in turns."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from made_archive import squad_passages
from measuring import Found, Wanted, middle, timed
from sentence_transformers import SentenceTransformer

from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL, default_model_folder

_ENCODED = 256  # passages
_TURNS = 8
_ASKED = "Who was detained in Oral, and on which of the {} days of protest?"


def measure(_: Wanted) -> Iterator[tuple[str, Found]]:
    """A core each, by processor time; all cores, by the clock; and one question."""
    texts = squad_passages()[0][:_ENCODED]
    library = SentenceTransformer(str(default_model_folder()), device="cpu")
    ours = load_encoder(DEFAULT_MODEL)
    encode = {
        "library": lambda some: library.encode(some, show_progress_bar=False),
        "ours": ours.encode_passages,
    }
    cores = len(os.sched_getaffinity(0))
    for name, used, clock in (("one core", 1, time.process_time), ("all cores", cores, time.perf_counter)):
        torch.set_num_threads(used)
        os.environ["OMP_NUM_THREADS"] = str(used)
        yield name, _rates(encode, texts, clock) | {"variant": ours.passage_variant}
    questions = [_ASKED.format(number) for number in range(60)]
    torch.set_num_threads(1)
    yield (
        "question",
        {
            "ours_ms": timed(ours.encode_question, questions)["cpu_p50_ms"],
            "library_ms": timed(library.encode, questions)["cpu_p50_ms"],
        },
    )


def _rates(
    encode: dict[str, Callable[[Sequence[str]], Any]], texts: Sequence[str], clock: Callable[[], float]
) -> Found:
    """Passages a second by that clock, and the middle of the ratios of the turns."""
    rates: dict[str, list[float]] = {name: [] for name in encode}
    for run in encode.values():
        run(texts[:8])
    for turn in range(_TURNS):
        some = texts[turn::_TURNS]
        for name, run in encode.items():
            begun = clock()
            run(some)
            rates[name].append(len(some) / (clock() - begun))
    ratios = [ours / library for ours, library in zip(rates["ours"], rates["library"], strict=True)]
    return {
        **{f"{name}_per_s": middle(found, 0.5) for name, found in rates.items()},
        "ratio": middle(ratios, 0.5),
        "ratios": [round(ratio, 2) for ratio in sorted(ratios)],
    }
