"""What an answer has beyond the question's own words and the archive's: each can be left out."""

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts there are. The JSON of an answer keeps the keys of those left out, empty.

    `variants` are other spellings and forms of the question's names, save those in `without`, whatever
    their case; `dates` the days it mentions. Searching knows these, asking all.
    """

    variants: bool = True
    dates: bool = True
    reprints: bool = True
    voices: bool = True
    differences: bool = True
    follow_ups: bool = True
    without: tuple[str, ...] = ()

    def less(self, *names: str) -> "Parts":
        """The same without the parts of those names."""
        switched_off: dict[str, Any] = dict.fromkeys(names, False)
        return replace(self, **switched_off)


MAX_QUOTES = 5  # of an answer, where no number is given
NAMES = ("variants", "dates", "reprints", "voices", "differences", "follow_ups")
ALL = Parts()
NONE = ALL.less(*NAMES)
