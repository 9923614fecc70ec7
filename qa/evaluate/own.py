"""Our own question files: JSON Lines that a journalist can write, with gold quotes copied from articles."""

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
    for number, record in records(path):
        place = f"{path}:{number}"
        if isinstance(record, InputError):
            raise QuestionSetError(f"{place}: {record}")
        gold = _gold(record, place)
        answerable = record.get("answerable", bool(gold))
        if not isinstance(answerable, bool):
            raise QuestionSetError(f"{place}: 'answerable' is {answerable!r}, expected true or false")
        if answerable and not gold:
            raise QuestionSetError(
                f"{place}: an answerable question needs 'gold': the article's id and the words "
                "that answer, copied from it"
            )
        questions.append(
            Question(
                id=required_text(record, "id", place),
                text=required_text(record, "question", place),
                answers=strings(record, "answers", place),
                gold=gold,
                judged={each.article: 1 for each in gold if each.article} if answerable else {},
                answerable=answerable,
                kind=optional_text(record, "kind"),
                place=place,
            )
        )
    return QuestionSet(path.stem, path, questions, corpus=None)


def _gold(record: dict[str, object], place: str) -> tuple[Gold, ...]:
    found = record.get("gold") or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise QuestionSetError(f'{place}: \'gold\' is not a list of {{"article", "quote"}}')
    return tuple(
        Gold(required_text(each, "article", place), required_text(each, "quote", place)) for each in found
    )
