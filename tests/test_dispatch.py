"""Blocks dealt out to workers that are slow, lost or wrong; no Ray here."""

import random
import time
from concurrent.futures import Future

import pytest

from corpus.errors import ClusterError
from embeddings.hashed_words import HashedWordsEncoder
from qa.on_ray import dispatch as dispatching
from qa.on_ray.blocks import Done, Lost, Ready, Refused, Unfit
from qa.on_ray.dispatch import BLOCK, DEPTH, Dispatch
from qa.spool import Shelf, Spool

ENCODER = HashedWordsEncoder()


class Crew:
    """Workers in this process: each `wait` lets one of them take a step, chosen by chance."""

    def __init__(self, wanted, *, kills=(), refuses=(), unfit=(), lost=(), never=False, dies=0.0, seed=0):
        self.wanted = wanted
        self.kills, self.refuses, self.unfit, self.lost = kills, refuses, unfit, lost
        self.never, self.dies = never, dies
        self.chance = random.Random(seed)
        self.started = 0
        self.blocks = {}
        self.new = []
        self.encoded = []
        self.most = 0

    def start(self):
        self.started += 1
        self.new.append(self.started)
        return self.started

    def give(self, worker, block, *, keep):
        self.blocks[worker].append(block)
        self.most = max(self.most, len(self.blocks[worker]))

    def lacking(self):
        return "nobody came"

    def wait(self, seconds):
        if self.never:
            return []
        if self.new:
            worker = self.new.pop(0)
            if worker in self.unfit:
                return [Unfit(worker, "no onnxruntime")]
            self.blocks[worker] = []
            return [Ready(worker, spools=False)]
        working = [worker for worker, blocks in self.blocks.items() if blocks]
        if not working:
            return []
        worker = self.chance.choice(working)
        block = self.blocks[worker][0]
        killed = worker in self.lost or any(text in self.kills for text in block.texts)
        if killed or self.chance.random() < self.dies:
            del self.blocks[worker]
            return [Lost(worker, "killed")]
        self.blocks[worker].pop(0)
        if any(text in self.refuses for text in block.texts):
            return [Refused(worker, block, "not to be encoded")]
        self.encoded += block.texts
        return [Done(worker, block, ENCODER.encode_passages(block.texts), None)]


@pytest.fixture
def spool(tmp_path):
    return Spool.open(Shelf.of(tmp_path / "encoded", ENCODER))


def texts_of(count, name="text"):
    return [f"{name} {at}" for at in range(count)]


def run(crew, spool, *batches, progress=None, must_share=False):
    dispatch = Dispatch(crew, spool, progress=progress, must_share=must_share)
    futures = [Future() for _ in batches]
    for batch, future in zip(batches, futures, strict=True):
        dispatch.begin(batch, future)
    for _ in range(100_000):
        if not dispatch.busy:
            break
        dispatch.step(0)
    assert not dispatch.busy, "it never ends"
    return [future.result(0) for future in futures]


@pytest.mark.parametrize("wanted", [1, 2, 7])
def test_every_text_gets_its_vector_whoever_encodes_it(spool, wanted):
    crew, told = Crew(wanted), []
    first, second = texts_of(3 * BLOCK + 5), texts_of(40, "other")
    found = run(crew, spool, first, second, progress=told.append)
    for texts, encoded in zip((first, second), found, strict=True):
        assert encoded.refused == {}
        assert set(encoded.vectors) == set(texts)
        for text in texts:
            assert encoded.vectors[text].tobytes() == ENCODER.encode_passages([text])[0].tobytes()
    assert sorted(crew.encoded) == sorted([*first, *second])
    assert sum(told) == len(first) + len(second)
    assert crew.started == wanted
    assert crew.most == DEPTH


def test_a_text_that_comes_twice_is_encoded_once(spool):
    crew = Crew(1)
    (encoded,) = run(crew, spool, ["a", "b", "a"])
    assert sorted(crew.encoded) == ["a", "b"]
    assert set(encoded.vectors) == {"a", "b"}


def test_what_an_earlier_run_left_is_not_encoded(spool):
    run(Crew(1), spool, texts_of(40))
    crew, told = Crew(1), []
    (encoded,) = run(crew, Spool.open(spool.shelf), texts_of(50), progress=told.append)
    assert sorted(crew.encoded) == sorted(texts_of(50)[40:])
    assert len(encoded.vectors) == 50
    assert sum(told) == 50
    crew = Crew(1)
    run(crew, Spool.open(spool.shelf), texts_of(50))
    assert crew.started == 0, "nobody is needed"


@pytest.mark.parametrize("seed", range(20))
def test_lost_workers_cost_nothing_but_time(spool, seed):
    crew = Crew(3, dies=0.2, seed=seed)
    texts = texts_of(20 * BLOCK)
    (encoded,) = run(crew, spool, texts)
    assert encoded.refused == {}
    assert set(encoded.vectors) == set(texts)
    assert sorted(crew.encoded) == sorted(texts), "each once: what was lost had not come back"


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("how", ["kills", "refuses"])
@pytest.mark.parametrize("wanted", [1, 3])
def test_a_text_that_no_worker_can_encode_is_found_among_its_neighbours(spool, how, wanted, seed):
    texts = texts_of(6 * BLOCK)
    poison = {texts[0], texts[70], texts[71]}
    crew = Crew(wanted, seed=seed, **{how: poison})
    (encoded,) = run(crew, spool, texts)
    assert set(encoded.refused) == poison
    assert set(encoded.refused.values()) == {"killed" if how == "kills" else "not to be encoded"}
    assert set(encoded.vectors) == set(texts) - poison
    assert crew.started < dispatching.LOSSES * 3


@pytest.mark.parametrize("how", ["kills", "refuses"])
def test_where_nothing_can_be_encoded_that_is_told(spool, how):
    texts = texts_of(2_000)
    with pytest.raises(ClusterError, match=r"encode nothing|lost, one after"):
        run(Crew(2, **{how: set(texts)}), spool, texts)


def test_a_worker_that_cannot_load_is_no_harm_while_others_can(spool, caplog):
    crew = Crew(3, unfit={1})
    (encoded,) = run(crew, spool, texts_of(100))
    assert len(encoded.vectors) == 100
    assert crew.started == 3, "it is not tried again and again"
    assert "no onnxruntime" in caplog.text
    with pytest.raises(ClusterError, match="no worker can load the encoder: no onnxruntime"):
        run(Crew(2, unfit={1, 2}), spool, texts_of(100, "more"))


def test_the_only_fit_worker_is_replaced_when_it_is_lost(spool):
    crew = Crew(2, unfit={1}, lost={2})
    (encoded,) = run(crew, spool, texts_of(100))
    assert encoded.refused == {}
    assert set(encoded.vectors) == set(texts_of(100))
    assert crew.started == 3


def test_lost_workers_are_replaced_as_far_as_workers_were_fit(spool):
    crew = Crew(4, unfit={1, 2}, lost={3, 4})
    (encoded,) = run(crew, spool, texts_of(20 * BLOCK))
    assert set(encoded.vectors) == set(texts_of(20 * BLOCK))
    assert crew.started == 6, "two are wanted once two were unfit"


def test_it_ends_where_the_only_fit_worker_is_lost_and_no_other_is_fit(spool):
    crew = Crew(2, unfit={1, 3}, lost={2})
    with pytest.raises(ClusterError, match="no worker can load the encoder: no onnxruntime"):
        run(crew, spool, texts_of(100))
    assert crew.started == 3


@pytest.mark.parametrize("seed", range(20))
def test_it_ends_whoever_is_unfit_and_whoever_is_lost(spool, seed):
    chance = random.Random(seed)
    unfit = {worker for worker in range(1, 1_000) if chance.random() < 0.4}
    crew = Crew(4, unfit=unfit, dies=0.3, seed=seed)
    try:
        (encoded,) = run(crew, spool, texts_of(10 * BLOCK))
    except ClusterError:
        assert len([worker for worker in unfit if worker <= crew.started]) == 4, "none is left to start"
    else:
        assert set(encoded.vectors) | set(encoded.refused) == set(texts_of(10 * BLOCK))


def test_workers_that_go_while_nothing_is_to_encode_have_time_to_be_replaced(spool, monkeypatch):
    monkeypatch.setattr(dispatching, "START", 0.05)
    crew = Crew(1, lost={2})
    dispatch = Dispatch(crew, spool, progress=None, must_share=False)
    for at, name in enumerate(("early", "late")):
        done = Future()
        dispatch.begin(texts_of(3, name), done)
        while dispatch.busy:
            dispatch.step(0)
        assert len(done.result(0).vectors) == 3
        crew.lost = {1}  # from now on
        time.sleep(0.1 * (1 - at))
    assert crew.started == 2


def test_nobody_comes(spool, monkeypatch):
    monkeypatch.setattr(dispatching, "START", 0.05)
    with pytest.raises(ClusterError, match="nobody came; what was committed before is kept"):
        run(Crew(2, never=True), spool, ["a"])


def test_a_folder_that_has_to_be_shared_is_asked_for(spool):
    with pytest.raises(ClusterError, match="mount that folder"):
        run(Crew(2), spool, ["a"], must_share=True)
