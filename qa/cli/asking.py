"""The command that answers: ask."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable

from corpus.article import Article
from qa.answer import Answer, Quote
from qa.answerer import Answerer
from qa.cite import one_line
from qa.cli.output import count, opened, where, write
from qa.cli.searching import note_undated, parts
from qa.differences import Value
from qa.retriever import Retriever
from qa.voices import Voice

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def printers(articles: Iterable[Article]) -> str:
    """Who printed those articles, each name once, with how many where it is more than one: `AP (3), BBC`."""
    names = Counter(one_line(each.source or each.title or each.id) for each in articles)
    return ", ".join(f"{name} ({times:,})" if times > 1 else name for name, times in names.items())


def ask(options: Namespace) -> int:
    """Answers in quotes, or abstains."""
    with opened(options) as archive:
        retriever = Retriever(archive, reader=options.reader, calibration=options.calibration)
        answerer = Answerer(retriever, threshold=options.threshold)
        answer = answerer.ask(
            options.question,
            source=options.source,
            since=options.since,
            until=options.until,
            by=options.by,
            max_quotes=options.max_quotes,
            today=options.today,
            said_by=options.said_by,
            after=options.after,
            dropped=options.drop,
            parts=parts(options),
        )
        note_undated(retriever, options)
    if options.json:
        write(answer.to_json())
    else:
        _write_answer(answer)
    return 0


def _write_answer(answer: Answer) -> None:
    if answer.searched != answer.question:
        write(f"searched: {one_line(answer.searched)}")
        for piece in answer.follow_up.carried if answer.follow_up else ():
            write(f"  carried: {one_line(piece.text)}")
        write("")
    for number, quote in enumerate(answer.quotes, 1):
        write(f"[{number}] {_marked(quote)}")
        write(f"    {where(quote.article, quote.start, quote.end)}")
        if quote.voice is not None and quote.voice.kind != "own":
            write(f"    {_voice(quote.voice, quote.article)}")
        if quote.same_as is not None:
            write(f"    the same short answer as [{quote.same_as}]")
        if quote.reprints:
            names = printers(reprint.article for reprint in quote.reprints)
            write(f"    and {count(len(quote.reprints), 'reprint')}: {names}")
        write("")
    for searched in answer.variants.values():
        write(f"searched: {' · '.join(one_line(each) for each in searched)}")
    for date in answer.dates:
        days = " to ".join(dict.fromkeys((date["first"], date["last"])))
        write(f"taken for {days}: {one_line(date['asked'])}")
    _write_compared(answer)
    if not answer.abstained:
        write(f"confidence {answer.confidence:.2f}")
        return
    write(f"The archive doesn't say. {answer.reason}")
    write(f"confidence {answer.confidence:.2f}, threshold {answer.threshold:.2f}")
    if answer.related:
        write("\nNot an answer, but near:")
    for passage in answer.related:
        write(f"\n  {one_line(passage.text)}")
        write(f"  {where(passage.article, passage.start, passage.end)}")


def _write_compared(answer: Answer) -> None:
    for difference in answer.differences:
        sides = " · ".join(_side(answer, value) for value in difference.values)
        write(f"{difference.label}: {sides}\n")
    for agreement in answer.agreements:
        sides = " · ".join(_side(answer, value) for value in agreement.values)
        write(f"agree, {count(agreement.sources, 'independent source')}: {sides}\n")


def _side(answer: Answer, value: Value) -> str:
    article = answer.quotes[value.at].article
    known = ", ".join(one_line(fact) for fact in (article.source, article.published) if fact)
    return f"{one_line(value.span.of(article.text))} [{value.at + 1}] {known}".rstrip()


def _voice(voice: Voice, article: Article) -> str:
    speaker = f", by {one_line(voice.speaker.of(article.text))}" if voice.speaker else ""
    return f"{voice.kind} speech{speaker}"


def _marked(quote: Quote) -> str:
    """The quote on one line, its short answer bold where a terminal reads it."""
    if quote.span is None or not sys.stdout.isatty():
        return one_line(quote.text)
    text, span = quote.article.text, quote.span
    before, after = text[quote.start : span.start], text[span.end : quote.end]
    left = " " * before.endswith((" ", "\n"))
    right = " " * after.startswith((" ", "\n"))
    return f"{one_line(before)}{left}{_BOLD}{one_line(span.of(text))}{_PLAIN}{right}{one_line(after)}"
