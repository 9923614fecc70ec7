"""The reader that comes with the project, run by onnxruntime."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.article import Span
from corpus.errors import InputError
from embeddings.cores import usable_cores
from embeddings.onnx_session import open_session
from qa.hit import Hit
from qa.reader.calibration import Calibration
from qa.reader.reading import PassageReading
from qa.reader.spans import Found, Logits, best_of, sentence_reading, sentence_spans
from qa.reader.windows import PairTokenizer, Window

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = Path(__file__).parent / "model"
NAME = "onrecord-reader"
LANGUAGES = ("en", None)  # trained on; None is an article's whose language is not known
_Said = tuple[Logits, Logits, float]  # start and end of each token, and the relevance
WEIGHTS_SHA256 = "561098cb46ecdcaf70eda7062fe61bed4225fd972188af4b47bd05f64b9ac822"


class OnnxReader:
    """Reads one window a call: int8 scales are taken over a call, so neighbours would change them.

    Each core reads windows of its own. Threads may share it.
    """

    def __init__(
        self, session: "InferenceSession", tokenizer: PairTokenizer, calibration: Calibration
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._cores = ThreadPoolExecutor(usable_cores(), "reader")
        self.calibration = calibration
        self.name = NAME
        self.weights_sha256 = WEIGHTS_SHA256

    @classmethod
    def load(cls, folder: Path = MODEL) -> "OnnxReader":
        """The reader in a folder. Raises InputError where its files are not ours."""
        weights = folder / "reader.onnx"
        try:
            content = weights.read_bytes()
        except OSError as error:
            raise InputError(f"{weights}: {error.strerror}; get the project's files again") from None
        found = hashlib.sha256(content).hexdigest()
        if found != WEIGHTS_SHA256:
            raise InputError(
                f"{weights} has SHA-256 {found[:12]}…, expected {WEIGHTS_SHA256[:12]}…; "
                "get the project's files again"
            )
        tokenizer = PairTokenizer.from_file(folder / "tokenizer.json")
        return cls(
            open_session(content), tokenizer, Calibration.from_file(folder / "calibration.json", found)
        )

    def read(self, question: str, hits: Sequence[Hit]) -> list[PassageReading | None]:
        """See Reader. It knows LANGUAGES; the letters of other scripts are all one token to it."""
        windows = [
            list(self._tokenizer.windows(question, hit.article.title, hit.text))
            if hit.article.language in LANGUAGES
            else []
            for hit in hits
        ]
        # Begun longest first, so that no core waits long for the last.
        begun = {
            id(window): self._cores.submit(self._logits, window)
            for window in sorted(chain(*windows), key=lambda each: len(each.ids), reverse=True)
        }
        return [
            _passage_reading(hit, [(window, begun[id(window)].result()) for window in those])
            if those
            else None
            for hit, those in zip(hits, windows, strict=True)
        ]

    def _logits(self, window: Window) -> _Said:
        inputs = {
            "ids": np.array([window.ids], dtype=np.int64),
            "kinds": np.array([window.kinds], dtype=np.int64),
        }
        start, end, relevance = self._session.run(["start", "end", "relevance"], inputs)
        return start[0], end[0], float(relevance[0])


def _passage_reading(hit: Hit, read: Sequence[tuple[Window, _Said]]) -> PassageReading:
    sentences = [Span(each.start - hit.start, each.end - hit.start) for each in hit.passage.sentences]
    best: list[Found | None] = [None] * len(sentences)
    for window, (start, end, _) in read:
        found = sentence_spans(window, start, end, sentences)
        best = [best_of(*pair) for pair in zip(best, found, strict=True)]
    relevance = max(relevant for _, (*_, relevant) in read)
    return PassageReading(relevance, tuple(sentence_reading(each, hit.start) for each in best))
