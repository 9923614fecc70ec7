"""Quotes that give different figures for what sounds like one thing, and quotes that give the same.

Nothing is said of who is right: the values stand side by side.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from corpus.article import Article, Span
from corpus.dates import Interval
from qa.amounts import Amount, amount_in, singular
from qa.answer import Quote
from qa.asked_value import Kind, asks_change, can_be, counted, kind_asked
from qa.candidates import names_and_numbers
from qa.dates.calendar import MONTH, WEEKDAY
from qa.dates.told import ToldDate, date_at, days_apart, happened, is_bound
from qa.names.alike import are_alike, merged
from qa.reprints import independent
from qa.stated import is_change, is_stated
from qa.stopwords import ENGLISH
from qa.subject import is_of_it, named_in, names_another

Label = Literal["figures differ", "different occasions"]
SURE = 0.6  # the best quote's probability, from which on its figures are set against others
LIKELY = 0.15  # of the best quote's probability: from there on a quote's value counts
APART = 30  # days from which on two events are two
_SHORT = 3  # letters; words of a place as short are not looked for by themselves
_PLACED = re.compile(
    r"(?P<lead>(?:in|at|near|off|outside|from)\s+)?(?:the\s+)?"
    r"(?P<name>[^\W\d_a-z][\w’'-]*(?:\s+(?:(?:of|the|de|la)\s+)?[^\W\d_a-z][\w’'-]*)*)"
)
_LEADS = re.compile(
    r"\b(?:in|at|near|off|outside|from)\s+(?:the\s+)?(?:(?:city|town|village|port)\s+of\s+)?\Z"
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_NAMES = re.compile(r"\s[^\W\d_]")  # after a year: "the 2017 vote", unless it is "in 2017 they voted"
_IN = re.compile(
    r"\b(?:in|of|during|early|late|mid|year|around|about|spring|summer|autumn|fall|winter)[\s-]\Z",
    re.IGNORECASE,
)
_CALENDAR = re.compile(f"{WEEKDAY}|{MONTH}")


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
class _Asked:
    question: str
    spellings: bool

    def is_same(self, name: str, other: str) -> bool:
        """Whether two names are one, word for word."""
        words, others = name.split(), other.split()
        return len(words) == len(others) and all(map(self._is_word, words, others))

    def is_within(self, name: str, text: str) -> bool:
        """Whether a text has the name, or one of its longer words."""
        if name.casefold() in text.casefold():
            return True
        long = [word for word in name.split() if len(word) > _SHORT]
        return any(self._is_word(word, other) for word in long for other in _WORD.findall(text))

    def as_one(self, *names: set[str]) -> list[set[str]]:
        """Sets of words, each word in the first of its spellings in any of them."""
        if not self.spellings:
            return list(names)
        first = merged(word for words in names for word in sorted(words))
        return [{first[word] for word in words} for words in names]

    def _is_word(self, word: str, other: str) -> bool:
        return are_alike(word, other) if self.spellings else word.casefold() == other.casefold()


@dataclass(frozen=True, slots=True)
class _Told:
    at: int
    quote: Quote
    kind: Kind
    value: Amount | ToldDate | Span

    @property
    def span(self) -> Span:
        return self.value if isinstance(self.value, Span) else self.value.span


def compared(
    question: str, quotes: Sequence[Quote], *, spellings: bool = True
) -> tuple[tuple[Difference, ...], tuple[Agreement, ...]]:
    """What the short answers of different articles differ and agree in; both empty where nothing compares.

    With `spellings`, names spelled alike are one: "Toqaev" and "Tokayev".
    """
    asked = _Asked(question, spellings)
    best = max((quote.score for quote in quotes), default=0.0)
    told = [
        found
        for at, quote in enumerate(quotes)
        if quote.score >= LIKELY * best
        and (found := _told(question, at, quote, spellings=spellings)) is not None
    ]
    groups: list[list[_Told]] = []
    for each in told:
        same = next((group for group in groups if _is_same(asked, group[0], each)), None)
        if same is None:
            groups.append([each])
        else:
            same.append(each)
    differences = []
    for group, other in combinations(groups, 2) if best >= SURE else ():
        pair = next(((one, two) for one in group for two in other if _differ(asked, one, two)), None)
        if pair is not None:
            differences.append(_difference(asked, *pair))
    agreements = []
    for group in groups:
        articles = list({each.quote.article.id: each.quote.article for each in group}.values())
        if len(articles) > 1 and not any(_are_two(asked, group[0], each) for each in group[1:]):
            unit = _unit(asked, group[0], group[1]) or ""
            values = tuple(Value(each.at, each.span) for each in group)
            agreements.append(Agreement(group[0].kind, unit, values, len(set(independent(articles)))))
    return tuple(differences), tuple(agreements)


def _difference(asked: _Asked, one: _Told, two: _Told) -> Difference:
    return Difference(
        one.kind,
        "different occasions" if _are_two(asked, one, two) else "figures differ",
        _unit(asked, one, two) or "",
        (Value(one.at, one.span), Value(two.at, two.span)),
    )


def _told(question: str, at: int, quote: Quote, *, spellings: bool) -> _Told | None:
    """The number, date or place that the question asks for in the short answer of a quote."""
    kind = kind_asked(question)
    if kind is None or quote.span is None:
        return None
    found = _FINDS[kind](quote.article, quote.span)
    if found is None or (isinstance(found, Amount) and not can_be(question, found)):
        return None
    told = _Told(at, quote, kind, found)
    if not is_stated(question, quote, told.span) or (
        is_change(quote, told.span) and not asks_change(question)
    ):
        return None
    if names_another(question, quote, told.span, spellings=spellings):
        return None
    if not is_of_it(question, quote, whole=kind == "date", spellings=spellings):
        return None
    return told


def _is_same(asked: _Asked, one: _Told, two: _Told) -> bool:
    left, right = one.value, two.value
    if one.kind != two.kind:
        return False
    if isinstance(left, Amount) and isinstance(right, Amount):
        return left.number == right.number and _unit(asked, one, two) is not None
    if isinstance(left, ToldDate) and isinstance(right, ToldDate):
        return left.is_same(right)
    return asked.is_same(_words(one), _words(two))


def _differ(asked: _Asked, one: _Told, two: _Told) -> bool:
    left, right = one.value, two.value
    if one.kind != two.kind or one.quote.article.id == two.quote.article.id:
        return False
    if isinstance(left, Amount) and isinstance(right, Amount):
        return _unit(asked, one, two) is not None and left.differs_from(right)
    if isinstance(left, ToldDate) and isinstance(right, ToldDate):
        return left.differs_from(right)
    # A place may lie in another: one that the other's sentence or title names too is no other place.
    said = [f"{each.quote.text} {each.quote.article.title or ''}" for each in (one, two)]
    return not (asked.is_within(_words(one), said[1]) or asked.is_within(_words(two), said[0]))


def _unit(asked: _Asked, one: _Told, two: _Told) -> str | None:
    """The unit that both numbers have; None where they have none in common. Dates and places have none."""
    left, right = one.value, two.value
    if not isinstance(left, Amount) or not isinstance(right, Amount):
        return ""
    unit = counted(asked.question)[:1]
    if left.rate != right.rate and not _names_rate(asked.question, left.rate, right.rate):
        return None
    here, there = left.units or unit, right.units or unit
    return next((unit for unit in here if unit in there), None)


def _names_rate(question: str, *rates: str | None) -> bool:
    """Whether the question says what is counted by, so that a number that doesn't say so is by that too."""
    words = {singular(word) for word in _WORD.findall(question)}
    return None in rates and any(rate in words for rate in rates)


def _are_two(asked: _Asked, one: _Told, two: _Told) -> bool:
    """Whether the two quotes tell of two events: far apart in time, or of different named subjects."""
    years = [isinstance(each.value, ToldDate) and each.value.year is not None for each in (one, two)]
    when, other = (None, None) if all(years) else (_happened(each) for each in (one, two))
    if when is not None and other is not None and days_apart(when, other) > APART:
        return True
    named = {name.casefold() for name in names_and_numbers(asked.question)}
    named, here, there = asked.as_one(named, *(named_in(each.quote, each.span) for each in (one, two)))
    if named & here & there or _share_a_topic(one, two, named):
        return False
    return bool(here - named) and bool(there - named) and not here & there


def _happened(told: _Told) -> Interval | None:
    if isinstance(told.value, ToldDate):
        return told.value.days
    return happened(told.quote.article, Span(told.quote.start, told.quote.end), told.span)


def _share_a_topic(one: _Told, two: _Told, named: set[str]) -> bool:
    """Whether the titles have a name in common that the question doesn't ask about."""
    titles = [
        {word.casefold() for word in _WORD.findall(each.quote.article.title or "") if word[0].isupper()}
        for each in (one, two)
    ]
    return bool(titles[0] & titles[1] - named - ENGLISH)


def _date_in(article: Article, within: Span) -> ToldDate | None:
    """The date in a short answer.

    None where it only bounds another, "the first since 2017", or is part of a name, "the 2017 vote".
    """
    found, text = date_at(article, within), article.text
    if found is None or is_bound(article, found.span):
        return None
    is_year = found.month is None and found.year is not None
    if is_year and _NAMES.match(text, found.span.end):
        return found if _IN.search(text, max(0, found.span.start - 15), found.span.start) else None
    return found


def _place_in(article: Article, within: Span) -> Span | None:
    """A name that is all of the short answer, where a preposition of place leads to it."""
    text = article.text
    found = _PLACED.fullmatch(text, within.start, within.end)
    if found is None or _CALENDAR.fullmatch(found["name"]):
        return None
    place = Span(found.start("name"), found.end("name"))
    return place if found["lead"] or _LEADS.search(text, max(0, place.start - 20), place.start) else None


def _words(told: _Told) -> str:
    return told.span.of(told.quote.article.text)


_FINDS: Mapping[Kind, Callable[[Article, Span], Amount | ToldDate | Span | None]] = {
    "number": lambda article, within: amount_in(article.text, within),
    "date": _date_in,
    "place": _place_in,
}
