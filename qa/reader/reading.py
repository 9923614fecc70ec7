"""What a reader makes of passages, and the seam that any reader fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.article import Span
from qa.hit import Hit
from qa.reader.calibration import Calibration


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """One sentence of a passage: how much better its best span is than none, in logits, and that span.

    `span` has offsets in the article; None where the reader marks no short answers.
    """

    margin: float
    span: Span | None


@dataclass(frozen=True, slots=True)
class PassageReading:
    """How well a passage answers, in logits, and each of its sentences in order."""

    relevance: float
    sentences: tuple[SentenceReading, ...]


class Reader(Protocol):
    """Reads passages with a question in mind. What it makes of one never depends on the others."""

    @property
    def name(self) -> str:
        """The model's name or folder."""

    @property
    def weights_sha256(self) -> str:
        """Hex SHA-256 that changes when the weights do."""

    @property
    def calibration(self) -> Calibration:
        """What its logits are worth."""

    def read(self, question: str, hits: Sequence[Hit]) -> Sequence[PassageReading | None]:
        """A reading for each passage, in their order; None of one in a language it does not know."""
