"""The reader that comes with the project, run by onnxruntime."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.article import Span
from corpus.errors import InputError
from qa.hit import Hit
from qa.reader.calibration import Calibration
from qa.reader.reading import PassageReading
from qa.reader.spans import Found, Logits, best_of, sentence_reading, sentence_spans
from qa.reader.windows import PairTokenizer, Window

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = Path(__file__).parent / "model"
NAME = "onrecord-reader"
WEIGHTS_SHA256 = "561098cb46ecdcaf70eda7062fe61bed4225fd972188af4b47bd05f64b9ac822"


class OnnxReader:
    """Reads one window a call: int8 scales are taken over a call, so neighbours would change them.

    Threads may share it.
    """

    def __init__(
        self, session: "InferenceSession", tokenizer: PairTokenizer, calibration: Calibration
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
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
        import onnxruntime  # noqa: PLC0415  (only who asks needs it)

        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others want the cores too
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        tokenizer = PairTokenizer.from_file(folder / "tokenizer.json")
        return cls(session, tokenizer, Calibration.from_file(folder / "calibration.json", found))

    def read(self, question: str, hits: Sequence[Hit]) -> list[PassageReading]:
        """See Reader."""
        return [self._passage(question, hit) for hit in hits]

    def _passage(self, question: str, hit: Hit) -> PassageReading:
        sentences = [Span(each.start - hit.start, each.end - hit.start) for each in hit.passage.sentences]
        best: list[Found | None] = [None] * len(sentences)
        relevance = []
        for window in self._tokenizer.windows(question, hit.article.title, hit.text):
            start, end, relevant = self._logits(window)
            relevance.append(relevant)
            found = sentence_spans(window, start, end, sentences)
            best = [best_of(*pair) for pair in zip(best, found, strict=True)]
        return PassageReading(max(relevance), tuple(sentence_reading(each, hit.start) for each in best))

    def _logits(self, window: Window) -> tuple[Logits, Logits, float]:
        inputs = {
            "ids": np.array([window.ids], dtype=np.int64),
            "kinds": np.array([window.kinds], dtype=np.int64),
        }
        start, end, relevance = self._session.run(["start", "end", "relevance"], inputs)
        return start[0], end[0], float(relevance[0])
