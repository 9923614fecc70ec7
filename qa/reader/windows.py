"""What the reader is given: question and passage as tokens, a long passage in several windows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QUESTION_TOKENS = 64  # at most; what is longer is cut
TITLE_TOKENS = 32
TOKENS = 320  # of a window, at most
STRIDE = 96  # tokens that a window shares with the one before: the longest answer it can't lose


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens of one reading: [CLS] question [SEP] title. passage [SEP].

    `kinds` is 0 up to the first [SEP], then 1. The passage's tokens begin at `first`; `offsets` has
    the characters of each in the passage, half-open.
    """

    ids: list[int]
    kinds: list[int]
    first: int
    offsets: list[tuple[int, int]]


class PairTokenizer:
    """Turns questions and passages into windows. Threads may share it."""

    def __init__(self, tokenizer: "Tokenizer") -> None:
        self._tokenizer = tokenizer
        self._begin: int = tokenizer.encode("").ids[0]
        self._end: int = tokenizer.encode("").ids[-1]

    @classmethod
    def from_file(cls, file: Path) -> "PairTokenizer":
        """The tokenizer of a `tokenizer.json`; what it says of cutting and padding is put aside."""
        from tokenizers import Tokenizer  # noqa: PLC0415  (only who asks needs it)

        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(tokenizer)

    def windows(self, question: str, title: str | None, passage: str) -> Iterator[Window]:
        """The windows of a passage, in order; nearly always one."""
        asked = self._ids(question)[:QUESTION_TOKENS]
        before = self._ids(f"{title}.")[:TITLE_TOKENS] if title else []
        encoding = self._tokenizer.encode(passage, add_special_tokens=False)
        head = [self._begin, *asked, self._end, *before]
        room = TOKENS - len(head) - 1
        start = 0
        while True:
            ids = encoding.ids[start : start + room]
            yield Window(
                ids=[*head, *ids, self._end],
                kinds=[0] * (len(asked) + 2) + [1] * (len(before) + len(ids) + 1),
                first=len(head),
                offsets=encoding.offsets[start : start + room],
            )
            if start + room >= len(encoding.ids):
                return
            start += room - STRIDE

    def words(self, ids: list[int]) -> list[str]:
        """The word pieces of some ids, for who wants to look."""
        return [str(self._tokenizer.id_to_token(id)) for id in ids]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids
