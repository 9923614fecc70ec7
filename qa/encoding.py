"""Encoding in a thread of its own, so that reading and storing go on meanwhile."""

import contextvars
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import numpy as np

from embeddings.encoder import Encoder, Progress, Vectors


class _Stopped(Exception):
    """Whoever asked for the vectors has gone."""


class Encoding:
    """One batch after the other. Leaving its `with` block by an exception stops it at the next text.

    `encoder` is called, in that thread, when there is first something to encode.
    """

    def __init__(self, encoder: Callable[[], Encoder], progress: Progress | None) -> None:
        self._encoder = encoder
        self._progress = progress
        self._stopped = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoding")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stopped.set()
        self._thread.shutdown(cancel_futures=True)

    def begin(self, texts: Sequence[str]) -> Future[Vectors]:
        """The texts' vectors, as soon as they are there; none for no texts."""
        if not texts:
            nothing: Future[Vectors] = Future()
            nothing.set_result(np.empty((0, 0), dtype=np.float32))
            return nothing
        within = contextvars.copy_context()  # a page's progress knows by it whom to tell
        return self._thread.submit(within.run, self._encode, texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder().encode_passages(texts, self._told)

    def _told(self, count: int) -> None:
        if self._stopped.is_set():
            raise _Stopped
        if self._progress is not None:
            self._progress(count)
