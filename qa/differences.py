"""Quotes that give different figures for what sounds like one thing, and quotes that give the same.

Nothing is said of who is right: the values stand side by side.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from corpus.article import Span
from qa.amounts import Amount, amount_in, singular
from qa.answer import Quote
from qa.candidates import names_and_numbers
from qa.day_names import NamedDate, date_in, days_apart, happened
from qa.reprints import independent
from qa.stopwords import ENGLISH

Kind = Literal["number", "date", "place"]
Label = Literal["figures differ", "different occasions"]
LIKELY = 0.1  # a value is compared where its quote is at least so many times as probable as the best
APART = 30  # days from which on two events are two
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|tall|high|fast|large|big|deep|wide|heavy|strong)\b|"
    r"\b(?:percentage|percent|number|share|toll|size|price|cost|rate|length|age|turnout|amount|sum|fine|"
    r"height|weight|speed|budget|salary|population|distance)\b",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(r"\bwhen\b|\b(?:what|which) (?:day|date|month|year)\b", re.IGNORECASE)
_ASKS_PLACE = re.compile(
    r"\bwhere\b|"
    r"\b(?:what|which) (?:city|town|village|country|place|region|state|street|district|port|island)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\bhow many ([^\W\d_]+)", re.IGNORECASE)
_PLACED = re.compile(
    r"(?P<lead>(?:in|at|near|off|outside|from)\s+)?(?:the\s+)?"
    r"(?P<name>[^\W\d_a-z][\w’'-]*(?:\s+(?:(?:of|the|de|la)\s+)?[^\W\d_a-z][\w’'-]*)*)"
)
_LEADS = re.compile(
    r"\b(?:in|at|near|off|outside|from)\s+(?:the\s+)?(?:(?:city|town|village|port)\s+of\s+)?\Z"
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_CALENDAR = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|"
    r"October|November|December"
)


@dataclass(frozen=True, slots=True)
class Value:
    """What the quote at place `at` says: the words at `span` of its article."""

    at: int
    span: Span


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values in the same unit that can't both be of one thing; `unit` is empty for dates and places."""

    kind: Kind
    label: Label
    unit: str
    values: tuple[Value, Value]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Values of quotes of several articles that are the same, and how many independent sources they have."""

    kind: Kind
    unit: str
    values: tuple[Value, ...]
    sources: int


@dataclass(frozen=True, slots=True)
class _Told:
    at: int
    quote: Quote
    kind: Kind
    value: Amount | NamedDate | Span

    @property
    def span(self) -> Span:
        return self.value if isinstance(self.value, Span) else self.value.span


def compared(question: str, quotes: Sequence[Quote]) -> tuple[tuple[Difference, ...], tuple[Agreement, ...]]:
    """What the short answers of different articles differ and agree in; both empty where nothing compares."""
    least = LIKELY * max((quote.score for quote in quotes), default=0.0)
    told = [
        found
        for at, quote in enumerate(quotes)
        if quote.score >= least and (found := _told(question, at, quote)) is not None
    ]
    groups: list[list[_Told]] = []
    for each in told:
        same = next((group for group in groups if _is_same(question, group[0], each)), None)
        if same is None:
            groups.append([each])
        else:
            same.append(each)
    differences = []
    for group, other in combinations(groups, 2):
        pair = next(((one, two) for one in group for two in other if _differ(question, one, two)), None)
        if pair is not None:
            differences.append(_difference(question, *pair))
    agreements = []
    for group in groups:
        articles = list({each.quote.article.id: each.quote.article for each in group}.values())
        if len(articles) > 1 and not any(_are_two(question, group[0], each) for each in group[1:]):
            unit = _unit(question, group[0], group[1]) or ""
            values = tuple(Value(each.at, each.span) for each in group)
            agreements.append(Agreement(group[0].kind, unit, values, len(set(independent(articles)))))
    return tuple(differences), tuple(agreements)


def _difference(question: str, one: _Told, two: _Told) -> Difference:
    return Difference(
        one.kind,
        "different occasions" if _are_two(question, one, two) else "figures differ",
        _unit(question, one, two) or "",
        (Value(one.at, one.span), Value(two.at, two.span)),
    )


def _told(question: str, at: int, quote: Quote) -> _Told | None:
    """The number, date or place that the question asks for in the short answer of a quote."""
    if quote.span is None:
        return None
    text = quote.article.text
    asked: Sequence[tuple[re.Pattern[str], Kind, Callable[[str, Span], Amount | NamedDate | Span | None]]] = (
        (_ASKS_DATE, "date", date_in),
        (_ASKS_PLACE, "place", _place_in),
        (_ASKS_NUMBER, "number", amount_in),
    )
    for asks, kind, find in asked:
        if asks.search(question):
            found = find(text, quote.span)
            return None if found is None else _Told(at, quote, kind, found)
    return None


def _is_same(question: str, one: _Told, two: _Told) -> bool:
    left, right = one.value, two.value
    if one.kind != two.kind:
        return False
    if isinstance(left, Amount) and isinstance(right, Amount):
        return left.number == right.number and _unit(question, one, two) is not None
    if isinstance(left, NamedDate) and isinstance(right, NamedDate):
        return left.known == right.known and not left.differs_from(right)
    return _word(one) == _word(two)


def _differ(question: str, one: _Told, two: _Told) -> bool:
    left, right = one.value, two.value
    if one.kind != two.kind or one.quote.article.id == two.quote.article.id:
        return False
    if isinstance(left, Amount) and isinstance(right, Amount):
        return _unit(question, one, two) is not None and left.differs_from(right)
    if isinstance(left, NamedDate) and isinstance(right, NamedDate):
        return left.differs_from(right)
    # A place may lie in another: one that the other's sentence or title names too is no other place.
    return not any(_mentions(here, _word(there)) for here, there in ((one, two), (two, one)))


def _unit(question: str, one: _Told, two: _Told) -> str | None:
    """The unit that both numbers have; None where they have none in common. Dates and places have none."""
    left, right = one.value, two.value
    if not isinstance(left, Amount) or not isinstance(right, Amount):
        return ""
    counted = _COUNTED.search(question)
    asked = (singular(counted[1]),) if counted else ()
    here, there = left.units or asked, right.units or asked
    return next((unit for unit in here if unit in there), None)


def _are_two(question: str, one: _Told, two: _Told) -> bool:
    """Whether the two quotes tell of two events: far apart in time, or of different named subjects."""
    sentences = [Span(each.quote.start, each.quote.end) for each in (one, two)]
    if one.kind != "date":
        when = [happened(each.quote.article, span) for each, span in zip((one, two), sentences, strict=True)]
        if when[0] is not None and when[1] is not None and days_apart(when[0], when[1]) > APART:
            return True
    asked = {name.casefold() for name in names_and_numbers(question)}
    here, there = _names(one), _names(two)
    if asked & here & there:
        return False
    return bool(here - asked) and bool(there - asked) and not here & there


def _names(told: _Told) -> set[str]:
    """The words of the names in a quote, less those of its speaker and of the value itself."""
    quote, text = told.quote, told.quote.article.text
    left_out = [told.span]
    if quote.voice is not None and quote.voice.speaker is not None:
        left_out.append(quote.voice.speaker)
    return {
        word[0].casefold()
        for word in _WORD.finditer(text, quote.start, quote.end)
        if word[0][0].isupper()
        and not _CALENDAR.fullmatch(word[0])
        and not any(span.start <= word.start() < span.end for span in left_out)
        and (word.start() > quote.start or _is_name(text, word[0]))
    }


def _is_name(text: str, word: str) -> bool:
    """Whether a word that opens a quote is a name: the article has it inside a sentence too."""
    return word.casefold() not in ENGLISH and re.search(rf"[\w,] {re.escape(word)}\b", text) is not None


def _place_in(text: str, within: Span) -> Span | None:
    """A name that is all of the short answer, where a preposition of place leads to it."""
    found = _PLACED.fullmatch(text, within.start, within.end)
    if found is None or _CALENDAR.fullmatch(found["name"]):
        return None
    place = Span(found.start("name"), found.end("name"))
    return place if found["lead"] or _LEADS.search(text, max(0, place.start - 20), place.start) else None


def _word(told: _Told) -> str:
    return told.span.of(told.quote.article.text).casefold()


def _mentions(told: _Told, place: str) -> bool:
    said = f"{told.quote.text} {told.quote.article.title or ''}".casefold()
    return any(word in said for word in place.split() if len(word) > 3) or place in said
