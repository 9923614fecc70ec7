"""Whether the parts of an answer that a browser kept have their form; what is amiss is not shown."""

from collections.abc import Callable
from typing import Any

_FACTS = ("id", "title", "source", "published")
_LABELS = ("figures differ", "different occasions")


def are_parts(answer: dict[str, Any]) -> bool:
    """Whether the parts of an answer are as `ask --json` has them, or absent."""
    quotes = answer["quotes"]

    def is_value(value: object) -> bool:
        return (
            isinstance(value, dict)
            and type(value.get("n")) is int
            and 1 <= value["n"] <= len(quotes)
            and isinstance(value.get("text"), str)
        )

    def is_difference(found: object) -> bool:
        return (
            isinstance(found, dict) and found.get("label") in _LABELS and _are(found.get("values"), is_value)
        )

    def is_agreement(found: object) -> bool:
        return (
            isinstance(found, dict)
            and type(found.get("independent_sources")) is int
            and _are(found.get("values"), is_value)
        )

    return (
        all(
            _is_voice(quote.get("voice")) and _are(quote.get("reprints", []), _is_reprint) for quote in quotes
        )
        and _are(answer.get("differences", []), is_difference)
        and _are(answer.get("agreements", []), is_agreement)
        and isinstance(answer.get("searched", ""), str)
        and _is_follow_up(answer.get("follow_up"), answer)
    )


def _are(values: object, is_one: Callable[[object], bool]) -> bool:
    return isinstance(values, list) and all(map(is_one, values))


def _is_voice(voice: object) -> bool:
    if voice is None:
        return True
    if not isinstance(voice, dict) or voice.get("kind") not in ("direct", "reported", "own"):
        return False
    speaker = voice.get("speaker")
    return speaker is None or (isinstance(speaker, dict) and isinstance(speaker.get("text"), str))


def _is_reprint(reprint: object) -> bool:
    article = reprint.get("article") if isinstance(reprint, dict) else None
    return isinstance(article, dict) and all(
        fact in article and (article[fact] is None or isinstance(article[fact], str)) for fact in _FACTS
    )


def _is_follow_up(leaning: object, answer: dict[str, Any]) -> bool:
    if leaning is None:
        return True
    return (
        isinstance(leaning, dict)
        and isinstance(leaning.get("question"), str)
        and "searched" in answer
        and all(_are(leaning.get(name), _is_piece) for name in ("carried", "dropped"))
    )


def _is_piece(piece: object) -> bool:
    return isinstance(piece, dict) and isinstance(piece.get("text"), str)
