"""What programs call: /ask, /search and /article; and agents, as MCP tools: ask, search and show."""

from typing import Any

import gradio as gr
from gradio.events import api

from corpus.errors import InputError, OnrecordError
from qa.answer import article_facts
from qa.answerer import MAX_QUOTES
from qa.page.desk import Desk
from qa.retriever import MODES

MOST_PASSAGES = 100
MOST_QUOTES = 20


def offer(desk: Desk) -> None:
    """Names the endpoints, within the blocks that are open. Their docstrings are what agents read."""
    answerer = desk.answerer

    def ask(
        question: str,
        sources: list[str] | None = None,
        since: str = "",
        until: str = "",
        max_quotes: int = MAX_QUOTES,
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
        """
        with _Told():
            answer = answerer.ask(
                _text(question, "question"),
                **_limits(sources, since, until),
                max_quotes=_number(max_quotes, "max_quotes", MOST_QUOTES),
            )
            return answer.to_dict()

    def search(
        question: str,
        k: int = 10,
        sources: list[str] | None = None,
        since: str = "",
        until: str = "",
        mode: str = "hybrid",
    ) -> list[dict[str, Any]]:
        """Finds the passages of the archive nearest to a question, best first. They need not answer it.

        Args:
            question: The question, or words to look for.
            k: Passages at most, 1 to 100.
            sources: Names of the outlets to search; none for all.
            since: Only articles published on or after this day, as 2012, 2012-02 or 2012-02-25.
            until: Only articles published on or before this day, in the same forms.
            mode: hybrid, dense (by meaning) or bm25 (by word).
        """
        with _Told():
            known = next((each for each in MODES if each == mode), None)
            if known is None:
                raise InputError(f"{mode!r} is not a mode; take one of {', '.join(MODES)}")
            hits = answerer.retriever.search(
                _text(question, "question"),
                _number(k, "k", MOST_PASSAGES),
                **_limits(sources, since, until),
                mode=known,
            )
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


def _limits(sources: object, since: object, until: object) -> dict[str, Any]:
    named = [] if sources is None else sources
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise InputError(f"sources is {sources!r}; give a list of names")
    return {
        "source": named or None,
        "since": _text(since, "since") if since else None,
        "until": _text(until, "until") if until else None,
    }


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{name} is {value!r}; give a text")
    return value


def _number(value: object, name: str, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise InputError(f"{name} is {value!r}; give a whole number from 1 to {most}")
    return value
