"""Which language a text is in, by py3langid; unknown where that is not plain."""

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SURE = 0.9  # probability; what it lets through on eight sets is in DECISIONS.md
_LEAST = 40  # letters; less is a name or a heading
_SAMPLE = 1_000  # characters, from the middle: menus stand at the ends
_turn = threading.Lock()


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None where there is too little to be sure."""
    start = max(0, (len(text) - _SAMPLE) // 2)
    sample = text[start : start + _SAMPLE]
    if sum(map(str.isalpha, sample)) < _LEAST:
        return None
    with _turn:
        code, probability = _identifier().classify(sample)
    return str(code) if probability >= _SURE and len(code) == 2 else None


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  (brings numpy along)

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
