"""The commands that measure: eval and compare."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import InputError
from qa.archive import Archive
from qa.cli.output import note, opened, progress, write, write_json
from qa.evaluate.check import faults, never_found
from qa.evaluate.compare import Comparison, compare
from qa.evaluate.evaluation import evaluate
from qa.evaluate.own import TEMPLATE
from qa.evaluate.question_set import QuestionSetError
from qa.evaluate.reading import read_question_set
from qa.evaluate.report import abstention_lines
from qa.evaluate.running import Told
from qa.evaluate.summary import Summary


def eval_set(options: Namespace) -> int:
    """Measures on a question set, or checks one, or prints the template."""
    if options.template:
        write(TEMPLATE.read_text(encoding="utf-8").rstrip("\n"))
        return 0
    if options.check:
        return _check(options)
    if options.dataset is None:
        raise InputError("name a question set, or a file with --check; `eval --help` tells the forms")
    if options.out and Path(options.out).is_file():
        raise InputError(f"{options.out} is a file; name a folder for the report")
    with _archive(options) as archive, progress("encoding the corpus") as encoding, _counted() as told:
        evaluation = evaluate(
            options.dataset,
            archive=archive,
            qrels=options.qrels,
            split=options.split,
            sample=options.sample,
            mode=options.mode,
            threshold=options.threshold,
            model=options.model,
            told=told,
            encoding=encoding,
        )
    if options.out:
        evaluation.write(options.out)
        note(f"the report is {Path(options.out) / 'report.html'}")
    if options.json:
        write_json(evaluation.summary.to_dict())
    else:
        _write_summary(evaluation.summary)
    return 0


def compare_runs(options: Namespace) -> int:
    """Compares two runs."""
    comparison = compare(options.first, options.second)
    if options.json:
        write_json(comparison.to_dict())
    else:
        _write_comparison(comparison)
    return 0


@contextmanager
def _archive(options: Namespace) -> Iterator[Archive | None]:
    """The archive to ask; None where the question set brings its own corpus."""
    if read_question_set(options.dataset, qrels=options.qrels, split=options.split).corpus is not None:
        yield None
        return
    with opened(options) as archive:
        yield archive


@contextmanager
def _counted() -> Iterator[Told | None]:
    """A bar of questions done on stderr, where stderr is a terminal; else None."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  (only a terminal needs it)
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _check(options: Namespace) -> int:
    try:
        questions = read_question_set(options.check, qrels=options.qrels, split=options.split)
    except QuestionSetError as error:
        found = [str(error)]
    else:
        with opened(options) as archive:
            found = faults(questions, archive)
            found = found or never_found(questions, archive)
    if options.json:
        write_json({"ok": not found, "faults": found})
    else:
        for fault in found:
            write(fault)
        write(f"{len(found)} to mend" if found else "every gold quote is where it should be")
    return 1 if found else 0


def _write_summary(summary: Summary) -> None:
    about = summary.about
    write(
        f"{about['set']}: {summary.questions} questions ({summary.unanswerable} unanswerable), "
        f"{about['articles']} articles, mode {about['mode']}, threshold {about['threshold']}"
    )
    for group, measures in summary.measures.items():
        write("")
        for name, estimate in measures.items():
            write(f"{group:<11}{name:<12}{estimate}   n={estimate.n}")
    write("")
    for name, value in abstention_lines(summary):
        write(f"{'confidence':<11}{name:<52}{value}")
    for name, times in summary.latency_ms.items():
        write(f"{'latency':<11}{name:<12}p50 {times['p50']:.1f} ms, p95 {times['p95']:.1f} ms")
    for warning in summary.warnings:
        note(warning)


def _write_comparison(comparison: Comparison) -> None:
    write(f"{comparison.questions} questions in both; B minus A, p after Holm")
    for each in comparison.differences:
        write(
            f"{each.measure:<22}{each.first:.3f} → {each.second:.3f}  {each.difference.mean:+.3f} "
            f"[{each.difference.low:+.3f}, {each.difference.high:+.3f}]  p={each.p:.4f}  {each.verdict}"
        )
    for title, changed in (("better in B", comparison.better), ("worse in B", comparison.worse)):
        if changed:
            write(f"\n{title}:")
        for question in changed:
            write(f"  {question.first:.2f} → {question.second:.2f}  {question.question}")
