"""The commands that measure: eval, calibrate and compare."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from corpus.errors import InputError
from embeddings.encoder import Progress
from qa.archive import Archive
from qa.cli.output import note, opened, write, write_json
from qa.cli.searching import parts
from qa.evaluate.calibrating import calibrate
from qa.evaluate.check import corpus_articles, faults, never_found
from qa.evaluate.compare import compare
from qa.evaluate.evaluation import evaluate
from qa.evaluate.own import TEMPLATE
from qa.evaluate.reading import read_question_set, read_what_can_be
from qa.evaluate.running import Told
from qa.evaluate.table import calibration_lines, comparison_lines, summary_lines


def eval_set(options: Namespace) -> int:
    """Measures on a question set, or checks one, or prints the template."""
    if options.template:
        return _template(options)
    if options.check:
        return _check(options)
    if options.dataset is None:
        raise InputError("name a question set, or a file with --check; `eval --help` tells the forms")
    if options.out:
        _make(Path(options.out))
    with _archive(options) as archive, _bars() as (encoding, told):
        evaluation = evaluate(
            options.dataset,
            archive=archive,
            qrels=options.qrels,
            split=options.split,
            sample=options.sample,
            mode=options.mode,
            threshold=options.threshold,
            reader=options.reader,
            calibration=options.calibration,
            parts=parts(options),
            on_off=archive is not None if options.on_off is None else options.on_off,
            model=options.model,
            told=told,
            encoding=encoding,
        )
    if options.json:
        write_json(evaluation.summary.to_dict())
    else:
        for line in summary_lines(evaluation.summary):
            write(line)
    for warning in evaluation.summary.warnings:
        note(warning)
    if options.out:
        evaluation.write(options.out)
        note(f"the report is {Path(options.out) / 'report.html'}")
    return 0


def calibrate_reader(options: Namespace) -> int:
    """Fits a calibration and writes it."""
    sets = [read_question_set(dataset) for dataset in options.datasets]
    own = any(each.corpus is None for each in sets)
    with ExitStack() as stack:
        archive = stack.enter_context(opened(options)) if own else None
        _, told = stack.enter_context(_bars())
        fitted = calibrate(
            options.datasets, archive=archive, reader=options.reader, model=options.model, told=told
        )
    try:
        Path(options.out).write_text(fitted.calibration.to_json(), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{options.out}: {error.strerror}; name a file that can be written") from None
    if options.json:
        write_json(fitted.to_dict())
        return 0
    for line in calibration_lines(fitted):
        write(line)
    note(f"written to {options.out}; give it to ask, search or eval with --calibration")
    return 0


def compare_runs(options: Namespace) -> int:
    """Compares two runs."""
    comparison = compare(options.first, options.second)
    if options.json:
        write_json(comparison.to_dict())
    else:
        for line in comparison_lines(comparison):
            write(line)
    for warning in comparison.warnings:
        note(warning)
    return 0


def _template(options: Namespace) -> int:
    text = TEMPLATE.read_text(encoding="utf-8").rstrip("\n")
    if options.json:
        write_json([json.loads(line) for line in text.splitlines()])
    else:
        write(text)
    return 0


def _make(folder: Path) -> None:
    """Makes the folder before the work begins, not after."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{folder} is a file, or in one; name a folder for the report") from None


@contextmanager
def _archive(options: Namespace) -> Iterator[Archive | None]:
    """The archive to ask; None where the question set brings its own corpus."""
    if read_question_set(options.dataset, qrels=options.qrels, split=options.split).corpus is None:
        with opened(options) as archive:
            yield archive
        return
    if options.archive:
        note("the question set has a corpus of its own, which is asked; --archive is left aside")
    yield None


@contextmanager
def _bars() -> Iterator[tuple[Progress | None, Told | None]]:
    """Passages encoded and questions asked, counted on stderr where it is a terminal; else neither."""
    if not sys.stderr.isatty():
        yield None, None
        return
    from rich.console import Console  # noqa: PLC0415  (only a terminal needs it)
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        corpus = bars.add_task("passages of the corpus encoded", total=None, visible=False)
        asked = bars.add_task("questions asked", total=None, visible=False)

        def encoding(texts: int) -> None:
            bars.update(corpus, advance=texts, visible=True)

        def told(done: int, total: int) -> None:
            bars.update(corpus, visible=False)
            bars.update(asked, completed=done, total=total, visible=True)

        yield encoding, told


def _check(options: Namespace) -> int:
    questions, found = read_what_can_be(options.check, qrels=options.qrels, split=options.split)
    if questions.corpus is not None:
        article = corpus_articles(questions.corpus)
        found = faults(questions.questions, article) or never_found(questions.questions, article)
    elif questions.questions:
        with opened(options) as archive:
            wrong = faults(questions.questions, archive.article)
            found += wrong or never_found(questions.questions, archive.article)
    if options.json:
        write_json({"ok": not found, "faults": found})
    else:
        for fault in found:
            write(fault)
        write(f"{len(found)} to mend" if found else "every gold quote is where it should be")
    return 1 if found else 0
