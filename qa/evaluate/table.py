"""A run, or a comparison of two, as lines for a terminal."""

from collections.abc import Iterator

from qa.evaluate.abstention import Abstention
from qa.evaluate.calibrating import Fitted
from qa.evaluate.compare import Comparison
from qa.evaluate.names import ABSTENTION, CONFIDENCE, GROUPS, MEASURES
from qa.evaluate.statistics import Estimate
from qa.evaluate.summary import Summary
from qa.evaluate.switching import switched_lines

_MEANING = 51  # the width of the longest


def described(summary: Summary) -> str:
    """What was measured, in a sentence."""
    about = summary.about
    mode = about["mode"] if about["mode"] == "hybrid" else f"{about['mode']} (answers: hybrid)"
    drawn = "a sample of " if about["sample"] is not None else ""
    return (
        f"{drawn}{summary.questions:,} questions ({summary.unanswerable:,} without an answer) over "
        f"{about['articles']:,} articles; mode {mode}, encoder {about['encoder']}, "
        f"threshold {about['threshold']}"
    )


def summary_lines(summary: Summary) -> Iterator[str]:
    """The measures of a run, each with its meaning, interval and questions."""
    yield f"{summary.about['set']}: {described(summary)}"
    for group, measures in summary.measures.items():
        yield from _heading(GROUPS[group])
        for name, estimate in measures.items():
            of = summary.answerable if group == "answers" else None
            yield _measure(name, MEASURES[name], estimate, of)
    found = [line for line in abstention_lines(summary.abstention) if line]
    if found:
        yield from _heading(CONFIDENCE)
        yield from found
    yield ""
    for name, times in summary.latency_ms.items():
        yield f"  one {name:<8} {times['p50']:,.1f} ms (p50), {times['p95']:,.1f} ms (p95)"
    yield f"  variants and dates make a search {summary.growth:.2f} times as long"
    yield from switched_lines(summary.switched)


def abstention_lines(abstention: Abstention) -> Iterator[str]:
    """Each measure of confidence that the questions allow."""
    for field, (name, meaning) in ABSTENTION.items():
        value = getattr(abstention, field)
        if isinstance(value, Estimate):
            yield _measure(name, meaning, value, None)
        elif value is not None:
            yield f"  {name:<11} {meaning:<{_MEANING}} {value:>6.3f}"


def calibration_lines(fitted: Fitted) -> Iterator[str]:
    """What was fitted, and how it does where it was not."""
    yield f"fitted on {fitted.questions['fitted on']:,} questions; threshold {fitted.calibration.threshold}"
    for name, abstention in fitted.unseen.items():
        yield from _heading(f"{name}, the other half: {fitted.questions[name]:,} questions")
        yield from abstention_lines(abstention)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Each measure of both runs with its verdict, and the questions that changed most."""
    yield f"{comparison.questions:,} questions in both runs"
    yield ""
    yield f"  {'':<22} {'A':>6} {'B':>6}  {'B minus A':<24} {'p (Holm)':<9} questions"
    for each in comparison.differences:
        difference = each.difference
        interval = f"{difference.mean:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"
        yield (
            f"  {each.measure:<22} {each.first:>6.3f} {each.second:>6.3f}  {interval:<24} "
            f"{each.p:<9.4f} {difference.n:>9,}  {each.verdict}"
        )
    yield ""
    yield comparison.verdict
    for title, changed in (("better in B:", comparison.better), ("worse in B:", comparison.worse)):
        if changed:
            yield from ("", title)
        for question in changed:
            yield f"  {question.measure}  {question.first:.2f} → {question.second:.2f}  {question.question}"


def _heading(title: str) -> tuple[str, ...]:
    return "", f"{title:<{_MEANING + 15}}{'mean':>6}  {'95 % interval':<16} {'questions':>9}"


def _measure(name: str, meaning: str, estimate: Estimate, of: int | None) -> str:
    interval = f"{estimate.low:>6.3f} to {estimate.high:<6.3f}"
    line = f"  {name:<11} {meaning:<{_MEANING}} {estimate.mean:>6.3f}  {interval} {estimate.n:>9,}"
    return f"{line} of {of:,}" if of else line
