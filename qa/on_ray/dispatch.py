"""Which worker encodes which block, and what becomes of blocks whose worker is lost."""

import heapq
import itertools
import logging
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from corpus.errors import ClusterError
from embeddings.encoder import Progress, Vectors
from qa.encoding import Encoded
from qa.on_ray.blocks import Block, Done, Lost, Ready, Refused, Told, Unfit, Workers
from qa.spool import Spool

BLOCK = 32  # texts: some tenths of a second of one core
DEPTH = 2  # blocks that a worker has: one it encodes, one that waits for it
TRIES = 3  # of a block, then of its halves, then of each text
START = 120.0  # seconds in which a first worker is there, or none will be
LOSSES = 20  # workers lost one after the other, with nothing encoded between: more than one text takes
REFUSALS = 3  # texts refused one after the other before anything was encoded
REFUSALS_LATER = 100  # and after that

_log = logging.getLogger(__name__)


class _Batch:
    """Texts that are encoded together, as far as they are."""

    def __init__(self, texts: Sequence[str], known: dict[str, Vectors], future: Future[Encoded]) -> None:
        self.vectors = dict(known)
        self.refused: dict[str, str] = {}
        self.left = len(set(texts) - known.keys())
        self.future = future

    def settle(self) -> None:
        """Hands the vectors over once none is missing."""
        if self.left == 0:
            self.future.set_result(Encoded(self.vectors, self.refused))


class Dispatch:
    """Deals blocks out to workers. One thread uses it.

    A block whose worker is lost goes to another, alone; after TRIES it is halved, down to the one text
    that no worker survives or can encode, which is refused. `step` raises ClusterError where it isn't
    the texts: no worker comes up, or all fail at everything.
    """

    def __init__(
        self, workers: Workers, spool: Spool, *, progress: Progress | None, must_share: bool
    ) -> None:
        self._workers = workers
        self._spool = spool
        self._progress = progress
        self._must_share = must_share
        self._waiting: list[tuple[tuple[int, ...], Block]] = []
        self._suspects: list[tuple[tuple[int, ...], Block]] = []
        self._batches: dict[int, _Batch] = {}
        self._numbers = itertools.count()
        self._given: dict[int, deque[Block]] = {}  # of each worker that is ready
        self._starting: set[int] = set()
        self._since = 0.0  # when the last worker that was ready was lost, or the first was begun
        self._losses = 0
        self._refusals = 0
        self._begun = False  # whether anything was encoded
        self._unfit: Counter[str] = Counter()  # workers by reason
        self._reasons: Counter[str] = Counter()  # of losses

    def begin(self, texts: Sequence[str], future: Future[Encoded]) -> None:
        """Takes on a batch, to be handed over as that future; what the spool holds is not encoded again."""
        known = self._spool.take(texts)
        batch = _Batch(texts, known, future)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        number = next(self._numbers)
        if new:
            self._batches[number] = batch
        self._tell(len(known))
        for at in range(0, len(new), BLOCK):
            block = Block((number, at), new[at : at + BLOCK])
            heapq.heappush(self._waiting, (block.order, block))
        batch.settle()

    def committed(self, texts: Iterable[str]) -> None:
        """Lets the spool go of them."""
        self._spool.drop(texts)

    @property
    def busy(self) -> bool:
        """Whether anything is left to encode."""
        return bool(self._batches)

    @property
    def ready(self) -> int:
        """How many workers have loaded the encoder."""
        return len(self._given)

    def step(self, seconds: float) -> None:
        """Gives workers what waits, and hears what they tell within that time."""
        if self.busy:
            self._start_workers()
        self._deal()
        for told in self._workers.wait(seconds):
            self._hear(told)
        self._check_alive()

    def _start_workers(self) -> None:
        """As many as are wanted, but none in place of one that was unfit: it would be again."""
        there = len(self._given) + len(self._starting)
        wanted = self._workers.wanted - self._unfit.total()
        if not there:
            if wanted <= 0:
                raise ClusterError(f"no worker can load the encoder: {'; '.join(self._unfit)}")
            self._since = time.monotonic()
        for _ in range(wanted - there):
            self._starting.add(self._workers.start())

    def _deal(self) -> None:
        for worker, given in sorted(self._given.items(), key=lambda each: (len(each[1]), each[0])):
            if self._suspects and not given:
                self._give(worker, heapq.heappop(self._suspects)[1])
        while self._waiting:
            free = [
                (len(given), worker)
                for worker, given in self._given.items()
                if len(given) < DEPTH and not any(block.tries for block in given)
            ]
            if not free:
                return
            self._give(min(free)[1], heapq.heappop(self._waiting)[1])

    def _give(self, worker: int, block: Block) -> None:
        self._given[worker].append(block)
        self._workers.give(worker, block, keep=self._spool.has_room)

    def _hear(self, told: Told) -> None:
        if isinstance(told, Ready):
            self._starting.discard(told.worker)
            self._given[told.worker] = deque()
            if self._must_share and not told.spools:
                raise ClusterError(
                    f"a worker doesn't see {self._spool.shelf.folder}; "
                    "mount that folder on every machine, or leave --spool out"
                )
        elif isinstance(told, Done):
            self._given[told.worker].remove(told.block)
            self._take(told)
        elif isinstance(told, Refused):
            self._given[told.worker].remove(told.block)
            self._again(told.block, told.reason)
        elif isinstance(told, Lost):
            self._lose(told)
        else:
            self._starting.discard(told.worker)
            self._refuse_worker(told)

    def _take(self, told: Done) -> None:
        texts = told.block.texts
        if told.file is not None:
            self._spool.was_put(told.file, texts)
        else:
            self._spool.put(texts, told.vectors)
        self._losses = self._refusals = 0
        self._begun = True
        batch = self._batches[told.block.order[0]]
        batch.vectors |= dict(zip(texts, told.vectors, strict=True))
        self._settle(told.block, len(texts))

    def _lose(self, told: Lost) -> None:
        """What it was at is tried elsewhere, alone; what only waited there is as before."""
        self._starting.discard(told.worker)
        if told.worker in self._given:
            self._since = time.monotonic()
        given = self._given.pop(told.worker, deque())
        if given:
            self._again(given.popleft(), told.reason)
        for block in given:
            heapq.heappush(self._waiting, (block.order, block))
        self._losses += 1
        self._reasons[told.reason] += 1
        if self._reasons[told.reason] == 1:
            _log.warning("note: a worker was lost, another does its work (%s)", told.reason)
        if self._losses >= LOSSES:
            raise ClusterError(f"{self._losses} workers were lost, one after the other: {told.reason}")

    def _again(self, block: Block, reason: str) -> None:
        block.tries += 1
        block.reasons.append(reason)
        if block.tries < TRIES:
            heapq.heappush(self._suspects, (block.order, block))
        elif len(block.texts) == 1:
            self._refuse(block)
        else:
            middle = len(block.texts) // 2
            for half, texts in enumerate((block.texts[:middle], block.texts[middle:])):
                new = Block((*block.order, half), texts, TRIES - 1 if len(texts) > 1 else TRIES - 2)
                heapq.heappush(self._suspects, (new.order, new))

    def _refuse(self, block: Block) -> None:
        self._refusals += 1
        reason = block.reasons[-1]
        if self._refusals >= (REFUSALS_LATER if self._begun else REFUSALS):
            raise ClusterError(f"the workers can encode nothing: {reason}")
        self._batches[block.order[0]].refused[block.texts[0]] = reason
        self._settle(block, 1)

    def _refuse_worker(self, told: Unfit) -> None:
        self._unfit[told.reason] += 1
        others = self._unfit.total() < self._workers.wanted
        if self._unfit[told.reason] == 1 and others:
            _log.warning("note: a worker can't load the encoder, others go on: %s", told.reason)

    def _settle(self, block: Block, texts: int) -> None:
        number = block.order[0]
        batch = self._batches[number]
        batch.left -= texts
        self._tell(texts)
        batch.settle()
        if batch.left == 0:
            del self._batches[number]

    def _check_alive(self) -> None:
        if self._starting and not self._given and time.monotonic() - self._since > START:
            raise ClusterError(
                f"no worker came up in {START:.0f} seconds: {self._workers.lacking()}; "
                "what was committed before is kept"
            )

    def _tell(self, texts: int) -> None:
        if self._progress is not None and texts:
            self._progress(texts)
