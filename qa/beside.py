"""Work that goes on in a thread beside this one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from embeddings.cores import usable_cores

Result = TypeVar("Result")


def beside(work: Callable[[], Result], *, pays: bool) -> Callable[[], Result]:
    """What gives the result, or raises what was raised: begun at once where that `pays`, else when called.

    With one core for us nothing pays.
    """
    if not pays or usable_cores() == 1:
        return work
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    return begun.result
