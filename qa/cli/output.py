"""How results reach the terminal: one JSON document, or lines for people."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from corpus.article import Article
from embeddings.encoder import Progress
from qa.archive import Archive
from qa.as_json import as_json
from qa.cite import one_line, pages_of
from qa.sample import open_archive


def write(text: str) -> None:
    """A line on stdout."""
    sys.stdout.write(text + "\n")


def write_json(document: object) -> None:
    """The one JSON document on stdout."""
    write(as_json(document))


def note(text: str) -> None:
    """A line on stderr, for whoever looks on."""
    sys.stderr.write(f"note: {one_line(text)}\n")


def note_unwritten(archive: Archive) -> None:
    """Says so where the indexes could not be written after a change."""
    if archive.milvus is not None:
        if archive.milvus.trouble is not None:
            note(
                f"stored, but not brought to where it is searched yet: {archive.milvus.trouble} "
                "(the next command that reaches it does so)"
            )
        return
    if archive.on_disk().lacking:
        archive.mend_derived()  # on a server others may have written since
    if archive.on_disk().lacking:
        note(
            f"{archive.name}: the indexes could not be written, searches make them in memory; "
            "free some space and run `python -m qa optimize`"
        )


def count(number: int, thing: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def where(article: Article, start: int, end: int) -> str:
    """Source, title, date and place of words, as far as they are known; the id where no name is."""
    names = (article.source, article.title) if article.source or article.title else (article.id,)
    known = [*names, article.published, pages_of(article, start, end)]
    facts = [one_line(fact) for fact in known if fact]
    return " · ".join([*facts, f"characters {start}–{end}"])


@contextmanager
def opened(options: Namespace) -> Iterator[Archive]:
    """The archive that the options name, or the default one."""
    with (
        progress("encoding the sample") as (told, _),
        open_archive(options.archive, progress=told) as archive,
    ):
        yield archive


@contextmanager
def progress(work: str) -> Iterator[tuple[Progress | None, Progress | None]]:
    """A bar on stderr: what it is told of passages that are done, and of how many are expected.

    It shows passages a second, and the time left once a number is expected. Both are None where
    stderr is no terminal.
    """
    if not sys.stderr.isatty():
        yield None, None
        return
    from rich.console import Console  # noqa: PLC0415  (only a terminal needs it)
    from rich.progress import Progress as Bar  # noqa: PLC0415
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} passages, {task.fields[rate]:,.0f} a second"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=60) as bar:
        task = bar.add_task(work, total=None, visible=False, rate=0.0)

        def told(passages: int) -> None:
            rate = bar.tasks[0].speed or 0.0
            bar.update(task, advance=passages, visible=True, rate=rate)

        yield told, lambda whole: bar.update(task, total=whole)
