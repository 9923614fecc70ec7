"""What a question was taken to mean, as HTML: the spellings searched, each to be left out; the dates."""

from qa.page import texts
from qa.page.markup import button, isolated
from qa.page.record import Record


def searched(record: Record) -> str:
    """A line for each name and each date that was taken for more than its words; empty where none was."""
    lines = [_spellings(name, spellings) for name, spellings in record.variants.items()]
    lines += [_dated(date["asked"], date["first"], date["last"]) for date in record.dates]
    left_out = "".join(_button(each, texts.TAKE_BACK, sign="+") for each in record.chosen.without)
    if left_out:
        lines.append(f"{texts.LEFT_OUT} {left_out}")
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<ul class="searched" aria-label="{texts.TAKEN_FOR}">{items}</ul>' if items else ""


def _spellings(name: str, spellings: list[str]) -> str:
    others = [_button(each, texts.LEAVE_OUT, sign="×") for each in spellings if each != name]
    return f"{texts.SEARCHED} {' · '.join([isolated(name), *others])}"


def _dated(asked: str, first: str, last: str) -> str:
    days = " – ".join(isolated(day) for day in dict.fromkeys((first, last)))
    return f"{isolated(asked)}: {days}"


def _button(spelling: str, label: str, *, sign: str) -> str:
    """A button that asks again without the spelling, or with it."""
    words = f'{isolated(spelling)} <span aria-hidden="true">{sign}</span>'
    return button(words, "spelling", label=label.format(spelling=spelling), kind="tool", spelling=spelling)
