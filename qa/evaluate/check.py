"""Checking a question set against the articles it will be asked of."""

from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.article import Article
from corpus.errors import InputError
from corpus.reading import read_paths
from qa.evaluate.matching import Targets, occurrences
from qa.evaluate.question_set import Question

ArticleOf = Callable[[str], Article]  # by its id; raises InputError where there is none


def corpus_articles(corpus: Path) -> ArticleOf:
    """The articles of a set's own corpus, without an archive."""
    known = {found.id: found for found in read_paths([corpus]) if isinstance(found, Article)}

    def article(id: str) -> Article:
        if id not in known:
            raise InputError(f"{corpus}: there is no article {id!r}")
        return known[id]

    return article


def faults(questions: Sequence[Question], article: ArticleOf) -> list[str]:
    """What makes questions impossible to measure: gold in unknown articles, or not in the one named."""
    return [fault for question in questions for fault in _faults(question, article)]


def never_found(questions: Sequence[Question], article: ArticleOf) -> list[str]:
    """Answerable questions with neither gold words nor an answer that occurs in a judged article."""
    found = []
    for question in questions:
        if not question.relevant or question.answerable is False:
            continue
        articles = [article(id) for id in sorted(question.relevant)]
        if not Targets(question, articles).known:
            found.append(
                f"{question.place}: no answer of the question {question.id!r} occurs in its judged articles"
            )
    return found


def _faults(question: Question, article_of: ArticleOf) -> list[str]:
    found = []
    named = question.judged.keys() | {gold.article for gold in question.gold if gold.article}
    for id in sorted(named):
        try:
            article = article_of(id)
        except InputError:
            found.append(
                f"{question.judged_at.get(id, question.place)}: the question {question.id!r} names the "
                f"article {id!r}, which is not in the archive; add it or mend the id "
                "(`python -m qa list` shows those there)"
            )
            continue
        found += [
            f"{question.place}: the gold quote {gold.quote[:60]!r} is not in the article {id!r}; "
            "copy it from the article"
            for gold in question.gold
            if gold.article == id and gold.start is None and not occurrences(gold.quote, article.text)
        ]
    return found
