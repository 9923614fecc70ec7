"""A look at something that may be slow, waited for only so long."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from qa.page.working import begun

Result = TypeVar("Result")


class Look(Generic[Result]):
    """One look at a time, in a thread of its own: who comes while one goes on waits for the same."""

    def __init__(self, work: Callable[[], Result], *, patience: float) -> None:
        self._work = work
        self._patience = patience
        self._job: Future[Result] | None = None

    async def now(self) -> Result:
        """What is seen; raises what the work raises, and TimeoutError after `patience` seconds."""
        if self._job is None or self._job.done():
            self._job = begun(self._work)
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._job)), self._patience)
