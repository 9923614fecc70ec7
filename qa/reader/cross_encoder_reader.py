"""Any sentence-transformers CrossEncoder as the reader: it ranks, and marks no short answers."""

from collections.abc import Sequence

import torch
from sentence_transformers import CrossEncoder

from corpus.passages import context_text
from embeddings.sentence_transformer import weights_digest
from qa.hit import Hit
from qa.reader.calibration import Calibration
from qa.reader.reading import PassageReading, SentenceReading


class CrossEncoderReader:
    """Scores the passage, and each of its sentences by itself; one text a call. Threads may share it."""

    def __init__(self, model: CrossEncoder, *, name: str, weights_sha256: str) -> None:
        self._model = model
        self.name = name
        self.weights_sha256 = weights_sha256
        self.calibration = Calibration.none(weights_sha256)

    @classmethod
    def load(cls, name: str, *, local: bool) -> "CrossEncoderReader":
        """The model of that name or in that folder; see `loading.load_reader` for what it raises."""
        model = CrossEncoder(
            name, device="cpu", local_files_only=local, model_kwargs={"use_safetensors": True}
        )
        return cls(model, name=name, weights_sha256=weights_digest(model))

    def read(self, question: str, hits: Sequence[Hit]) -> list[PassageReading]:
        """See Reader."""
        return [
            PassageReading(
                self._score(question, hit.article.title, hit.text),
                tuple(
                    SentenceReading(self._score(question, hit.article.title, span.of(hit.article.text)), None)
                    for span in hit.passage.sentences
                ),
            )
            for hit in hits
        ]

    def _score(self, question: str, title: str | None, text: str) -> float:
        pair = (question, context_text(title, text))
        score = self._model.predict([pair], activation_fn=torch.nn.Identity(), show_progress_bar=False)
        return float(score[0])
