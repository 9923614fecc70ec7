"""Positives and hard negatives as the reader will meet them: what our own retriever finds."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer

from corpus.article import Span
from embeddings.encoder import Progress, Vectors
from embeddings.sentence_transformer import default_model_folder
from qa.evaluate.archives import archive_of
from qa.evaluate.matching import holds_answer
from qa.hit import Hit
from qa.retriever import Retriever
from qa.training.training_set import Labelled, TrainingSet

NEGATIVES = 8  # a question, at most
_SEARCHED = 20
_BATCH = 8


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the passage that answers it and passages that don't.

    `answers` are the offsets of people's answers in `passage`; an unanswerable question has no
    passage, only negatives. A negative is the best of its kind that holds none of the answers.
    """

    id: str
    text_id: str
    question: str
    title: str | None
    passage: str | None
    answers: list[tuple[int, int]]
    sentences: list[tuple[int, int]]
    negatives: list[tuple[str | None, str]]

    @classmethod
    def from_line(cls, line: str) -> "Example":
        """An example as `mined` wrote it."""
        return cls(**json.loads(line))


class BatchedEncoder:
    """The default model in batches: several times as fast, near enough to mine with."""

    def __init__(self) -> None:
        self._model = SentenceTransformer(str(default_model_folder()), device="cpu", local_files_only=True)
        self._questions: dict[str, Vectors] = {}
        self.name = "all-MiniLM-L6-v2, batched"
        self.weights_sha256 = "not checked: not for archives that are kept"
        self.passage_variant = self.question_variant = "fp32"
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def foresee(self, questions: Iterable[str]) -> None:
        """Encodes questions that will be asked."""
        texts = list(dict.fromkeys(questions))
        self._questions = dict(zip(texts, self._encoded(texts), strict=True))

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder."""
        vectors = self._encoded(texts)
        if progress is not None:
            progress(len(texts))
        return vectors

    def encode_question(self, text: str) -> Vectors:
        """See Encoder."""
        return self._questions[text] if text in self._questions else self._encoded([text])[0]

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        with torch.autocast("cpu", torch.bfloat16):
            vectors = self._model.encode(
                list(texts), batch_size=_BATCH, normalize_embeddings=True, convert_to_tensor=True
            )
        return torch.nn.functional.normalize(vectors.float(), dim=1).numpy()


def mined(training_set: TrainingSet, encoder: BatchedEncoder, folder: Path) -> Path:
    """Writes the set's examples to `folder`, one a line, and returns the file; done once."""
    file = folder / f"{training_set.name}.examples.jsonl"
    if file.exists():
        return file
    corpus = folder / training_set.name / "corpus.jsonl"
    corpus.parent.mkdir(parents=True, exist_ok=True)
    with corpus.open("w", encoding="utf-8") as lines:
        for text in training_set.texts:
            record = {"_id": text.id, "title": text.title or "", "text": text.text}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    texts = {text.id: text.text for text in training_set.texts}
    new = file.with_suffix(".new")
    encoder.foresee(question.question for question in training_set.questions)
    archive = archive_of(corpus, cache=folder, model=encoder)
    with Retriever(archive) as retriever, new.open("w", encoding="utf-8") as lines:
        for question in training_set.questions:
            hits = retriever.search(question.question, k=_SEARCHED)
            for example in examples(question, texts[question.text_id], hits):
                lines.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
    new.rename(file)
    return file


def examples(question: Labelled, text: str, hits: Sequence[Hit]) -> Iterator[Example]:
    """The examples a question gives: at most one, and none where no passage found holds an answer."""
    answers = [span.of(text) for span in question.answers]
    positive = next((hit for hit in hits if _held(hit, question)), None)
    if question.answers and positive is None:
        return
    negatives = [
        (hit.article.title, hit.text)
        for hit in hits
        if not holds_answer(hit.text, answers) and not _touches(hit, question)
    ]
    spans = _held(positive, question) if positive else []
    start = positive.start if positive else 0
    yield Example(
        id=question.id,
        text_id=question.text_id,
        question=question.question,
        title=positive.article.title if positive else None,
        passage=positive.text if positive else None,
        answers=[(span.start - start, span.end - start) for span in spans],
        sentences=[(s.start - start, s.end - start) for s in positive.passage.sentences] if positive else [],
        negatives=negatives[:NEGATIVES],
    )


def _held(hit: Hit, question: Labelled) -> list[Span]:
    if hit.article.id != question.text_id:
        return []
    return [span for span in question.answers if hit.start <= span.start and span.end <= hit.end]


def _touches(hit: Hit, question: Labelled) -> bool:
    passage = Span(hit.start, hit.end)
    return hit.article.id == question.text_id and any(passage.overlaps(span) for span in question.answers)
