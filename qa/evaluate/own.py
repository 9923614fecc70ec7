"""Our own question files: JSON Lines that a journalist can write, with gold quotes copied from articles."""

from collections.abc import Iterator
from pathlib import Path

from corpus.errors import InputError
from corpus.jsonl import records
from qa.evaluate.fields import optional_text, required_text, strings
from qa.evaluate.question_set import Gold, Question, QuestionSet, QuestionSetError

TEMPLATE = Path(__file__).with_name("template.jsonl")


def read_own(path: Path) -> QuestionSet:
    """The questions in a file; `answerable` is true where there is gold, unless it says otherwise.

    Raises QuestionSetError, naming the line, where one can't be read.
    """
    questions = []
    for found in questions_or_errors(path):
        if isinstance(found, QuestionSetError):
            raise found
        questions.append(found)
    return QuestionSet(path.stem, path, questions, corpus=None)


def questions_or_errors(path: Path) -> Iterator[Question | QuestionSetError]:
    """Each line's question, or what is wrong with the line."""
    for number, record in records(path):
        place = f"{path}:{number}"
        try:
            yield _question(record, place)
        except QuestionSetError as error:
            yield error
        except InputError as error:
            yield QuestionSetError(f"{place}: {error}")


def _question(record: dict[str, object] | InputError, place: str) -> Question:
    if isinstance(record, InputError):
        raise record
    gold = _gold(record, place)
    answerable = record.get("answerable", bool(gold))
    if not isinstance(answerable, bool):
        raise QuestionSetError(f"{place}: 'answerable' is {answerable!r}, expected true or false")
    if answerable and not gold:
        raise QuestionSetError(
            f"{place}: an answerable question needs 'gold': the article's id and the words "
            "that answer, copied from it"
        )
    if gold and not answerable:
        raise QuestionSetError(
            f"{place}: a question with \"answerable\": false can't have 'gold'; take one of the two out"
        )
    judged = {each.article: 1 for each in gold if each.article}
    return Question(
        id=required_text(record, "id", place),
        text=required_text(record, "question", place),
        answers=strings(record, "answers", place),
        gold=gold,
        judged=judged,
        answerable=answerable,
        kind=optional_text(record, "kind"),
        place=place,
        judged_at=dict.fromkeys(judged, place),
        after=strings(record, "after", place),
        said_by=optional_text(record, "said_by"),
        expects=optional_text(record, "expects"),
    )


def _gold(record: dict[str, object], place: str) -> tuple[Gold, ...]:
    found = record.get("gold") or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise QuestionSetError(f'{place}: \'gold\' is not a list of {{"article", "quote"}}')
    return tuple(
        Gold(required_text(each, "article", place), required_text(each, "quote", place), None)
        for each in found
    )
