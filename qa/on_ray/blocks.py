"""Blocks of texts, the workers that encode them, and what workers tell."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from embeddings.encoder import Vectors


@dataclass(slots=True, eq=False)
class Block:
    """Texts that one worker encodes in one go."""

    order: tuple[int, ...]  # of blocks that wait, the least goes first
    texts: list[str]
    tries: int = 0  # that failed
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker has loaded the encoder."""

    worker: int
    spools: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A worker has encoded a block, and kept it in a file where it could."""

    worker: int
    block: Block
    vectors: Vectors
    file: Path | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A worker's encoder could not encode a block; the worker lives."""

    worker: int
    block: Block
    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A worker is gone. Told once of each."""

    worker: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """A worker could not load the encoder, and is gone."""

    worker: int
    reason: str


Told = Ready | Done | Refused | Lost | Unfit


class Workers(Protocol):
    """Workers by number."""

    @property
    def wanted(self) -> int:
        """How many are worth having."""

    def start(self) -> int:
        """Begins to start one; it tells that it is Ready, or Lost or Unfit."""

    def give(self, worker: int, block: Block, *, keep: bool) -> None:
        """Gives it a block; blocks are encoded in the order they are given."""

    def wait(self, seconds: float) -> list[Told]:
        """What they tell, as soon as there is anything."""

    def lacking(self) -> str:
        """Why none might have come up, for a message."""
