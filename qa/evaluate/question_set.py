"""A question set: questions with what is known of their answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError

_FIRST_WORD = re.compile(r"\w+")
_QUESTION_WORDS = ("who", "whom", "whose", "what", "which", "when", "where", "why", "how")


class QuestionSetError(InputError):
    """A question set can't be used; the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Gold:
    """Words that answer a question, in an article or, where it is None, in any judged one.

    They stand at `start`, or wherever they occur where it is None.
    """

    article: str | None
    quote: str
    start: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `judged` maps article ids to their relevance, above 0 where the article answers; `gold` are the
    words that do, `answers` the short answers as strings. `answerable` is None where nobody said.
    `after` are the questions before it, `said_by` whose words are asked for, `expects` what is to be
    said of its figures: a label of qa.differences, `agreement` or `nothing`.
    `place` is the file and line it was read from, `judged_at` those of each judgement.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    gold: tuple[Gold, ...]
    judged: dict[str, int]
    answerable: bool | None
    kind: str | None
    place: str
    judged_at: dict[str, str]
    after: tuple[str, ...] = ()
    said_by: str | None = None
    expects: str | None = None

    @property
    def word(self) -> str:
        """The first question word in it, else `other`."""
        words = [word.lower() for word in _FIRST_WORD.findall(self.text)]
        return next((word for word in words if word in _QUESTION_WORDS), "other")

    @property
    def relevant(self) -> frozenset[str]:
        """Ids of the articles that answer it."""
        return frozenset(id for id, relevance in self.judged.items() if relevance > 0)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, and the corpus they are asked of; None where that is the user's own archive."""

    name: str
    path: Path
    questions: Sequence[Question]
    corpus: Path | None


def repeated_ids(questions: Sequence[Question]) -> list[str]:
    """What to say of each question whose id stands before it."""
    first: dict[str, str] = {}
    found = []
    for question in questions:
        if question.id in first:
            found.append(
                f"{question.place}: the id {question.id!r} stands at {first[question.id]} too; "
                "give each question its own"
            )
        first.setdefault(question.id, question.place)
    return found


def checked(questions: QuestionSet) -> QuestionSet:
    """The set, if it can be measured on.

    Raises QuestionSetError where it is empty, an id stands twice, or nothing is known of any answer.
    """
    if not questions.questions:
        raise QuestionSetError(f"{questions.path}: there are no questions in it; write one a line")
    for fault in repeated_ids(questions.questions):
        raise QuestionSetError(fault)
    if not any(question.relevant or question.answerable is False for question in questions.questions):
        raise QuestionSetError(
            f"{questions.path}: no question has a relevant article or is marked unanswerable, "
            "so there is nothing to measure; add qrels or gold quotes"
        )
    return questions
