"""How a question was asked, as HTML: what was searched, and chips of all that made it so.

Each chip has a button: × asks again without it, + asks again with what was left out.
"""

from collections.abc import Iterable

from qa.page import texts
from qa.page.markup import button, isolated
from qa.page.record import Record


def searched(record: Record) -> str:
    """A line a kind of chip, and what was searched where that is not what was typed; empty without any."""
    chosen = record.chosen
    within = texts.WITHIN_AS_BEFORE if record.chosen_before else texts.WITHIN
    lines = [
        _line(texts.TAKEN_OVER, (_without(piece, "piece", piece) for piece in record.carried)),
        _line(within, _filters(record)),
        *(_spellings(name, spellings) for name, spellings in record.variants.items()),
        _line(texts.DATES_TAKEN, (_dated(**date) for date in record.dates)),
        _line(
            texts.LEFT_OUT,
            [
                *(_with(piece, "piece", piece) for piece in record.dropped),
                *(_with(spelling, "spelling", spelling) for spelling in chosen.without),
                *(_with(texts.SWITCHES[name], "off", name) for name in chosen.off),
            ],
        ),
    ]
    whole = record.searched
    said = f"<li>{texts.SEARCHED} {isolated(whole)}</li>" if whole != record.question else ""
    undated = f"<li>{texts.undated(record.undated)}</li>" if record.undated else ""
    items = f"{said}{''.join(lines)}{undated}"
    return f'<ul class="asked" aria-label="{texts.ASKED_AS}">{items}</ul>' if items else ""


def _filters(record: Record) -> Iterable[str]:
    chosen = record.chosen
    yield from (_without(name, "source", name) for name in chosen.sources)
    event = chosen.by == "event"
    for what, day in (("since", chosen.since), ("until", chosen.until)):
        if day:
            yield _without(texts.bound(what, day, event=event), what, day)
    if chosen.said_by:
        yield _without(texts.SAID_BY_CHIP.format(name=chosen.said_by), "said_by", chosen.said_by)


def _spellings(name: str, spellings: Iterable[str]) -> str:
    others = (_without(each, "spelling", each) for each in spellings if each != name)
    return _line(texts.NAME_AS.format(name=isolated(name)), others)


def _dated(asked: str, first: str, last: str) -> str:
    days = " – ".join(dict.fromkeys((first, last)))
    return _chip(f"{asked}: {days}", texts.LEAVE_OUT_DATES, "×", "off", "dates")


def _line(lead: str, chips: Iterable[str]) -> str:
    shown = " ".join(chips)
    return f'<li><span class="lead">{lead}</span> {shown}</li>' if shown else ""


def _without(words: str, what: str, value: str) -> str:
    return _chip(words, texts.LEAVE_OUT.format(words=words), "×", what, value)


def _with(words: str, what: str, value: str) -> str:
    return _chip(words, texts.TAKE_BACK.format(words=words), "+", what, value)


def _chip(words: str, label: str, sign: str, what: str, value: str) -> str:
    """`label` says what the button does, for who hears the page."""
    changes = button(sign, "change", label=label, kind="change", what=what, value=value)
    return f'<span class="chip{"" if sign == "×" else " off"}">{isolated(words)}{changes}</span>'
