"""Where a text mentions a date, in English or Russian, and of what kind the mention is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qa.dates.calendar import MONTH, MONTHS, WEEKDAY

Form = Literal["whole", "day", "month", "weekday", "span", "today", "ago"]

_ENGLISH = {
    **{month[:3].lower(): month for month in MONTHS},
    "янв": "January", "фев": "February", "мар": "March", "апр": "April", "мая": "May", "май": "May",
    "мае": "May", "июн": "June", "июл": "July", "авг": "August", "сен": "September", "окт": "October",
    "ноя": "November", "дек": "December",
}  # fmt: skip
_MONTH = (
    rf"(?:{MONTH}|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?|"
    r"(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ьяе]|март[ае]?|ма[йяе]|август[ае]?)"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_UNIT = r"(?:day|week|month|year)"
_COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_UNIT_RU = r"(?:дн(?:я|ей)|недел[юиь]|месяц(?:а|ев)?|год(?:а)?|лет)"
_BEFORE_MONTH = "|".join(
    rf"(?<=\b{word} )"
    for word in ("[Ii]n", "[Ss]ince", "of", "[Ll]ast", "[Tt]his", "[Ee]arly", "[Ll]ate", "by", "[Вв]")
)

# Tried in this order at each place; the first that fits is what stands there.
_FORMS: tuple[tuple[Form, str], ...] = (
    ("whole", r"(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"),
    ("whole", rf"(?P<m1>{_MONTH}) (?P<d1>{_DAY}),? (?P<y1>{_YEAR})\b"),
    ("whole", rf"(?P<d2>{_DAY}) (?:of )?(?P<m2>{_MONTH}),? (?P<y2>{_YEAR})\b"),
    ("day", rf"(?P<m3>{_MONTH}) (?P<d3>{_DAY})(?![\w:])"),
    ("day", rf"(?P<d4>{_DAY}) (?:of )?(?P<m4>{_MONTH})(?!\w)"),
    ("month", rf"(?P<m5>{_MONTH})(?: of)?,? (?P<y5>{_YEAR})\b"),
    ("month", rf"(?:{_BEFORE_MONTH})(?P<m6>{_MONTH})(?!\w)"),
    ("span", r"\b(?P<when>last|past|previous|this|next) (?P<unit>week|month|year)\b(?!-)"),
    ("span", r"\b(?P<when_ru>прошл|эт|следующ)(?:ой|ом|ем|ей) (?P<unit_ru>недел|месяц|год)\w*"),
    ("ago", rf"\b(?P<count>{_COUNT}) (?P<units>{_UNIT})s? (?:ago|earlier)\b"),
    ("ago", rf"\b(?P<count_ru>\d{{1,2}} )?(?P<units_ru>{_UNIT_RU}) назад"),
    ("weekday", rf"(?:\b(?P<which>last|this|next) )?\b(?P<weekday>{WEEKDAY})\b(?!s)"),
    ("today", r"\b(?P<today>yesterday|today|tomorrow|вчера|сегодня|завтра)\b"),
    ("whole", rf"(?<![\w$€£.,-])(?P<year>{_YEAR})(?![\w%]|[.,]\d|-\d| (?:people|percent|dollars|miles))"),
)  # fmt: skip
_BEGINS = r"(?<!\w)(?=[\dJFMASONDTWlptnyaosefавдзмпсэгнляфиок])"  # all that any of them begins with
_ANY = re.compile(
    f"{_BEGINS}(?:" + "|".join(f"(?P<f{at}>{pattern})" for at, (_, pattern) in enumerate(_FORMS)) + ")"
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A mention of a date, at offsets of a text.

    `words` are in the English that the resolver takes: `22 February 2020`, `last month`, `Monday`.
    """

    start: int
    end: int
    form: Form
    words: str


def expressions(text: str) -> Iterator[Expression]:
    """The mentions of dates in a text, in order; they don't overlap."""
    for match in _ANY.finditer(text):
        at = next(at for at in range(len(_FORMS)) if match[f"f{at}"] is not None)
        found = {name: value for name, value in match.groupdict().items() if value is not None}
        yield Expression(match.start(), match.end(), _FORMS[at][0], _plain(found))


def _plain(found: dict[str, str]) -> str:
    parts = {name.rstrip("0123456789"): value for name, value in found.items() if not name.startswith("f")}
    if "m" in parts:
        day = re.sub(r"\D", "", parts.get("d", ""))
        return " ".join(part for part in (day, _ENGLISH[parts["m"][:3].lower()], parts.get("y", "")) if part)
    if "unit_ru" in parts:
        when = {"прошл": "last", "эт": "this", "следующ": "next"}[parts["when_ru"]]
        return f"{when} {_unit(parts['unit_ru'])}"
    if "units_ru" in parts:
        return f"{(parts.get('count_ru') or '1').strip()} {_unit(parts['units_ru'])} ago"
    if "unit" in parts:
        return f"{'last' if parts['when'] in ('past', 'previous') else parts['when']} {parts['unit']}"
    if "units" in parts:
        return f"{parts['count']} {parts['units']} ago"
    if "weekday" in parts:
        return " ".join(part for part in (parts.get("which", ""), parts["weekday"]) if part)
    if "today" in parts:
        return {"вчера": "yesterday", "сегодня": "today", "завтра": "tomorrow"}.get(
            parts["today"], parts["today"]
        )
    return parts.get("iso") or parts["year"]


def _unit(russian: str) -> str:
    begins = {"дн": "day", "не": "week", "ме": "month", "го": "year", "ле": "year"}
    return begins[russian[:2]]
