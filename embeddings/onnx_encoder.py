"""An exported model, run by onnxruntime: neither torch nor sentence-transformers is imported."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.cores import usable_cores
from embeddings.encoder import Progress, Vectors
from embeddings.exported import TOKENIZER, Exported, graph_file
from embeddings.onnx_session import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


class OnnxEncoder:
    """Encodes one sequence a call: in int8, scales of activations are taken over a call.

    So a vector is bit for bit the same alone, in a batch or beside a long text. Several texts run
    in as many threads as there are cores (`$OMP_NUM_THREADS`, where it is set), each call in one.
    Threads may share it. A graph is opened when it is first needed.
    """

    def __init__(
        self,
        folder: Path,
        exported: Exported,
        tokenizer: "Tokenizer",
        *,
        passages: str,
        questions: str,
        on_gpu: bool = False,
    ) -> None:
        self.folder = folder
        self.name = exported.name
        self.weights_sha256 = exported.weights_sha256
        self.dimension = exported.dimension
        self.passage_variant = passages
        self.question_variant = questions
        self._exported = exported
        self._tokenizer = tokenizer
        self._on_gpu = on_gpu
        self._sessions: dict[str, InferenceSession] = {}
        self._turn = threading.Lock()

    @classmethod
    def load(cls, folder: Path, *, passages: str, questions: str, on_gpu: bool = False) -> "OnnxEncoder":
        """The export in a folder, its graphs for passages and for questions `fp32`, `int8-rows` or `int8`.

        Raises NotExported where it is not whole, NoGpu where it is to run on one that can't be used.
        """
        from tokenizers import Tokenizer  # noqa: PLC0415  (only an encoder needs it)

        exported = Exported.read(folder)
        tokenizer = Tokenizer.from_str(exported.content(folder, TOKENIZER).decode("utf-8"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(exported.most_tokens)
        encoder = cls(folder, exported, tokenizer, passages=passages, questions=questions, on_gpu=on_gpu)
        encoder._session(questions)  # a damaged file is told here
        return encoder

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        session = self._session(self.passage_variant)
        prompt = self._exported.passage_prompt
        with ThreadPoolExecutor(usable_cores()) as pool:
            for row, vector in enumerate(pool.map(lambda text: self._vector(session, prompt + text), texts)):
                vectors[row] = vector
                if progress is not None:
                    progress(1)
        return vectors

    def encode_question(self, text: str) -> Vectors:
        """See Encoder."""
        return self._vector(self._session(self.question_variant), self._exported.question_prompt + text)

    def _vector(self, session: "InferenceSession", text: str) -> Vectors:
        ids = self._tokenizer.encode(text).ids
        (found,) = session.run(None, {"ids": np.array([ids], dtype=np.int64)})
        vector: Vectors = found[0]
        norm = float(np.linalg.norm(vector))
        return vector / np.float32(norm) if norm > 0 else vector

    def _session(self, variant: str) -> "InferenceSession":
        with self._turn:
            if variant not in self._sessions:
                self._sessions[variant] = open_session(
                    self._exported.content(self.folder, graph_file(variant)), on_gpu=self._on_gpu
                )
            return self._sessions[variant]
