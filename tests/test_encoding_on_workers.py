"""The thread that deals with workers: what it hands over, what it fails with, and that it ends."""

import pytest
from test_dispatch import ENCODER, Crew, texts_of

from corpus.errors import ClusterError
from qa.on_ray.dispatch import Dispatch
from qa.on_ray.encoding import OnWorkers
from qa.spool import Shelf, Spool


@pytest.fixture
def spool(tmp_path):
    return Spool.open(Shelf.of(tmp_path / "encoded", ENCODER))


def on(crew, spool):
    dispatch = Dispatch(crew, spool, progress=None, must_share=False)
    return OnWorkers(lambda: dispatch, workers=crew.wanted)


def test_batches_are_handed_over_and_dropped_once_committed(spool):
    with on(Crew(2), spool) as encodes:
        first, nothing, second = (encodes.begin(texts) for texts in (texts_of(40), [], texts_of(5, "other")))
        assert nothing.result(0).vectors == {}
        assert set(first.result(30).vectors) == set(texts_of(40))
        encodes.stored(texts_of(40))
        assert set(second.result(30).vectors) == set(texts_of(5, "other"))
    assert Spool.open(spool.shelf).take(texts_of(40)) == {}, "committed"
    assert len(Spool.open(spool.shelf).take(texts_of(5, "other"))) == 5, "not told to be"


def test_whoever_waits_gets_the_error_and_whoever_asks_later(spool):
    with on(Crew(1, unfit={1}), spool) as encodes:
        for texts in (texts_of(3), texts_of(3, "later")):
            with pytest.raises(ClusterError, match="no worker can load the encoder"):
                encodes.begin(texts).result(30)


def test_an_exception_ends_it_at_once(spool):
    encodes, begun = on(Crew(1, never=True), spool), []

    def interrupted():
        with encodes:
            begun.append(encodes.begin(["a"]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not begun[0].done()


def test_as_many_batches_are_begun_as_workers_can_be_at(spool):
    # 32 texts a block, two blocks a worker, a thousand texts a batch, and one batch that is being stored
    assert [on(Crew(workers), spool).ahead for workers in (1, 15, 16, 32, 100)] == [2, 2, 3, 4, 8]
