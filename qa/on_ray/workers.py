"""Workers as Ray actors, and what happens to them as events."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import ray
from ray.exceptions import ActorDiedError, OutOfMemoryError, RayActorError, RayError, RayTaskError

from qa.on_ray.blocks import Block, Done, Lost, Ready, Refused, Told, Unfit
from qa.on_ray.reasons import in_a_line, raised
from qa.on_ray.worker import Loads, Plan, Worker


class RayWorkers:
    """Actors of one core each, with a GPU each where planned, wherever there is room. `close` ends them."""

    def __init__(self, load: Loads, plan: Plan, *, wanted: int) -> None:
        self._load = ray.put(load)
        self._plan = plan
        self._wanted = wanted
        self._numbers = itertools.count()
        self._actors: dict[int, Any] = {}
        self._answers: dict[Any, tuple[int, Block | None]] = {}

    @property
    def wanted(self) -> int:
        """See Workers."""
        return self._wanted

    def start(self) -> int:
        """See Workers."""
        number = next(self._numbers)
        made = ray.remote(Worker).options(
            num_cpus=self._plan.threads,
            num_gpus=self._plan.gpus,
            max_restarts=0,
            max_task_retries=0,
            scheduling_strategy="SPREAD",
        )
        self._actors[number] = actor = made.remote(self._load, self._plan)
        self._answers[actor.ready.remote()] = number, None
        return number

    def give(self, worker: int, block: Block, *, keep: bool) -> None:
        """See Workers."""
        self._answers[self._actors[worker].encode.remote(block.texts, keep)] = worker, block

    def wait(self, seconds: float) -> list[Told]:
        """See Workers."""
        if not self._answers:
            time.sleep(seconds)
            return []
        there, _ = ray.wait(list(self._answers), num_returns=1, timeout=seconds)
        if there:
            there, _ = ray.wait(list(self._answers), num_returns=len(self._answers), timeout=0)
        return [told for answer in there for told in self._told(answer)]

    def lacking(self) -> str:
        """See Workers."""
        there, free = ray.cluster_resources().get("CPU", 0), ray.available_resources().get("CPU", 0)
        return f"the Ray cluster has {there:.0f} cores, {free:.0f} of them free"

    def close(self) -> None:
        """Ends all of them."""
        for actor in self._actors.values():
            ray.kill(actor)
        self._actors.clear()
        self._answers.clear()

    def _told(self, answer: Any) -> Iterator[Told]:  # noqa: ANN401  (Ray's references are)
        if answer not in self._answers:  # of a worker that was lost a moment ago
            return
        number, block = self._answers.pop(answer)
        try:
            found = ray.get(answer)
        except RayTaskError as error:
            if block is not None:
                yield Refused(number, block, in_a_line(error.cause or error))
            else:
                self._forget(number)
                yield Unfit(number, in_a_line(error.cause or error))
        except RayActorError as error:
            self._forget(number)
            failed = isinstance(error, ActorDiedError) and error.actor_init_failed and block is None
            yield Unfit(number, raised(error)) if failed else Lost(number, "the worker that had it died")
        except OutOfMemoryError:
            self._forget(number)
            yield Lost(number, "the worker that had it ran out of memory")
        except RayError as error:  # its answer was lost with a machine
            self._forget(number)
            yield Lost(number, in_a_line(error))
        else:
            if block is None:
                yield Ready(number, bool(found))
            else:
                yield Done(number, block, *found)

    def _forget(self, number: int) -> None:
        """Its other answers won't come; ended, where it isn't."""
        ray.kill(self._actors.pop(number))
        self._answers = {answer: asked for answer, asked in self._answers.items() if asked[0] != number}
