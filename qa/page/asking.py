"""A visitor's question, put to the archive; and an answer that was kept, checked against it again."""

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
    """The records after a question; `problem` says why it could not be put, and is empty where it was."""

    records: tuple[Record, ...]
    problem: str


def asked(
    answerer: Answerer,
    question: str,
    records: Sequence[Record],
    *,
    chosen: Chosen = Chosen(),  # noqa: B008  (it is frozen)
    instead_of: int | None = None,
    dropped: Sequence[str] = (),
) -> Asked:
    """The records with this question's at the end, or in the place of the one numbered `instead_of`.

    It may lean on the one before it, and then keeps to its filters unless it has its own; `dropped`
    are pieces not to take over. Asked anew with pieces dropped, it keeps to `chosen`.
    """
    earlier = _before(records, instead_of)
    after = (earlier.whole,) if earlier else ()
    inherits = bool(earlier and earlier.chosen != chosen == Chosen() and not dropped and instead_of is None)
    inherits = inherits and bool(follow(question, after).carried)
    if earlier and inherits:
        chosen = earlier.chosen
    try:
        answer = answerer.ask(
            question, after=after, dropped=dropped, **chosen.limits, liberties=chosen.liberties
        )
        limits = answerer.retriever.limits(**chosen.limits)
        undated = answerer.retriever.snapshot().columns.undated(limits) if limits else 0
    except OnrecordError as error:
        return Asked(tuple(records), str(error))
    places = [record.number for record in records]
    if instead_of in places:
        new = _record(answer, instead_of, chosen, undated)
        new = replace(new, after=after)
        return Asked(tuple(new if each.number == new.number else each for each in records), "")
    new = _record(answer, max(places, default=0) + 1, chosen, undated)
    new = replace(new, after=after, chosen_before=inherits)
    return Asked((*records, new)[-KEPT:], "")


def _before(records: Sequence[Record], number: int | None) -> Record | None:
    """The record before the one of that number, else the last."""
    places = [record.number for record in records]
    at = places.index(number) if number in places else len(records)
    return records[at - 1] if at else None


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


def _record(answer: Answer, number: int, chosen: Chosen, undated: int) -> Record:
    passages: Sequence[Quote | Related] = answer.quotes or answer.related
    briefs = {each.article.id for each in passages if is_brief(each.article.origin.path)}
    return Record(
        number=number,
        answer=answer.to_dict(),
        chosen=chosen,
        briefs=tuple(sorted(briefs)),
        undated=undated,
        standing=(OK,) * len(passages),
    )


def _span(quote: dict[str, dict[str, int]]) -> Span | None:
    span = quote.get("span")
    return Span(span["start"], span["end"]) if span else None
