"""What programs call: /ask, /search and /article; and agents, as MCP tools: ask, search and show."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from corpus.errors import InputError, OnrecordError
from qa.answer import article_facts
from qa.filters import DATES_OF
from qa.page.desk import Desk
from qa.parts import ALL, MAX_QUOTES, NAMES, Parts
from qa.retriever import MODES

MOST_PASSAGES = 100
MOST_QUOTES = 20
MOST_BEFORE = 20  # questions that one may lean on
SEARCHED = ("variants", "dates")  # the parts that change what is searched
MOST_WORDS = 100  # spellings or pieces to leave out

Word = TypeVar("Word", bound=str)


def offer(desk: Desk) -> None:
    """Names the endpoints, within the blocks that are open. Their docstrings are what agents read."""
    answerer = desk.answerer

    def ask(
        question: str,
        sources: list[str] | None = None,
        since: str = "",
        until: str = "",
        max_quotes: int = MAX_QUOTES,
        by: str = "published",
        said_by: str = "",
        after: list[str] | None = None,
        drop: list[str] | None = None,
        without: list[str] | None = None,
        off: list[str] | None = None,
        today: str = "",
    ) -> dict[str, Any]:
        """Answers a question in quotes from an archive of articles, or says that the archive doesn't say.

        Every word of an answer is copied from an article, with its offsets and the article's hash; no
        text is generated. Where "abstained" is true there are no quotes, "reason" says why, and
        "related" are passages near the question that are not an answer.

        Args:
            question: The question, in words.
            sources: Names of the outlets to ask; none for all.
            since: Only articles published on or after this day, as 2012, 2012-02 or 2012-02-25.
            until: Only articles published on or before this day, in the same forms.
            max_quotes: Quotes at most, 1 to 20.
            by: What since and until limit: published, or event for the days that passages mention.
            said_by: Only what this person or body says, by name; empty for anybody.
            after: The questions before this one, oldest first, that it may lean on: "And in Oral?", "Why?".
            drop: Words not to take over from them, as "follow_up" in an earlier answer has them.
            without: Spellings of names not to search for, as "variants" in an earlier answer has them.
            off: Parts to leave out: variants, dates, follow_ups, voices, reprints, differences.
            today: The day that "last week" is counted from; empty for the newest date in the archive.
        """
        with _Told(), desk.meter.question("ask") as told:
            answer = answerer.ask(
                _text(question, "question"),
                **_limits(sources, since, until, by),
                max_quotes=_number(max_quotes, "max_quotes", MOST_QUOTES),
                said_by=_text(said_by, "said_by") or None,
                after=_texts(after, "after", MOST_BEFORE),
                dropped=_texts(drop, "drop", MOST_WORDS),
                parts=_parts(off, without, NAMES),
                today=_text(today, "today") or None,
            )
            told(answer)
            return answer.to_dict()

    def search(
        question: str,
        k: int = 10,
        sources: list[str] | None = None,
        since: str = "",
        until: str = "",
        mode: str = "hybrid",
        by: str = "published",
        without: list[str] | None = None,
        off: list[str] | None = None,
        today: str = "",
    ) -> list[dict[str, Any]]:
        """Finds the passages of the archive nearest to a question, best first. They need not answer it.

        Args:
            question: The question, or words to look for.
            k: Passages at most, 1 to 100.
            sources: Names of the outlets to search; none for all.
            since: Only articles published on or after this day, as 2012, 2012-02 or 2012-02-25.
            until: Only articles published on or before this day, in the same forms.
            mode: hybrid, dense (by meaning) or bm25 (by word).
            by: What since and until limit: published, or event for the days that passages mention.
            without: Spellings of names not to search for, as "variants" in an answer has them.
            off: What not to read into the question: variants (of names), dates.
            today: The day that "last week" is counted from; empty for the newest date in the archive.
        """
        with _Told(), desk.meter.question("search") as told:
            hits = answerer.retriever.search(
                _text(question, "question"),
                _number(k, "k", MOST_PASSAGES),
                **_limits(sources, since, until, by),
                mode=_one_of(MODES, mode, "mode"),
                parts=_parts(off, without, SEARCHED),
                today=_text(today, "today") or None,
            )
            told(hits)
            return [hit.to_dict() for hit in hits]

    def show(id: str) -> dict[str, Any]:
        """Shows one article of the archive: its facts, its text, and what in the text is page furniture.

        Args:
            id: The article's id, as "ask" and "search" give it.
        """
        with _Told():
            found = desk.archive.article(_text(id, "id"))
            marks = [
                {"start": mark.start, "end": mark.end, "kind": mark.kind}
                for mark in desk.archive.furniture(found.id)
            ]
            return {
                **article_facts(found),
                "language": found.language,
                "text": found.text,
                "furniture": marks,
            }

    for name, endpoint in (("ask", ask), ("search", search), ("article", show)):
        api(endpoint, api_name=name)


class _Told:
    """Tells a program what was wrong with its call, as Gradio has it."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OnrecordError):
            raise gr.Error(str(error), print_exception=False) from error


def _limits(sources: object, since: object, until: object, by: object) -> dict[str, Any]:
    return {
        "source": _texts(sources, "sources") or None,
        "since": _text(since, "since") if since else None,
        "until": _text(until, "until") if until else None,
        "by": _one_of(DATES_OF, by, "by"),
    }


def _one_of(known: Sequence[Word], value: object, name: str) -> Word:
    found = next((each for each in known if each == value), None)
    if found is None:
        raise InputError(f"{name} is {value!r}; take one of {', '.join(known)}")
    return found


def _parts(off: object, without: object, known: Sequence[str]) -> Parts:
    named = _texts(off, "off")
    for name in named:
        if name not in known:
            raise InputError(f"{name!r} can't be left out here; take one of {', '.join(known)}")
    return replace(ALL.less(*named), without=_texts(without, "without", MOST_WORDS))


def _texts(value: object, name: str, most: int | None = None) -> tuple[str, ...]:
    found = [] if value is None else value
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise InputError(f"{name} is {value!r}; give a list of texts")
    if most is not None and len(found) > most:
        raise InputError(f"{name} has {len(found)} texts; give at most {most}")
    return tuple(found)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{name} is {value!r}; give a text")
    return value


def _number(value: object, name: str, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise InputError(f"{name} is {value!r}; give a whole number from 1 to {most}")
    return value
