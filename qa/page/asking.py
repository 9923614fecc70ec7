"""A visitor's question, put to the archive; and an answer that was kept, checked against it again."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.article import Span
from corpus.errors import OnrecordError
from qa.answer import Answer, Quote, Related
from qa.answerer import Answerer
from qa.archive import Archive
from qa.follow_up import follow
from qa.page.chosen import Chosen
from qa.page.record import KEPT, Record
from qa.sample import is_brief
from qa.verify import OK, verify


@dataclass(frozen=True, slots=True)
class Asked:
    """The records after a question, and what was said to it: an answer, or why it could not be put."""

    records: tuple[Record, ...]
    said: Answer | OnrecordError

    @property
    def problem(self) -> str:
        """Why it could not be put; empty where it was."""
        return str(self.said) if isinstance(self.said, OnrecordError) else ""


def asked(
    answerer: Answerer,
    question: str,
    records: Sequence[Record],
    *,
    chosen: Chosen = Chosen(),  # noqa: B008  (it is frozen)
    instead_of: int | None = None,
    dropped: Sequence[str] = (),
    alone: bool = False,
) -> Asked:
    """The records with this question's at the end, or in the place of the one numbered `instead_of`.

    It may lean on the one above it, unless it stands `alone`; `dropped` are pieces not to take over.
    One that leans, and is asked within no filters of its own, keeps to those of the one above it.
    """
    old = _numbered(records, instead_of)
    above = _numbered(records, old.before) if old else next(iter(records[-1:]), None)
    if old is not None:
        after = (above.whole,) if above and old.after else old.after
    else:
        after = (above.whole,) if above and not alone else ()
    form = chosen
    if (
        old is None
        and above is not None
        and _leans(question, after, form)
        and form.adds_none_to(above.chosen)
    ):
        chosen = replace(above.chosen, off=form.off)
    try:
        answer = answerer.ask(
            question,
            **chosen.limits,
            parts=chosen.parts,
            said_by=chosen.said_by,
            after=after,
            dropped=dropped,
        )
        limits = answerer.retriever.limits(**chosen.limits)
        undated = answerer.retriever.snapshot().columns.undated(limits) if limits else 0
    except OnrecordError as error:
        return Asked(tuple(records), error)
    if old is not None:
        kept_to = old.chosen_before and chosen == old.chosen
        new = _record(answer, old.number, chosen, undated, old.before, after, kept_to)
        return Asked(tuple(new if each is old else each for each in records), answer)
    kept_to = not form.filters and bool(chosen.filters)
    before = None if above is None else above.number
    new = _record(answer, _next_number(records), chosen, undated, before, after, kept_to)
    return Asked((*records, new)[-KEPT:], answer)


def _numbered(records: Sequence[Record], number: int | None) -> Record | None:
    return next((record for record in records if record.number == number), None)


def _next_number(records: Sequence[Record]) -> int:
    """Microseconds since 1970, which no other tab's question has; and more than any of these records."""
    return max(time.time_ns() // 1000, *(record.number + 1 for record in records), 0)


def _leans(question: str, after: Sequence[str], chosen: Chosen) -> bool:
    return chosen.parts.follow_ups and bool(follow(question, after).carried)


def checked(record: Record, archive: Archive) -> Record:
    """The record with the standing that its quotes have in the archive as it is now."""
    verdict = verify(record.answer, archive)
    found = verdict.quotes if record.quotes else verdict.related
    return replace(record, standing=tuple(each.status for each in found))


def restored(record: Record, archive: Archive) -> Answer | None:
    """The answer, its words taken from the archive anew; None unless all of it still stands there."""
    if not verify(record.answer, archive).ok:
        return None
    said = record.answer
    quotes = [
        Quote(
            archive.article(each["article"]["id"]),
            each["start"],
            each["end"],
            _span(each),
            each.get("score", 0.0),
        )
        for each in said["quotes"]
    ]
    related = [
        Related(archive.article(each["article"]["id"]), each["start"], each["end"], each.get("score", 0.0))
        for each in said["related"]
    ]
    return Answer(
        question=said["question"],
        today=said.get("today"),
        confidence=said["confidence"],
        threshold=said["threshold"],
        quotes=tuple(quotes),
        related=tuple(related),
        reason_code=said.get("reason_code"),
        reason=said["reason"],
        variants=said.get("variants", {}),
        dates=said.get("dates", []),
        archive=archive,
    )


def _record(
    answer: Answer,
    number: int,
    chosen: Chosen,
    undated: int,
    before: int | None,
    after: tuple[str, ...],
    chosen_before: bool,
) -> Record:
    passages: Sequence[Quote | Related] = answer.quotes or answer.related
    briefs = {each.article.id for each in passages if is_brief(each.article.origin.path)}
    return Record(
        number=number,
        answer=answer.to_dict(),
        chosen=chosen,
        briefs=tuple(sorted(briefs)),
        undated=undated,
        standing=(OK,) * len(passages),
        before=before,
        after=after,
        chosen_before=chosen_before,
    )


def _span(quote: dict[str, dict[str, int]]) -> Span | None:
    span = quote.get("span")
    return Span(span["start"], span["end"]) if span else None
