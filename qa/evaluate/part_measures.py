"""What each part of an answer is worth: the same question asked with it, and without."""

from collections.abc import Sequence
from dataclasses import replace

from qa.answer import Answer
from qa.answerer import Answerer
from qa.evaluate.matching import Targets
from qa.evaluate.question_set import Question
from qa.parts import ALL

NOTHING = "nothing"  # what a question expects whose figures neither differ nor agree


def measure_parts(
    question: Question, answerer: Answerer, targets: Targets, answer: Answer
) -> dict[str, float]:
    """Measures of `answer`, each part's `on`, and of another without the part, its `off`.

    A question is of the part whose field it has: `after`, `said_by`, `expects`, or of the kind
    `reprint`; of none, it has no such measures.
    """
    found: dict[str, float] = {}
    if question.after:
        without = answerer.ask(question.text, after=question.after, parts=replace(ALL, follow_ups=False))
        found |= _pair("follow-up", *(_answers(targets, each, 1) for each in (answer, without)))
    if question.said_by is not None:
        found |= _pair(
            "voice", *(_answers(targets, each, 1) for each in (answer, answerer.ask(question.text)))
        )
    if question.kind == "reprint":
        without = answerer.ask(question.text, parts=replace(ALL, reprints=False))
        found |= _pair("reprint", *(_answers(targets, each, 3) for each in (answer, without)))
    if question.expects is not None:
        without = answerer.ask(question.text, parts=replace(ALL, differences=False))
        found |= _pair("figures", *(float(question.expects in _said(each)) for each in (answer, without)))
    return found


def _pair(part: str, on: float, off: float) -> dict[str, float]:
    return {f"{part}:on": on, f"{part}:off": off}


def _answers(targets: Targets, answer: Answer, count: int) -> float:
    """Whether one of the first quotes answers."""
    return float(any(targets.hit(each.article, each.start, each.end) for each in answer.quotes[:count]))


def _said(answer: Answer) -> Sequence[str]:
    """What an answer says of its figures."""
    told = [each.label for each in answer.differences] + ["agreement"] * bool(answer.agreements)
    return told or [NOTHING]
