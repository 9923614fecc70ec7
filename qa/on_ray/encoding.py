"""Batches encoded by the workers of a Ray cluster, while others are read and stored."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from embeddings.encoder import Encoder, Progress
from qa.encoding import Encoded, OpensEncoding
from qa.on_ray.cluster import Cluster
from qa.on_ray.dispatch import BLOCK, DEPTH, Dispatch
from qa.on_ray.worker import PROBE, Exported, Loads, Plan, loading
from qa.spool import Shelf, Spool

_BATCH = 1_000  # passages of a commit, about: see qa.adding
_LOOK = 0.05  # seconds between two looks at what is to be begun


class OnWorkers:
    """Encodes in workers, which a thread of its own deals with. See Encodes.

    Leaving its `with` block by an exception lets go of what is under way; what was encoded is spooled.
    """

    def __init__(self, dispatch: Callable[[], Dispatch], *, workers: int) -> None:
        self._dispatch = dispatch
        self._ahead = 1 + -(-workers * BLOCK * DEPTH // _BATCH)
        self._asked: queue.SimpleQueue[tuple[Sequence[str], Future[Encoded]]] = queue.SimpleQueue()
        self._committed: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
        self._begun: list[Future[Encoded]] = []
        self._ended = threading.Event()
        self._error: BaseException | None = None
        self._turn = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoding on Ray")

    def __enter__(self) -> Self:
        self._thread.submit(self._run)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.shutdown()
        self._drop_committed()

    @property
    def ahead(self) -> int:
        """See Encodes."""
        return self._ahead

    @property
    def ready(self) -> int:
        """How many workers have loaded the encoder."""
        return self._dispatch().ready

    def begin(self, texts: Sequence[str]) -> Future[Encoded]:
        """See Encodes."""
        asked: Future[Encoded] = Future()
        with self._turn:
            if not texts:
                asked.set_result(Encoded({}))
            elif self._error is not None:
                asked.set_exception(self._error)
            else:
                self._asked.put((texts, asked))
        return asked

    def stored(self, texts: Iterable[str]) -> None:
        """See Encodes."""
        committed = list(texts)
        if committed:
            self._committed.put(committed)

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._drop_committed()
                self._begin_asked()
                if any(not each.done() for each in self._begun):
                    self._dispatch().step(_LOOK)
                else:
                    self._ended.wait(_LOOK)
        except BaseException as error:
            self._fail(error)
            raise

    def _begin_asked(self) -> None:
        self._begun = [each for each in self._begun if not each.done()]
        while not self._asked.empty():
            texts, asked = self._asked.get()
            self._begun.append(asked)
            self._dispatch().begin(texts, asked)

    def _drop_committed(self) -> None:
        while not self._committed.empty():
            self._dispatch().committed(self._committed.get())

    def _fail(self, error: BaseException) -> None:
        """Whoever waits, or asks from now on, gets that error."""
        with self._turn:
            self._error = error
            while not self._asked.empty():
                self._begun.append(self._asked.get()[1])
        for each in self._begun:
            if not each.done():
                each.set_exception(error)


@contextmanager
def encoding_on(
    cluster: Cluster,
    encoder: Callable[[], Encoder],
    folder: Path,
    *,
    must_share: bool = False,
    progress: Progress | None = None,
    load: Loads | None = None,
) -> Iterator[OpensEncoding]:
    """What encodes with the workers of a cluster, to be opened once or several times in the block.

    `folder` keeps what is encoded until it is committed; with `must_share` every machine has to see it,
    else workers that don't send their vectors, and the folder is removed once it is empty.
    `encoder` is what the archive's vectors are made by; `load` lets workers load another that makes the same.
    """
    from qa.on_ray.gpus import gpus_for  # noqa: PLC0415  (imports Ray)
    from qa.on_ray.workers import RayWorkers  # noqa: PLC0415  (likewise)

    spool: Spool | None = None
    workers: RayWorkers | None = None

    @cache
    def dispatch() -> Dispatch:  # when there is first something to encode: the archive is locked then
        nonlocal spool, workers
        chosen = encoder()
        spool = Spool.open(Shelf.of(folder, chosen))
        loads, gpus = load or loading(chosen), 0
        if isinstance(loads, Exported) and (there := gpus_for(loads)):
            loads, gpus = replace(loads, on_gpu=True), min(there, cluster.workers)
        plan = Plan(threads=1, gpus=min(gpus, 1), shelf=spool.shelf, probe=chosen.encode_passages([PROBE])[0])
        workers = RayWorkers(loads, plan, wanted=gpus or cluster.workers)
        return Dispatch(workers, spool, progress=progress, must_share=must_share)

    try:
        yield lambda: OnWorkers(dispatch, workers=cluster.workers)
    finally:
        try:
            if workers is not None:
                workers.close()
        finally:
            if spool is not None:
                spool.close(keeps_folder=must_share)
