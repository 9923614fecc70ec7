"""Any question-answering model of transformers as the reader: its span scores say how sure it is."""

from collections.abc import Sequence

import numpy as np
import torch
from transformers import (
    AutoModelForQuestionAnswering,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from corpus.article import Span
from corpus.passages import context_text
from embeddings.sentence_transformer import weights_digest
from qa.hit import Hit
from qa.reader.calibration import Calibration
from qa.reader.reading import PassageReading
from qa.reader.spans import Found, best_of, sentence_reading, sentence_spans
from qa.reader.windows import QUESTION_TOKENS, STRIDE, Window

_TOKENS = 384  # of a window, where the model has room for so many


class TransformersReader:
    """Reads one window a call. Threads may share it."""

    def __init__(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, *, name: str, weights_sha256: str
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self.name = name
        self.weights_sha256 = weights_sha256
        self.calibration = Calibration.none(weights_sha256)

    @classmethod
    def load(cls, name: str, *, local: bool) -> "TransformersReader":
        """The model of that name or in that folder; see `loading.load_reader` for what it raises."""
        model = AutoModelForQuestionAnswering.from_pretrained(
            name, local_files_only=local, use_safetensors=True
        )
        tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=local, use_fast=True)
        return cls(model.eval(), tokenizer, name=name, weights_sha256=weights_digest(model))

    def read(self, question: str, hits: Sequence[Hit]) -> list[PassageReading]:
        """See Reader. A passage is as relevant as its best span is better than none."""
        return [self._passage(question, hit) for hit in hits]

    def _passage(self, question: str, hit: Hit) -> PassageReading:
        before = len(context_text(hit.article.title, "")) if hit.article.title else 0
        sentences = [Span(each.start - hit.start, each.end - hit.start) for each in hit.passage.sentences]
        best: list[Found | None] = [None] * len(sentences)
        for window, inputs in self._windows(question, context_text(hit.article.title, hit.text), before):
            with torch.inference_mode():
                output = self._model(**inputs)
            start, end = (
                np.asarray(each[0], np.float32) for each in (output.start_logits, output.end_logits)
            )
            best = [
                best_of(*pair)
                for pair in zip(best, sentence_spans(window, start, end, sentences), strict=True)
            ]
        readings = tuple(sentence_reading(found, hit.start) for found in best)
        return PassageReading(max(reading.margin for reading in readings), readings)

    def _windows(
        self, question: str, context: str, before: int
    ) -> list[tuple[Window, dict[str, torch.Tensor]]]:
        """Each window's passage tokens, with offsets in the passage, and what the model takes."""
        asked = self._tokenizer(
            question,
            add_special_tokens=False,
            truncation=True,
            max_length=QUESTION_TOKENS,
            return_offsets_mapping=True,
        )["offset_mapping"]
        most = min(_TOKENS, self._tokenizer.model_max_length)
        room = most - len(asked) - self._tokenizer.num_special_tokens_to_add(pair=True)
        encoded = self._tokenizer(
            question[: asked[-1][1]] if asked else question,
            context,
            truncation="only_second",
            max_length=most,
            stride=min(STRIDE, room // 2),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        found = []
        for number, ids in enumerate(encoded["input_ids"]):
            kinds = encoded.sequence_ids(number)
            offsets = encoded["offset_mapping"][number]
            inside = [at for at, kind in enumerate(kinds) if kind == 1 and offsets[at][0] >= before]
            if not inside:
                continue
            window = Window(
                ids=ids,
                kinds=[],
                first=inside[0],
                offsets=[(offsets[at][0] - before, offsets[at][1] - before) for at in inside],
            )
            inputs = {
                name: torch.tensor([encoded[name][number]])
                for name in self._tokenizer.model_input_names
                if name in encoded
            }
            found.append((window, inputs))
        return found
