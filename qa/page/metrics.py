"""What the page counts and times, in Prometheus' text form. It keeps no word of any question."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from corpus.errors import InputError
from qa.answer import Answer
from qa.hit import Hit
from qa.page.holding import Holding
from qa.stages import STAGES, Stage

Endpoint = Literal["page", "ask", "search"]
Outcome = Literal["answered", "abstained", "refused", "failed"]
Said = Answer | Sequence[Hit] | BaseException
# Seconds: half a million passages are searched in some .02, a question is answered in some .1 (README).
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Meter:
    """The counters of one page, in a registry of their own. Threads may share it."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)  # its start, memory, processor time, open files
        self._questions = Counter(
            "onrecord_questions",
            "Questions put to the archive, and what came of them: answered (search: passages found), "
            "abstained, refused (the question or its filters can't be used), failed",
            ["endpoint", "outcome"],
            registry=registry,
        )
        self._abstentions = Counter(
            "onrecord_abstentions",
            "Questions that were not answered, by the answer's reason_code",
            ["reason_code"],
            registry=registry,
        )
        self._seconds = Histogram(
            "onrecord_stage_seconds",
            "Seconds that a question spent in a stage; whole is all of it, waiting in the queue apart; "
            "in a large archive encode is part of search",
            ["stage"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._asked_now = Gauge(
            "onrecord_questions_now", "Questions worked on at this moment", registry=registry
        )
        self._waiting = Gauge(
            "onrecord_queue_length", "Calls of the page that wait their turn", registry=registry
        )
        self._turned_away = Counter(
            "onrecord_queue_refusals", "Calls turned away because too many waited", registry=registry
        )
        self._held = {
            name: Gauge(f"onrecord_archive_{name}", about, registry=registry)
            for name, about in (
                ("generation", "Commits that the archive has seen; NaN where it can't be read"),
                ("articles", "Articles in the archive"),
                ("passages", "Passages in the archive"),
            )
        }
        for endpoint in get_args(Endpoint):
            for outcome in get_args(Outcome):
                self._questions.labels(endpoint, outcome)
        for stage in (*STAGES, "whole"):
            self._seconds.labels(stage)

    def watch(self, stage: Stage, /) -> AbstractContextManager[object]:
        """Times a stage."""
        return self._seconds.labels(stage).time()

    @contextmanager
    def question(self, endpoint: Endpoint) -> Iterator[Callable[[Said], None]]:
        """Times a question and counts what came of it: what is told of it, or the error that ends it."""

        def told(said: Said) -> None:
            self._questions.labels(endpoint, _outcome(said)).inc()
            if isinstance(said, Answer) and said.reason_code is not None:
                self._abstentions.labels(said.reason_code).inc()

        with self._asked_now.track_inprogress(), self._seconds.labels("whole").time():
            try:
                yield told
            except BaseException as error:
                told(error)
                raise

    def turned_away(self) -> None:
        """Counts a call that was told to come again."""
        self._turned_away.inc()

    def text(self, *, waiting: int, holding: Holding | None) -> bytes:
        """Everything, with the queue's length and what the archive holds; None where it can't be read."""
        self._waiting.set(waiting)
        for name, gauge in self._held.items():
            gauge.set(float("nan") if holding is None else getattr(holding, name))
        return generate_latest(self._registry)


def _outcome(said: Said) -> Outcome:
    if isinstance(said, BaseException):
        return "refused" if isinstance(said, InputError) else "failed"
    if isinstance(said, Answer):
        return "abstained" if said.abstained else "answered"
    return "answered" if said else "abstained"
