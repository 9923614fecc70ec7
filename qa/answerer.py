"""From a question to an answer in the archive's own words, or to an honest "it doesn't say"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.dates import interval
from corpus.errors import InputError
from qa.analysis import analyser_name, content_terms
from qa.answer import Answer, Quote, Related
from qa.archive import Archive
from qa.candidates import Candidate, names_and_numbers, weighed
from qa.closing import Closing
from qa.confidence import checked_threshold
from qa.differences import Agreement, Difference, compared
from qa.filters import DatesOf
from qa.follow_up import follow
from qa.found import Found
from qa.hit import Hit
from qa.meaning import Meaning
from qa.parts import ALL, MAX_QUOTES, Parts
from qa.question import checked_question
from qa.quoting import said_by as to_said_by
from qa.quoting import to_quotes, with_reprints
from qa.reader.onnx_reader import NAME as READER
from qa.reprints import distinct, independent
from qa.retriever import Retriever
from qa.snapshot import Columns
from qa.speaker import Speaker, checked_speaker, with_speaker
from qa.word_search import TermWeights

RELATED = 3  # passages shown when abstaining
_LOOKED_AT = 4  # times as many passages as are read, to find reprints among
_NAMED = 5  # words that a reason names
_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"1\d{3}|20\d{2}")


class Answerer(Closing):
    """Asks an archive. Threads may share it.

    `threshold`, in [0, 1], is the confidence below which it abstains, by default that of the reader's
    calibration; at 0 it answers whenever the question and the archive have a word in common.
    """

    def __init__(self, retriever: Retriever, *, threshold: float | None = None) -> None:
        self.retriever = retriever
        self._threshold = None if threshold is None else checked_threshold(threshold)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        threshold: float | None = None,
        reader: str = READER,
        calibration: str | Path | None = None,
    ) -> "Answerer":
        """An answerer on an archive; `reader` and `calibration` are as Retriever.open has them.

        Raises what Archive.open does, and InputError where the threshold is not in [0, 1].
        """
        if threshold is not None:
            checked_threshold(threshold)
        return cls(Retriever.open(path, reader=reader, calibration=calibration), threshold=threshold)

    def close(self) -> None:
        """Closes the archive."""
        self.retriever.close()

    @property
    def archive(self) -> Archive:
        """The archive that is asked."""
        return self.retriever.archive

    @property
    def threshold(self) -> float:
        """The confidence below which it abstains."""
        if self._threshold is None:
            return checked_threshold(self.retriever.calibration.threshold)
        return self._threshold

    def ask(
        self,
        question: str,
        *,
        source: str | Iterable[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        by: DatesOf = "published",
        max_quotes: int = MAX_QUOTES,
        today: str | None = None,
        said_by: str | None = None,
        after: Sequence[str] = (),
        dropped: Sequence[str] = (),
        parts: Parts = ALL,
    ) -> Answer:
        """The answer. The same question on the same archive gives the same answer, byte for byte.

        `today` is what "last week" is counted from, a partial date: by default the newest in the
        archive; `by` says which dates `since` and `until` limit; `parts` which parts are wanted.
        `said_by` keeps to what that person or body says, and is searched along with the question.
        `after` are the questions before, oldest first: one that leans on them ("And in Shymkent?",
        "Why?") is made whole with their words, less the pieces in `dropped`.
        Raises InputError as Retriever.search does, and where `max_quotes` or `today` can't be used.
        """
        typed = checked_question(question)
        leaning = (
            follow(typed, [checked_question(each) for each in after], dropped) if parts.follow_ups else None
        )
        question = leaning.question if leaning else typed
        if max_quotes < 1:
            raise InputError(f"max_quotes is {max_quotes}; ask for at least 1 quote")
        if today is not None:
            interval(today)
        if said_by is not None:
            said_by = checked_speaker(said_by, parts)
        within = self.retriever.limits(source, since, until, by)
        pool = self.retriever.reads * (_LOOKED_AT if parts.reprints else 1)
        searched = with_speaker(question, said_by)
        found = self.retriever.found(searched, pool, within, parts=parts, today=today)
        hits, snapshot = found.hits, found.snapshot
        if parts.reprints:
            hits = distinct(hits)
        meant = found.meaning if searched == question else self.retriever.meaning(question, parts, today)
        chosen = self.retriever.candidates(Found(hits, meant, snapshot))
        spoken = chosen
        if said_by is not None:
            spoken = weighed(to_said_by(Speaker(said_by, found.meaning.names), chosen))
        said, unsaid = _content_words(meant, snapshot.derived.lexical)
        unsaid = [word for word in unsaid if not _is_covered_year(word, snapshot.columns)]
        sure = spoken[0].score if spoken and said else 0.0
        told = _Told()
        code, reason = None, None
        if sure >= self.threshold:
            with self.retriever.watch("quote"):
                told = _told(question, spoken, found.hits, max_quotes, parts)
        elif not len(snapshot.columns.row):
            code, reason = "empty_archive", "The archive holds no text to quote."
        elif not hits:
            code, reason = "nothing_in_filters", "No article in the archive is within these filters."
        elif not said:
            code, reason = "no_shared_words", _none_said(unsaid)
        elif said_by is not None and not spoken:
            code, reason = "not_said_by", f"No sentence that was found is said by “{said_by}”."
        elif unsaid:
            code, reason = "not_mentioned", _never_mentioned(unsaid, snapshot.columns)
        else:
            code, reason = "not_sure", _none_answers(question, said)
        quotes = told.quotes
        return Answer(
            question=typed,
            today=today or snapshot.columns.newest,
            confidence=sure,
            threshold=self.threshold,
            quotes=quotes,
            related=() if quotes else tuple(_related(hit) for hit in hits[:RELATED]),
            variants=found.meaning.variants,
            dates=found.meaning.dates_told,
            reason_code=code,
            reason=reason,
            archive=self.archive,
            searched=searched,
            follow_up=leaning if leaning and (leaning.carried or leaning.dropped) else None,
            differences=told.differences,
            agreements=told.agreements,
            sources=len(set(independent([quote.article for quote in quotes]))) if parts.reprints else None,
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What an answer quotes, and how its quotes compare."""

    quotes: tuple[Quote, ...] = ()
    differences: tuple[Difference, ...] = ()
    agreements: tuple[Agreement, ...] = ()


def _told(
    question: str, spoken: Sequence[Candidate], hits: Sequence[Hit], max_quotes: int, parts: Parts
) -> _Told:
    quotes = to_quotes(spoken, max_quotes, voices=parts.voices)
    if parts.reprints:
        quotes = with_reprints(quotes, hits)
    if not parts.differences:
        return _Told(tuple(quotes))
    return _Told(tuple(quotes), *compared(question, quotes, spellings=parts.variants))


def _content_words(meaning: Meaning, lexical: TermWeights) -> tuple[list[str], list[str]]:
    """The question's names, numbers and content words: those in the archive, and those that are not.

    A name that the archive has in another spelling or form is in it.
    """
    known: dict[str, bool] = {}
    content: list[set[str]] = []
    for name in lexical.analysers:
        found = content_terms(name, meaning.question)
        content.append({term.word for term in found})
        for term in found:
            known[term.word] = known.get(term.word, False) or lexical.knows(name, term.term)
    own = analyser_name(None, meaning.question)
    content.append({term.word for term in content_terms(own, meaning.question)})
    # A word that the question's language, or some language of the archive, takes for grammar says nothing.
    words = [word for word in known if all(word in each for each in content)]
    widened = {word for each in meaning.names for word in _WORD.findall(each.asked)}
    said = [word for word in words if known[word] or word in widened]
    return said, [word for word in words if word not in said]


def _is_covered_year(word: str, columns: Columns) -> bool:
    """Whether an article is of that year: then the year needs no mention."""
    return bool(_YEAR.fullmatch(word)) and (columns.nearest_to(word) or "").startswith(word)


def _never_mentioned(unsaid: Sequence[str], columns: Columns) -> str:
    """Names, numbers and dates before other words; for a year, the nearest date that is covered."""
    named = [word for word in unsaid if word[0].isupper() or word[0].isdigit()]
    reason = f"The archive never mentions {_listed(named or unsaid)}."
    year = next((word for word in named if _YEAR.fullmatch(word)), None)
    nearest = columns.nearest_to(year) if year is not None else None
    return reason if nearest is None else f"{reason} The nearest date of an article is {nearest}."


def _none_answers(question: str, said: Sequence[str]) -> str:
    named = [word for word in names_and_numbers(question) if word in said]
    if not named:
        return "No passage seems to answer the question."
    return f"The archive mentions {_listed(named, last='and')}, but no passage seems to answer the question."


def _none_said(unsaid: Sequence[str]) -> str:
    if not unsaid:
        return "The question has no name, number or other word of content to look for."
    return f"No name, number or other word of the question occurs in the archive: not {_listed(unsaid)}."


def _listed(words: Sequence[str], last: str = "or") -> str:
    """`“a”, “b” or “c”`."""
    quoted = [f"“{word}”" for word in words[:_NAMED]]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _related(hit: Hit) -> Related:
    return Related(hit.article, hit.start, hit.end, hit.score)
