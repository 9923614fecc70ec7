"""What the page remembers of a question: its answer as JSON, which the visitor's browser keeps.

What comes back from a browser is not trusted: a record is read only where its form is sound, its
words are escaped wherever they are shown, and they count as the archive's only once verified.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from qa.page.chosen import Chosen
from qa.page.parts_form import are_parts
from qa.verify import ALTERED, CHANGED, OK, REMOVED

KEPT = 20  # records that a browser keeps
_STATUSES = {OK, ALTERED, CHANGED, REMOVED}
_DATE = ("asked", "first", "last")
_FACTS = ("title", "source", "author", "published", "url")


@dataclass(frozen=True, slots=True)
class Record:
    """One question and its answer.

    `number` sets it apart from all others that its browser keeps, and grows with time, whichever tab
    asks. `answer` is the JSON document of `ask --json`; `briefs` are the ids of its articles that are
    sample briefs; `undated` counts the articles that the filters left out for want of a date;
    `standing` has one status of qa.verify a quote or, of an abstention, a related passage.
    `before` is the number of the record that stood above it, None where none did; `after` are the
    questions that this one may lean on; `chosen_before` tells that its filters are those of that record.
    """

    number: int
    answer: Mapping[str, Any]
    chosen: Chosen
    briefs: tuple[str, ...]
    undated: int
    standing: tuple[str, ...]
    before: int | None = None
    after: tuple[str, ...] = ()
    chosen_before: bool = False

    @property
    def question(self) -> str:
        """The question, as it was asked."""
        return str(self.answer["question"])

    @property
    def whole(self) -> str:
        """The question with what it took over from those before it."""
        leaning = self.answer.get("follow_up")
        return str(leaning["question"]) if leaning else self.question

    @property
    def searched(self) -> str:
        """What was searched, in the visitor's own words."""
        return str(self.answer.get("searched", self.question))

    @property
    def carried(self) -> tuple[str, ...]:
        """The pieces that it took over from the question before."""
        leaning = self.answer.get("follow_up")
        return tuple(str(piece["text"]) for piece in leaning["carried"]) if leaning else ()

    @property
    def dropped(self) -> tuple[str, ...]:
        """The pieces that it would have taken over, had they not been dropped."""
        leaning = self.answer.get("follow_up")
        return tuple(str(piece["text"]) for piece in leaning["dropped"]) if leaning else ()

    @property
    def quotes(self) -> Sequence[Mapping[str, Any]]:
        """The answer's quotes, in order; none where it abstains."""
        found: Sequence[Mapping[str, Any]] = self.answer["quotes"]
        return found

    @property
    def shown(self) -> Sequence[Mapping[str, Any]]:
        """What is shown of the archive: the quotes, or of an abstention the passages near the question."""
        found: Sequence[Mapping[str, Any]] = self.answer["quotes"] or self.answer["related"]
        return found

    @property
    def variants(self) -> Mapping[str, list[str]]:
        """The names of the question with all the spellings and forms that were searched for."""
        found: Mapping[str, list[str]] = self.answer.get("variants", {})
        return found

    @property
    def dates(self) -> Sequence[Mapping[str, str]]:
        """The dates of the question with the first and last day each was taken for."""
        found: Sequence[Mapping[str, str]] = self.answer.get("dates", [])
        return found

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON keeps it."""
        return {
            "number": self.number,
            "answer": dict(self.answer),
            "chosen": self.chosen.to_dict(),
            "briefs": list(self.briefs),
            "undated": self.undated,
            "standing": list(self.standing),
            "before": self.before,
            "after": list(self.after),
            "chosen_before": self.chosen_before,
        }


def to_json(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The last records, as the browser keeps them."""
    return [record.to_dict() for record in records[-KEPT:]]


def read_records(kept: object) -> tuple[Record, ...]:
    """The records that a browser kept, in the order of their conversations.

    Two tabs that went on from one record make two conversations: each stays together, the one that
    went on first comes first. What is not in a record's form is left out.
    """
    found = [_read(each) for each in kept[-KEPT:]] if isinstance(kept, list) else []
    by_number = {record.number: record for record in found if record is not None}
    following: dict[int | None, list[int]] = {}
    for number in sorted(by_number, reverse=True):
        before = by_number[number].before
        following.setdefault(before if before in by_number else None, []).append(number)
    order: list[Record] = []
    waiting = following.get(None, [])
    while waiting:
        number = waiting.pop()
        order.append(by_number[number])
        waiting += following.get(number, ())
    return tuple(order)


def _read(kept: object) -> Record | None:
    if not isinstance(kept, dict) or not _is_count(kept.get("number")) or not _is_count(kept.get("undated")):
        return None
    answer, briefs, standing = kept.get("answer"), kept.get("briefs"), kept.get("standing")
    before, after = kept.get("before"), kept.get("after", [])
    if before is not None and not (_is_count(before) and before < kept["number"]):
        return None
    if not _is_answer(answer) or not _are_words(briefs) or not _are_words(standing) or not _are_words(after):
        return None
    record = Record(
        kept["number"],
        answer,
        Chosen.read(kept.get("chosen")),
        tuple(briefs),
        kept["undated"],
        tuple(standing),
        before,
        tuple(after),
        kept.get("chosen_before") is True,
    )
    sound = len(record.standing) == len(record.shown) and set(record.standing) <= _STATUSES
    return record if sound else None


def _is_answer(answer: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("question"), str)
        and _is_words_or_none(answer.get("reason"))
        and _is_share(answer.get("confidence"))
        and _is_share(answer.get("threshold"))
        and all(isinstance(answer.get(name), list) for name in ("quotes", "related"))
        and not (answer["quotes"] and answer["related"])
        and _are_variants(answer.get("variants", {}))
        and _are_dates(answer.get("dates", []))
        and all(map(_is_passage, [*answer["quotes"], *answer["related"]]))
        and are_parts(answer)
    )


def _are_variants(found: object) -> bool:
    return isinstance(found, dict) and all(
        isinstance(name, str) and _are_words(words) for name, words in found.items()
    )


def _are_dates(found: object) -> bool:
    return isinstance(found, list) and all(
        isinstance(date, dict) and all(isinstance(date.get(name), str) for name in _DATE) for date in found
    )


def _is_passage(passage: object) -> bool:
    if not isinstance(passage, dict):
        return False
    article, start, end, text = (passage.get(name) for name in ("article", "start", "end", "text"))
    return (
        isinstance(article, dict)
        and isinstance(article.get("id"), str)
        and all(_is_words_or_none(article.get(fact)) for fact in _FACTS)
        and all(fact in article for fact in _FACTS)
        and _is_count(start)
        and _is_count(end)
        and isinstance(text, str)
        and len(text) == end - start
        and _is_span(passage.get("span"), start, end)
    )


def _is_span(span: object, first: int, last: int) -> bool:
    if span is None:
        return True
    if not isinstance(span, dict):
        return False
    start, end = span.get("start"), span.get("end")
    return type(start) is int and type(end) is int and first <= start < end <= last


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and value >= 0


def _is_share(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1  # type: ignore[operator]


def _is_words_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _are_words(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
