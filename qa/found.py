"""What a search found, with what is needed to read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.hit import Hit
from qa.meaning import Meaning
from qa.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, best first, what the question was taken to mean, and the state of the archive asked."""

    hits: Sequence[Hit]
    meaning: Meaning
    snapshot: Snapshot
