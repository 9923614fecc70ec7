"""How many passages hold each token: what idf and lengths are counted from, kept as texts of limited size."""

import base64
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence

from qa.milvus.tokens import LETTERS, NAMES, TEXT_KINDS, Words

_MOST = 60_000  # characters of one text; Milvus takes 65,535 bytes
_AT_ONCE = 8_000  # tokens tried in one text


class TermCounts:
    """Counts of passages, tokens and lengths; those of removed passages are counted off."""

    def __init__(self) -> None:
        self.passages: Counter[str] = Counter()  # by analyser's letter
        self.lengths: Counter[str] = Counter()  # tokens in all, by analyser's letter and T(itle) or not
        self.held: Counter[str] = Counter()  # passages that hold it, by token

    def __len__(self) -> int:
        return self.passages.total()

    @property
    def analysers(self) -> list[str]:
        """The analysers of the passages counted."""
        return sorted(NAMES[letter] for letter, count in self.passages.items() if count > 0)

    def count(self, words: Words, times: int = 1) -> None:
        """Counts a passage in, or off where `times` is -1."""
        letter = LETTERS[words.name]
        self.passages[letter] += times
        self.lengths[letter] += times * words.text
        self.lengths[f"{letter}T"] += times * words.title
        for token in words.times:
            self.held[token] += times

    def add(self, other: "TermCounts") -> None:
        """Counts in what another has counted."""
        for own, more in (
            (self.passages, other.passages),
            (self.lengths, other.lengths),
            (self.held, other.held),
        ):
            for key, count in more.items():  # Counter.update would do; its += drops what is below 0
                own[key] += count

    def mean_length(self, letter: str, *, in_title: bool) -> float:
        """Tokens of a text, or title, of that analyser, over all passages whatever their analyser."""
        return self.lengths[f"{letter}T" if in_title else letter] / max(1, len(self))

    def packed(self) -> list[str]:
        """The counts as texts of limited size, in any order."""
        parts = [_packed({"passages": self.passages, "lengths": self.lengths})]
        known = sorted(token for token, count in self.held.items() if count)
        waiting = [known[at : at + _AT_ONCE] for at in range(0, len(known), _AT_ONCE)]
        while waiting:
            some = waiting.pop()
            text = _packed({"held": {token: self.held[token] for token in some}})
            if len(text) > _MOST and len(some) > 1:
                half = len(some) // 2
                waiting += [some[:half], some[half:]]
            else:
                parts.append(text)
        return parts

    @classmethod
    def unpacked(cls, texts: Iterable[str]) -> "TermCounts":
        """The sum of what was packed. Raises ValueError where a text is damaged."""
        counts = cls()
        for text in texts:
            try:
                found = json.loads(zlib.decompress(base64.b85decode(text)))
                part = cls()
                part.passages.update(found.get("passages", {}))
                part.lengths.update(found.get("lengths", {}))
                part.held.update(found.get("held", {}))
            except (zlib.error, TypeError, AttributeError) as error:
                raise ValueError(f"a text of term counts is damaged: {error}") from None
            counts.add(part)
        return counts

    def differs(self, other: "TermCounts") -> Sequence[str]:
        """What differs: analysers' letters and tokens, in order."""
        pairs = ((self.passages, other.passages), (self.lengths, other.lengths), (self.held, other.held))
        return sorted(key for own, their in pairs for key in {*own, *their} if own[key] != their[key])


def is_of_text(token: str) -> bool:
    """Whether it is a token of a text, not of a title."""
    return token[1] in TEXT_KINDS


def _packed(content: dict[str, dict[str, int]]) -> str:
    return base64.b85encode(zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)).decode()
