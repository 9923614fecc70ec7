"""Verifies an answer: whether every word of it is in the archive, where it says it is.

Nothing in the answer's JSON is trusted, neither its types nor its offsets.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.article import Article, sha256_of
from corpus.errors import InputError
from qa import rows
from qa.answer import QuoteStatus, Verdict, article_facts
from qa.archive import Archive

OK, ALTERED, CHANGED, REMOVED = "ok", "altered", "article changed", "article removed"


def verify(answer: object, archive: Archive) -> Verdict:
    """Compares an answer, as `ask --json` prints it, with the archive as it is now.

    Raises InputError where it is not an answer at all.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("quotes"), list):
        raise InputError("this is no answer: expected the JSON object that `ask --json` prints")
    related = answer.get("related", [])
    if not isinstance(related, list):
        raise InputError("this is no answer: 'related' is not a list")
    quotes = [_quote_status(quote, number, archive) for number, quote in enumerate(answer["quotes"], 1)]
    near = [_status(passage, number, archive) for number, passage in enumerate(related, 1)]
    problems = [*_overlaps(answer["quotes"]), *_contradictions(answer)]
    sound = all(status.status == OK for status in [*quotes, *near]) and not problems
    return Verdict(sound, quotes, near, problems)


def _quote_status(quote: object, number: int, archive: Archive) -> QuoteStatus:
    status = _status(quote, number, archive)
    if status.status != OK or not isinstance(quote, dict):
        return status
    if type(quote.get("n")) is not int or quote["n"] != number:
        return QuoteStatus(number, ALTERED, f"its number is {quote.get('n')!r}, expected {number}")
    if quote.get("as_of", quote["article"]["published"]) != quote["article"]["published"]:
        return QuoteStatus(number, ALTERED, "it is told as of a day that is not its article's")
    span = quote.get("span")
    if span is not None and not _is_inside(span, quote):
        return QuoteStatus(number, ALTERED, "its span is not words inside the quote")
    if not _is_voice(quote.get("voice"), quote):
        return QuoteStatus(number, ALTERED, "its speaker and verb are not words inside the quote")
    return next(_unsound_reprints(quote, number, archive), status)


def _unsound_reprints(quote: Mapping[str, Any], number: int, archive: Archive) -> Iterator[QuoteStatus]:
    """What is wrong with the articles that print the quote too; answers of before have no such list."""
    reprints = quote.get("reprints", [])
    if not isinstance(reprints, list):
        yield QuoteStatus(number, ALTERED, "its reprints are not a list")
        return
    for at, reprint in enumerate(reprints, 1):
        found = _status(reprint, number, archive)
        if found.status != OK:
            yield QuoteStatus(number, found.status, f"reprint {at}: {found.detail}")


def _status(shown: object, number: int, archive: Archive) -> QuoteStatus:
    if not isinstance(shown, dict) or not isinstance(shown.get("article"), dict):
        return QuoteStatus(number, ALTERED, "it names no article")
    facts, id = shown["article"], shown["article"].get("id")
    if not isinstance(id, str):
        return QuoteStatus(number, ALTERED, "its article has no id")
    article, furniture = _stored(archive, id)
    if article is None:
        return QuoteStatus(number, REMOVED, f"no article in the archive has the id {id!r}")
    if facts.get("sha256") != sha256_of(article.text):
        return QuoteStatus(number, CHANGED, "the article's text has another hash now")
    wrong = [
        name for name, value in article_facts(article).items() if name not in facts or facts[name] != value
    ]
    if wrong:
        return QuoteStatus(number, ALTERED, f"the article's {', '.join(wrong)} differ from the archive's")
    if _slice(article.text, shown) is None or shown.get("text") != _slice(article.text, shown):
        return QuoteStatus(number, ALTERED, "the words are not those at its offsets")
    if any(start < shown["end"] and shown["start"] < end for start, end in furniture):
        return QuoteStatus(number, ALTERED, "it takes in page furniture, which is never quoted")
    if "page" in shown and shown["page"] != article.page_at(shown["start"]):
        return QuoteStatus(number, ALTERED, f"it stands on page {article.page_at(shown['start'])}")
    return QuoteStatus(number, OK, "")


def _stored(archive: Archive, id: str) -> tuple[Article | None, list[tuple[int, int]]]:
    with archive.reading() as connection:
        article = rows.find_article(connection, id)
        marks = rows.furniture_of(connection, id) if article else []
    return article, [(mark.start, mark.end) for mark in marks]


def _slice(text: str, shown: Mapping[str, Any]) -> str | None:
    """The words at the offsets shown; None where those are not offsets into the text."""
    start, end = shown.get("start"), shown.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return None
    return text[start:end]


def _is_voice(voice: object, quote: Mapping[str, Any]) -> bool:
    """Whether the words that tell who speaks lie within the quote; answers of before have none."""
    if voice is None:
        return True
    if not isinstance(voice, dict):
        return False
    told = [voice.get(part) for part in ("speaker", "verb")]
    return all(words is None or _is_inside(words, quote) for words in told)


def _is_inside(span: object, quote: Mapping[str, Any]) -> bool:
    """Whether a span lies within its quote, whose own offsets are known to be right."""
    if not isinstance(span, dict):
        return False
    start, end = span.get("start"), span.get("end")
    if type(start) is not int or type(end) is not int or not quote["start"] <= start < end <= quote["end"]:
        return False
    within = str(quote["text"])[start - quote["start"] : end - quote["start"]]
    return bool(span.get("text") == within)


def _overlaps(quotes: list[Any]) -> list[str]:
    """Quotes that share a character with one before, as far as they have offsets at all."""
    places = sorted(
        (quote["article"]["id"], quote["start"], quote["end"], number)
        for number, quote in enumerate(quotes, 1)
        if isinstance(quote, dict)
        and isinstance(quote.get("article"), dict)
        and isinstance(quote["article"].get("id"), str)
        and type(quote.get("start")) is int
        and type(quote.get("end")) is int
    )
    found = []
    last_id, last_end, last_number = "", 0, 0
    for id, start, end, number in places:
        if id == last_id and start < last_end:
            found.append(f"quotes {last_number} and {number} overlap")
        if id != last_id or end > last_end:
            last_id, last_end, last_number = id, end, number
    return found


def _contradictions(answer: Mapping[str, Any]) -> list[str]:
    """What the answer says of itself and its quotes deny."""
    found = []
    abstained, quotes = answer.get("abstained"), answer["quotes"]
    if abstained is not (not quotes):
        found.append(f"'abstained' is {abstained!r}, and there are {len(quotes)} quotes")
    sure, threshold = answer.get("confidence"), answer.get("threshold")
    if not _is_share(sure) or not _is_share(threshold):
        found.append("'confidence' and 'threshold' are not both numbers from 0 to 1")
    elif (sure < threshold) is not (not quotes):  # type: ignore[operator]
        found.append(
            f"the confidence is {sure}, the threshold {threshold}, and there are {len(quotes)} quotes"
        )
    found += [
        f"{name!r} has a value that is not words inside its quote"
        for name in ("differences", "agreements")
        if not _are_compared(answer.get(name, []), quotes)
    ]
    if quotes and answer.get("related"):
        found.append("there are quotes, and passages that are marked as no answer")
    return found


def _are_compared(compared: object, quotes: list[Any]) -> bool:
    """Whether each value of differences or agreements lies within the quote it names."""
    if not isinstance(compared, list):
        return False
    for each in compared:
        values = each.get("values") if isinstance(each, dict) else None
        if not isinstance(values, list) or not all(_is_of_a_quote(value, quotes) for value in values):
            return False
    return True


def _is_of_a_quote(value: object, quotes: list[Any]) -> bool:
    if not isinstance(value, dict) or type(value.get("n")) is not int or not 1 <= value["n"] <= len(quotes):
        return False
    quote = quotes[value["n"] - 1]
    has_place = isinstance(quote, dict) and all(type(quote.get(end)) is int for end in ("start", "end"))
    return has_place and _is_inside(value, quote)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
