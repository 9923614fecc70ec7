"""The parts of an answer that can be left out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts an answer has. Its JSON keeps the keys of those left out, empty."""

    reprints: bool = True
    voices: bool = True
    differences: bool = True
    follow_ups: bool = True


ALL = Parts()
