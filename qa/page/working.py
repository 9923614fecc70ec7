"""Work that takes a while, told on the page while it goes on."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

_TICK = 0.4  # seconds between two looks at how far it is

Result = TypeVar("Result")


def begun(work: Callable[[], Result]) -> Future[Result]:
    """The work, going on in a thread of its own."""
    worker = ThreadPoolExecutor(1)
    try:
        return worker.submit(work)
    finally:
        worker.shutdown(wait=False)


def ticks(job: Future[Result]) -> Iterator[None]:
    """A tick now and then until the work is done, or failed."""
    while wait([job], timeout=_TICK).not_done:
        yield


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leaves garbage alone meanwhile, and takes what is there at the end for lasting.

    Importing makes a million objects that stay: looking through them again and again is a sixth of it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
