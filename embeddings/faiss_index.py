"""The FAISS index, made from an index-factory string."""

import math
from collections.abc import Callable, Iterable
from pathlib import Path

import faiss
import numpy as np

from corpus.errors import InputError
from embeddings.encoder import Vectors
from embeddings.made_of import MadeOf, members
from embeddings.nearest import Ids

FLAT = "Flat"  # every vector compared; exact
_PER_LIST = 40  # vectors that FAISS wants for each list it trains
_PROBES = 96  # lists looked at where everything is allowed (DECISIONS.md)
_PROBES_AMONG = 192  # where a filter leaves out a little; more where it leaves less
_NEARLY_ALL = 0.8  # of all vectors: such a filter is none, as that of what was not removed
_KINDS = (  # those that can remove a vector, and search among some of them only
    faiss.IndexFlat,
    faiss.IndexScalarQuantizer,
    faiss.IndexIVFFlat,
    faiss.IndexIVFScalarQuantizer,
    faiss.IndexIVFPQ,
)


class FaissIndex:
    """See VectorIndex. Ids are held beside the vectors, so that removal and filters speak of them."""

    def __init__(self, index: faiss.Index, *, is_mapped: bool = False) -> None:
        self._index = index
        self._bits = MadeOf(_bitmap)
        self._is_mapped = is_mapped  # FAISS aborts the process where such an index is changed
        self._lists = index.nlist if isinstance(index, faiss.IndexIVF) else 0
        within = index.index if isinstance(index, faiss.IndexIDMap2) else index
        self._is_flat = isinstance(faiss.downcast_index(within), faiss.IndexFlat)

    @classmethod
    def from_factory(cls, factory: str, vectors: Vectors, ids: Ids) -> "FaissIndex":
        """An index of the vectors, trained on them where its kind needs it.

        `factory` is a FAISS index-factory string such as `Flat` or `IVF256,SQ8`; with too few
        vectors to train that on, the index is flat.
        Raises InputError where FAISS doesn't know it or can't remove from it.
        """
        return cls.build(factory, vectors.shape[1], lambda: vectors, [(ids, vectors)])

    @classmethod
    def build(
        cls,
        factory: str,
        dimension: int,
        sample: Callable[[], Vectors],
        parts: Iterable[tuple[Ids, Vectors]],
    ) -> "FaissIndex":
        """An index of the parts, of which only one is in memory at a time; `sample` is to train on.

        See from_factory for the rest.
        """
        try:
            index = faiss.index_factory(dimension, factory, faiss.METRIC_INNER_PRODUCT)
        except RuntimeError:
            raise InputError(
                f"{factory!r} is not a FAISS index-factory string; write Flat or IVF256,SQ8"
            ) from None
        lists = index.nlist if isinstance(index, faiss.IndexIVF) else None
        if not isinstance(index, _KINDS) or lists == 0:
            raise InputError(f"{factory!r} can't remove vectors or filter; take Flat, SQ8, or IVF256,SQ8")
        if not index.is_trained:
            vectors = sample()
            if len(vectors) < max(1, _PER_LIST * (lists or 0)):
                index = faiss.IndexFlatIP(dimension)
            else:
                index.train(np.ascontiguousarray(vectors))
        # An IVF index keeps ids itself; a flat one shifts its rows on removal, and needs a map.
        held = cls(index if isinstance(index, faiss.IndexIVF) else faiss.IndexIDMap2(index))
        for ids, vectors in parts:
            held.add(ids, vectors)
        return held

    @classmethod
    def load(cls, path: Path) -> "FaissIndex":
        """The index saved at `path`, whose bytes the caller has checked.

        The lists of an IVF index stay in the file, which is mapped into memory: it can't be changed.
        """
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        lists = faiss.downcast_InvertedLists(index.invlists) if isinstance(index, faiss.IndexIVF) else None
        if isinstance(lists, faiss.OnDiskInvertedLists):
            lists.prefetch_nthread = 0  # threads started at each search, for what is in memory as a rule
        return cls(index, is_mapped=True)

    def save(self, path: Path) -> None:
        """Writes the index to `path`."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> set[int]:
        """The ids held."""
        if self._lists:
            lists = self._index.invlists
            kept = [
                faiss.rev_swig_ptr(lists.get_ids(at), lists.list_size(at)).copy()
                for at in range(self._lists)
                if lists.list_size(at)
            ]
            return set(np.concatenate(kept).tolist()) if kept else set()
        return set(faiss.vector_to_array(self._index.id_map).tolist())

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See VectorIndex."""
        self._check_unmapped()
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors), ids)

    def remove(self, ids: Ids) -> int:
        """See VectorIndex."""
        self._check_unmapped()
        return int(self._index.remove_ids(np.ascontiguousarray(ids, dtype=np.int64)))

    @property
    def is_flat(self) -> bool:
        """Whether vectors are held as they were added."""
        return self._is_flat

    def vectors_of(self, ids: Ids) -> Vectors:
        """The vectors under ids that are all held, of a flat index as they were added."""
        found: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(ids))
        return found

    def search(self, vectors: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """See VectorIndex."""
        matching = len(self) if allowed is None else len(allowed)
        k = min(k, matching)
        if k == 0:
            empty = (len(vectors), 0)
            return np.empty(empty, np.float32), np.empty(empty, np.int64)
        bits = None if allowed is None else self._bits(allowed)
        selector = None if bits is None else faiss.IDSelectorBitmap(bits)
        probes = _PROBES if matching >= _NEARLY_ALL * len(self) else _PROBES_AMONG
        probes = min(self._lists, math.ceil(probes * math.sqrt(len(self) / matching)))
        scores, found = self._probe(vectors, k, selector, probes=probes)
        if (found < 0).any():  # too few of the probed lists' vectors match: look at every list
            scores, found = self._probe(vectors, k, selector, probes=self._lists)
        return _in_order(scores, found)

    def _check_unmapped(self) -> None:
        if self._is_mapped:
            raise ValueError("an index read from its file can't be changed; build another")

    def _probe(
        self, vectors: Vectors, k: int, selector: "faiss.IDSelector | None", *, probes: int
    ) -> tuple[Vectors, Ids]:
        kind = faiss.SearchParametersIVF if self._lists else faiss.SearchParameters
        settings = {"nprobe": probes} if self._lists else {}
        if selector is not None:
            settings["sel"] = selector
        faiss.omp_set_num_threads(1)  # of this thread's calls: one question is too small to share out
        scores, ids = self._index.search(np.ascontiguousarray(vectors), k, params=kind(**settings))
        return scores, ids


def _bitmap(ids: Ids) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """One bit an id, the lowest bit of each byte first."""
    return np.packbits(members(ids), bitorder="little")


def _in_order(scores: Vectors, ids: Ids) -> tuple[Vectors, Ids]:
    order = np.stack([np.lexsort((row, -score)) for score, row in zip(scores, ids, strict=True)])
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)


def check_factory(factory: str, dimension: int) -> None:
    """Raises InputError where FAISS doesn't know that kind of index, or can't remove from it."""
    FaissIndex.from_factory(factory, np.empty((0, dimension), np.float32), np.empty(0, np.int64))
