"""From a question to an answer in the archive's own words, or to an honest "it doesn't say"."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.dates import interval
from corpus.errors import InputError
from qa.analysis import content_terms
from qa.answer import Answer, Quote, Related
from qa.archive import Archive
from qa.closing import Closing
from qa.confidence import THRESHOLD, checked_threshold, confidence
from qa.hit import Hit
from qa.lexical import LexicalIndex
from qa.question import checked_question
from qa.quoting import to_quotes
from qa.retriever import READ, Retriever
from qa.sentence_choice import best_sentences

MAX_QUOTES = 5
RELATED = 3  # passages shown when abstaining
_NAMED = 5  # words that a reason names


class Answerer(Closing):
    """Asks an archive. Threads may share it.

    `threshold`, in [0, 1], is the confidence below which it abstains; at 0 it answers whenever the
    question and the archive have a word in common.
    """

    def __init__(self, retriever: Retriever, *, threshold: float = THRESHOLD) -> None:
        self.retriever = retriever
        self.threshold = checked_threshold(threshold)

    @classmethod
    def open(cls, path: str | Path, *, threshold: float = THRESHOLD) -> "Answerer":
        """An answerer on the archive in a folder; see Archive.open for what it raises."""
        checked = checked_threshold(threshold)
        return cls(Retriever.open(path), threshold=checked)

    def close(self) -> None:
        """Closes the archive."""
        self.retriever.close()

    @property
    def archive(self) -> Archive:
        """The archive that is asked."""
        return self.retriever.archive

    def ask(
        self,
        question: str,
        *,
        source: str | Iterable[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        max_quotes: int = MAX_QUOTES,
        today: str | None = None,
    ) -> Answer:
        """The answer. The same question on the same archive gives the same answer, byte for byte.

        `today` is what "last week" is counted from: by default the newest date in the archive.
        Raises InputError as Retriever.search does, and where `max_quotes` or `today` can't be used.
        """
        question = checked_question(question)
        if max_quotes < 1:
            raise InputError(f"max_quotes is {max_quotes}; ask for at least 1 quote")
        if today is not None:
            interval(today)
        within = self.retriever.limits(source, since, until)
        hits, snapshot = self.retriever.found(question, READ, within)
        lexical = snapshot.derived.lexical
        chosen = best_sentences(question, hits, self.retriever.encoder, lexical)
        said, unsaid = _content_words(question, lexical)
        sure = confidence(chosen[0].score) if chosen and said else 0.0
        quotes: Sequence[Quote] = ()
        code, reason = None, None
        if sure >= self.threshold:
            quotes = to_quotes(chosen, max_quotes)
        elif not len(snapshot.columns.row):
            code, reason = "empty_archive", "The archive holds no text to quote."
        elif not hits:
            code, reason = "nothing_in_filters", "No article in the archive is within these filters."
        elif not said:
            code, reason = "no_shared_words", _none_said(unsaid)
        elif unsaid:
            code, reason = "not_mentioned", f"The archive never mentions {_listed(unsaid)}."
        else:
            code, reason = "not_sure", "No passage seems to answer the question."
        return Answer(
            question=question,
            today=today or snapshot.columns.newest,
            confidence=sure,
            threshold=self.threshold,
            quotes=tuple(quotes),
            related=() if quotes else tuple(_related(hit) for hit in hits[:RELATED]),
            reason_code=code,
            reason=reason,
            archive=self.archive,
        )


def _content_words(question: str, lexical: LexicalIndex) -> tuple[list[str], list[str]]:
    """The question's names, numbers and content words: those in the archive, and those that are not."""
    known: dict[str, bool] = {}
    content: list[set[str]] = []
    for name in lexical.analysers:
        found = content_terms(name, question)
        content.append({term.word for term in found})
        for term in found:
            known[term.word] = known.get(term.word, False) or lexical.knows(name, term.term)
    # A word that some language of the archive takes for grammar says nothing.
    words = [word for word in known if all(word in each for each in content)]
    return [word for word in words if known[word]], [word for word in words if not known[word]]


def _none_said(unsaid: Sequence[str]) -> str:
    if not unsaid:
        return "The question has no name, number or other word of content to look for."
    return f"No name, number or other word of the question occurs in the archive: not {_listed(unsaid)}."


def _listed(words: Sequence[str]) -> str:
    """`“a”, “b” or “c”`."""
    quoted = [f"“{word}”" for word in words[:_NAMED]]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _related(hit: Hit) -> Related:
    return Related(hit.article, hit.start, hit.end, hit.score)
