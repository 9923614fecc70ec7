"""A question as a user puts it: checked once, at the door."""

import re

from corpus.errors import InputError
from corpus.facts import check_unicode

MAX_QUESTION = 2_000  # characters
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def checked_question(question: str) -> str:
    """The question without the white space around it.

    Raises InputError where it has no letter or digit, or is too long to be one.
    """
    question = question.strip()
    if not question:
        raise InputError("the question is empty; ask in a few words")
    if len(question) > MAX_QUESTION:
        raise InputError(
            f"the question has {len(question):,} characters, at most {MAX_QUESTION:,} are taken; shorten it"
        )
    check_unicode(question, "the question")
    if not _LETTER_OR_DIGIT.search(question):
        raise InputError(f"the question {question[:20]!r} has no letter or digit; ask in words")
    return question
