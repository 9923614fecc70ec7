"""Fields of a question's JSON record, checked as they are read."""

from collections.abc import Mapping

from corpus.facts import check_unicode
from qa.evaluate.question_set import QuestionSetError


def required_text(record: Mapping[str, object], field: str, place: str) -> str:
    """The text of a field; a number is taken as its digits. Raises QuestionSetError without one."""
    value = record.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise QuestionSetError(f"{place}: {field!r} is missing or empty; every question needs it")
    check_unicode(value, f"{place}: {field!r}")
    return value


def optional_text(record: Mapping[str, object], field: str) -> str | None:
    """The text of a field, or None."""
    value = record.get(field)
    return value if isinstance(value, str) and value else None


def strings(record: Mapping[str, object], field: str, place: str) -> tuple[str, ...]:
    """The strings of a field that holds one or a list of them; none where it is missing."""
    value = record.get(field)
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise QuestionSetError(f"{place}: {field!r} is not a list of strings")
    return tuple(item for item in value if item.strip())
