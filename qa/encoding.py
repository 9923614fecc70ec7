"""Encoding in a thread of its own, so that reading and storing go on meanwhile."""

import contextvars
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from embeddings.encoder import Encoder, Progress, Vectors


class _Stopped(Exception):
    """Whoever asked for the vectors has gone."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Vectors by text, and of texts that got none, why."""

    vectors: Mapping[str, Vectors]
    refused: Mapping[str, str] = field(default_factory=dict)


class Encodes(Protocol):
    """What encodes batches while others are read and stored."""

    @property
    def ahead(self) -> int:
        """How many batches are worth having begun before the oldest is waited for."""

    def begin(self, texts: Sequence[str]) -> Future[Encoded]:
        """The texts' vectors, as soon as they are there."""

    def stored(self, texts: Iterable[str]) -> None:
        """Told that the vectors of these are committed."""


OpensEncoding = Callable[[], AbstractContextManager[Encodes]]


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

    @property
    def ahead(self) -> int:
        """See Encodes."""
        return 1

    def begin(self, texts: Sequence[str]) -> Future[Encoded]:
        """See Encodes."""
        if not texts:
            nothing: Future[Encoded] = Future()
            nothing.set_result(Encoded({}))
            return nothing
        within = contextvars.copy_context()  # a page's progress knows by it whom to tell
        return self._thread.submit(within.run, self._encode, texts)

    def stored(self, texts: Iterable[str]) -> None:
        """See Encodes."""

    def _encode(self, texts: Sequence[str]) -> Encoded:
        vectors = self._encoder().encode_passages(texts, self._told)
        return Encoded(dict(zip(texts, vectors, strict=True)))

    def _told(self, count: int) -> None:
        if self._stopped.is_set():
            raise _Stopped
        if self._progress is not None:
            self._progress(count)
