"""What kind of value a question asks for, by its words, and which amounts can be one. English only."""

import re
from typing import Literal

from qa.amounts import Amount, singular
from qa.stopwords import ENGLISH

Kind = Literal["number", "date", "place"]
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
_ASKS_AGE = re.compile(r"\bhow old\b|\b(?:what|which) (?:is|was) the age\b", re.IGNORECASE)
_ASKS_SHARE = re.compile(r"\b(?:percentage|percent|(?:what|which|how large a) share)\b", re.IGNORECASE)
_ASKS_MONEY = re.compile(
    r"\b(?:costs?|prices?|salary|budget)\b|"
    r"\bhow much\b.*\b(?:pay|paid|earn(?:ed)?|owed?|spen[dt]|raised?|fined?)\b",
    re.IGNORECASE,
)
_ASKS_CHANGE = re.compile(
    r"\b(?:rise|rose|risen|raised?|fall|fell|fallen|drop(?:ped)?|increased?|decreased?|decline[ds]?|grow[ns]?|grew|"
    r"cut|gain(?:ed)?|lose|lost|jump(?:ed)?|climb(?:ed)?|change[ds]?|shr[aiu]nk|plunged?|soar(?:ed)?)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\bhow many ((?:[^\W\d_]+\s?){1,3})", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_MONEY = frozenset(
    """
    $ € £ ¥ dollar euro pound yen yuan cent crown krone krona franc ruble rouble rupee peso lira zloty
    hryvnia tenge som real rand shekel won
    """.split()  # noqa: SIM905
)
_PEOPLE = frozenset("people person death victim casualty fatality life".split())  # noqa: SIM905
_MEASURES = _MONEY | {"day", "hour", "minute", "second", "percent", "mile", "kilometre", "kilometer", "km"}


def kind_asked(question: str) -> Kind | None:
    """Whether a question asks for a date, a place or a number; None where it asks for something else."""
    if _ASKS_DATE.search(question):
        return "date"
    if _ASKS_PLACE.search(question):
        return "place"
    return "number" if _ASKS_NUMBER.search(question) else None


def asks_change(question: str) -> bool:
    """Whether a question asks by how much something changed."""
    return _ASKS_CHANGE.search(question) is not None


def counted(question: str) -> tuple[str, ...]:
    """The words, in the singular, of which one names what "how many" asks the number of."""
    found = _COUNTED.search(question)
    kept: list[str] = []
    for word in _WORD.findall(found[1]) if found else ():
        if word.casefold() in ENGLISH:
            break
        kept.append(word)
    return tuple(singular(word) for word in [each for each in kept if each.islower()] or kept)


def can_be(question: str, amount: Amount) -> bool:
    """Whether an amount has the unit that a question asks for, as far as its words tell.

    People are counted under many names (workers, passengers): there any unit will do that is no measure.
    """
    units = set(amount.units)
    if _ASKS_AGE.search(question):
        return not units or "day" in units
    if _ASKS_SHARE.search(question):
        return "percent" in units
    if asked := set(counted(question)):
        if amount.is_compound:
            return False  # "a 12-mile road"
        return not units or bool(asked & units) or bool(asked & _PEOPLE and not units & _MEASURES)
    return not _ASKS_MONEY.search(question) or bool(units & _MONEY)
