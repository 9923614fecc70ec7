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
    """Words that answer a question, in an article or, where it is None, in any judged one."""

    article: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `judged` maps article ids to their relevance, above 0 where the article answers; `gold` are the
    words that do, `answers` the short answers as strings. `answerable` is None where nobody said.
    `place` is the file and line it was read from.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    gold: tuple[Gold, ...]
    judged: dict[str, int]
    answerable: bool | None
    kind: str | None
    place: str

    @property
    def word(self) -> str:
        """The question word among its first words, else `other`."""
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


def checked(questions: QuestionSet) -> QuestionSet:
    """The set, if it can be measured on.

    Raises QuestionSetError where it is empty, an id stands twice, or nothing is known of any answer.
    """
    if not questions.questions:
        raise QuestionSetError(f"{questions.path}: there are no questions in it; write one a line")
    seen: dict[str, str] = {}
    for question in questions.questions:
        if question.id in seen:
            raise QuestionSetError(
                f"{question.place}: the id {question.id!r} stands at {seen[question.id]} too; "
                "give each question its own"
            )
        seen[question.id] = question.place
    if not any(question.relevant or question.answerable is False for question in questions.questions):
        raise QuestionSetError(
            f"{questions.path}: no question has a judged article or is marked unanswerable, "
            "so there is nothing to measure; add qrels or gold quotes"
        )
    return questions
