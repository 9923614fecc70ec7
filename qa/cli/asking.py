"""The commands that put a question: search and ask."""

from argparse import Namespace

from qa.answer import Answer
from qa.answerer import Answerer
from qa.cite import one_line
from qa.cli.output import count, note, opened, where, write, write_json
from qa.retriever import Retriever


def search(options: Namespace) -> int:
    """Finds passages."""
    with opened(options) as archive:
        retriever = Retriever(archive)
        hits = retriever.search(
            options.question,
            options.k,
            source=options.source,
            since=options.since,
            until=options.until,
            mode=options.mode,
            rerank=options.rerank,
        )
        _note_undated(retriever, options)
    if options.json:
        write_json(
            [
                {
                    "article_id": hit.article_id,
                    "start": hit.start,
                    "end": hit.end,
                    "text": hit.text,
                    "score": hit.score,
                    "title": hit.article.title,
                    "source": hit.article.source,
                    "published": hit.article.published,
                }
                for hit in hits
            ]
        )
        return 0
    for number, hit in enumerate(hits, 1):
        write(f"{number}. {one_line(hit.text)}")
        write(f"   {where(hit.article, hit.start, hit.end)} · score {hit.score:.3f}")
        write("")
    if not hits:
        note("no passage was found")
    return 0


def ask(options: Namespace) -> int:
    """Answers in quotes, or abstains."""
    with opened(options) as archive:
        answerer = Answerer(Retriever(archive), threshold=options.threshold)
        answer = answerer.ask(
            options.question,
            source=options.source,
            since=options.since,
            until=options.until,
            max_quotes=options.max_quotes,
            today=options.today,
        )
        _note_undated(answerer.retriever, options)
    if options.json:
        write(answer.to_json())
    else:
        _write_answer(answer)
    return 0


def _write_answer(answer: Answer) -> None:
    for number, quote in enumerate(answer.quotes, 1):
        write(f"[{number}] {one_line(quote.text)}")
        write(f"    {where(quote.article, quote.start, quote.end)}")
        write("")
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


def _note_undated(retriever: Retriever, options: Namespace) -> None:
    limits = retriever.limits(options.source, options.since, options.until)
    left_out = retriever.snapshot().columns.undated(limits) if limits else 0
    if left_out:
        note(f"{count(left_out, 'article')} without a date left out by --since or --until")
