"""The command that finds passages: search, and what it has in common with ask."""

from argparse import Namespace

from qa.cite import one_line
from qa.cli.output import count, note, opened, where, write, write_json
from qa.parts import NAMES, Parts
from qa.retriever import Retriever


def search(options: Namespace) -> int:
    """Finds passages."""
    with opened(options) as archive:
        retriever = Retriever(archive, reader=options.reader, calibration=options.calibration)
        hits = retriever.search(
            options.question,
            options.k,
            source=options.source,
            since=options.since,
            until=options.until,
            by=options.by,
            mode=options.mode,
            rerank=options.rerank,
            parts=parts(options),
            today=options.today,
        )
        note_undated(retriever, options)
    if options.json:
        write_json([hit.to_dict() for hit in hits])
        return 0
    for number, hit in enumerate(hits, 1):
        write(f"{number}. {one_line(hit.text)}")
        write(f"   {where(hit.article, hit.start, hit.end)} · score {hit.score:.3f}")
        write("")
    if not hits:
        note("no passage was found")
    return 0


def parts(options: Namespace) -> Parts:
    """The parts that no option leaves out."""
    wanted = {name: not getattr(options, f"no_{name}", False) for name in NAMES}
    return Parts(**wanted, without=tuple(options.without or ()))


def note_undated(retriever: Retriever, options: Namespace) -> None:
    """Tells how many articles the days leave out for having none."""
    limits = retriever.limits(options.source, options.since, options.until, options.by)
    left_out = retriever.snapshot().columns.undated(limits) if limits else 0
    if left_out:
        note(f"{count(left_out, 'article')} without a date left out by --since or --until")
