"""Checking a question set against the archive it will be asked of."""

from corpus.errors import InputError
from qa.archive import Archive
from qa.evaluate.matching import Targets, occurrences
from qa.evaluate.question_set import Question, QuestionSet


def faults(questions: QuestionSet, archive: Archive) -> list[str]:
    """What makes questions impossible to measure: gold in unknown articles, or not in the one named."""
    return [fault for question in questions.questions for fault in _faults(question, archive)]


def never_found(questions: QuestionSet, archive: Archive) -> list[str]:
    """Answerable questions with neither gold words nor an answer that occurs in a judged article."""
    found = []
    for question in questions.questions:
        if not question.relevant:
            continue
        articles = [archive.article(id) for id in sorted(question.relevant)]
        if not Targets(question, articles).known:
            found.append(
                f"{question.place}: no answer of the question {question.id!r} occurs in its judged articles"
            )
    return found


def _faults(question: Question, archive: Archive) -> list[str]:
    found = []
    named = question.relevant | {gold.article for gold in question.gold if gold.article}
    for id in sorted(named):
        try:
            article = archive.article(id)
        except InputError:
            found.append(
                f"{question.place}: the question {question.id!r} names the article {id!r}, which is not in "
                "the archive; add it or mend the id (`python -m qa list` shows those there)"
            )
            continue
        found += [
            f"{question.place}: the gold quote {gold.quote[:60]!r} is not in the article {id!r}; "
            "copy it from the article"
            for gold in question.gold
            if gold.article == id and not occurrences(gold.quote, article.text)
        ]
    return found
