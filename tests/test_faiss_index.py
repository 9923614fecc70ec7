"""FAISS against the obvious index: every vector compared, in numpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from embeddings.exact_index import ExactIndex
from embeddings.faiss_index import FaissIndex

DIMENSION = 8
SEEDS = st.integers(0, 2**31)


def units(count, seed, dimension=DIMENSION):
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def numbers(*ids):
    return np.array(ids, dtype=np.int64)


def both(factory, vectors, ids):
    exact = ExactIndex(vectors.shape[1])
    exact.add(ids, vectors)
    return FaissIndex.from_factory(factory, vectors, ids), exact


def search(index, vectors, k, allowed=None):
    scores, ids = index.search(vectors, k, allowed)
    assert scores.shape == ids.shape
    assert (np.diff(scores, axis=1) <= 0).all()
    assert all(len(set(row)) == len(row) for row in ids.tolist())
    return scores, ids


# The oracle itself, by hand.


def test_the_exact_index_ranks_by_inner_product_then_id():
    index = ExactIndex(2)
    index.add(numbers(7, 3, 5, 9), np.array([[1, 0], [0, 1], [0.6, 0.8], [1, 0]], dtype=np.float32))
    scores, ids = index.search(np.array([[1, 0], [0, 1]], dtype=np.float32), 3)
    assert ids.tolist() == [[7, 9, 5], [3, 5, 7]]
    np.testing.assert_allclose(scores, [[1, 1, 0.6], [1, 0.8, 0]], rtol=1e-6)


def test_the_exact_index_filters_and_removes():
    index = ExactIndex(2)
    index.add(numbers(1, 2, 3), np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32))
    question = np.array([[1, 0]], dtype=np.float32)
    assert index.search(question, 5, numbers(2, 3))[1].tolist() == [[2, 3]]
    assert index.search(question, 5, numbers())[1].shape == (1, 0)
    assert index.remove(numbers(1, 4)) == 1
    assert len(index) == 2
    assert index.search(question, 5)[1].tolist() == [[2, 3]]


# FAISS, against it.

STEPS = st.lists(
    st.tuples(st.just("add"), st.integers(1, 6))
    | st.tuples(st.just("remove"), st.lists(st.integers(1, 60), max_size=6)),
    max_size=8,
)


@given(SEEDS, st.integers(0, 30), STEPS, st.integers(1, 40), st.none() | st.sets(st.integers(1, 60)))
def test_a_flat_index_finds_what_the_exact_one_finds_after_any_adds_and_removes(
    seed, first, steps, k, allowed
):
    ids = np.arange(1, first + 1, dtype=np.int64)
    index, exact = both("Flat", units(first, seed), ids)
    held, following = set(ids.tolist()), first + 1
    for at, (step, value) in enumerate(steps):
        if step == "add":
            new = np.arange(following, following + value, dtype=np.int64)
            for each in (index, exact):
                each.add(new, units(value, seed + at + 1))
            held.update(new.tolist())
            following += value
        else:
            gone = numbers(*value)
            expected = len(held & set(value))
            assert index.remove(gone) == exact.remove(gone) == expected
            held -= set(value)
    assert len(index) == len(exact) == len(held)
    assert index.ids() == held
    among = None if allowed is None else numbers(*sorted(allowed & held))
    questions = units(3, seed + 99)
    scores, found = search(index, questions, k, among)
    expected_scores, expected_found = search(exact, questions, k, among)
    assert found.shape == (3, min(k, len(held if allowed is None else allowed & held)))
    np.testing.assert_allclose(scores, expected_scores, atol=1e-6)
    np.testing.assert_array_equal(found, expected_found)  # random vectors do not tie


@pytest.fixture(scope="module", params=["IVF16,Flat", "IVF16,SQ8", "SQ8"])
def large(request):
    """A thousand vectors under ids with gaps."""
    vectors, ids = units(1000, 1), np.arange(1000, dtype=np.int64) * 3 + 5
    return request.param, vectors, ids


@settings(max_examples=15)  # each trains an index
@given(st.data())
def test_k_hits_come_back_whenever_k_match(large, data):
    factory, vectors, ids = large
    index, _ = both(factory, vectors, ids)
    gone = data.draw(st.integers(0, 990))
    index.remove(ids[:gone])
    held = ids[gone:]
    share = data.draw(st.sampled_from([0.001, 0.01, 0.1, 0.5, 1]))
    allowed = held[:: max(1, int(1 / share))]
    k = data.draw(st.integers(1, 1200))
    questions = units(2, data.draw(SEEDS))
    _, found = search(index, questions, k, allowed)
    assert found.shape == (2, min(k, len(allowed)))
    assert set(found.ravel().tolist()) <= set(allowed.tolist())
    _, found = search(index, questions, k)
    assert found.shape == (2, min(k, len(held)))
    assert set(found.ravel().tolist()) <= set(held.tolist())


def test_a_filter_that_allows_one_cluster_far_from_the_question_is_searched(large):
    factory, vectors, ids = large
    index, exact = both(factory, vectors, ids)
    question = units(1, 5)
    _, order = exact.search(question, 1000)
    farthest = np.sort(order[0, -20:])
    _, found = search(index, question, 20, farthest)
    assert sorted(found[0].tolist()) == farthest.tolist()


def test_scores_are_inner_products_and_recall_is_high(large):
    factory, vectors, ids = large
    index, exact = both(factory, vectors, ids)
    questions = vectors[:100] + 0.1 * units(100, 8)
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    scores, found = search(index, questions, 10)
    _, expected = exact.search(questions, 10)
    rows = np.searchsorted(ids, found)
    true = np.einsum("qd,qkd->qk", questions, vectors[rows])
    np.testing.assert_allclose(scores, true, atol=0.02 if "SQ8" in factory else 1e-6)
    recall = np.mean(
        [len(set(a) & set(b)) / 10 for a, b in zip(found.tolist(), expected.tolist(), strict=True)]
    )
    # Two of sixteen lists are probed: chance would give an eighth.
    assert recall > (0.5 if "IVF" in factory else 0.9)


def test_an_index_is_searched_after_adds_and_removes_as_the_exact_one(large):
    factory, vectors, ids = large
    index, exact = both(factory, vectors, ids)
    extra, new = units(50, 77), np.arange(5000, 5050, dtype=np.int64)
    for each in (index, exact):
        assert each.remove(ids[::2]) == 500
        each.add(new, extra)
    assert len(index) == len(exact) == 550
    assert index.ids() == set(ids[1::2].tolist()) | set(new.tolist())
    nearest = search(index, extra, 1)[1].ravel()
    assert nearest.tolist() == new.tolist()


def test_an_index_that_was_saved_and_loaded_is_the_same(large, tmp_path):
    factory, vectors, ids = large
    index, _ = both(factory, vectors, ids)
    index.save(tmp_path / "index")
    loaded = FaissIndex.load(tmp_path / "index")
    assert (len(loaded), loaded.ids()) == (len(index), index.ids())
    for allowed in (None, ids[::7]):
        for one, other in zip(
            index.search(units(5, 3), 9, allowed), loaded.search(units(5, 3), 9, allowed), strict=True
        ):
            np.testing.assert_array_equal(one, other)
    for change in (lambda: loaded.remove(ids[:10]), lambda: loaded.add(ids[:10], vectors[:10])):
        with pytest.raises(ValueError, match="read from its file"):
            change()
    assert loaded.ids() == index.ids()


@pytest.mark.parametrize("factory", ["Flat", "SQ8", "SQfp16", "IVF16,Flat", "IVF16,SQ8", "IVF16,PQ4"])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_an_index_of_few_vectors_or_none_can_be_searched_and_filled(factory, count):
    vectors, ids = units(count, 3), np.arange(1, count + 1, dtype=np.int64)
    index = FaissIndex.from_factory(factory, vectors, ids)
    assert search(index, units(2, 4), 10)[1].shape == (2, count)
    more = units(1, 5)
    index.add(numbers(100), more)
    assert index.ids() == {*ids.tolist(), 100}
    assert 100 in search(index, more, 10)[1]
    assert index.remove(numbers(100, 100, 999)) == 1


def test_ties_are_in_order_of_id():
    vector = units(1, 1)
    index, exact = both("Flat", np.repeat(vector, 5, axis=0), numbers(9, 2, 7, 4, 5))
    for each in (index, exact):
        assert search(each, vector, 5)[1].tolist() == [[2, 4, 5, 7, 9]]


def test_no_question_of_no_ids_finds_nothing():
    index, _ = both("Flat", units(5, 1), np.arange(1, 6, dtype=np.int64))
    scores, ids = search(index, units(3, 2), 4, numbers())
    assert (scores.shape, ids.shape, ids.dtype) == ((3, 0), (3, 0), np.int64)


@pytest.mark.parametrize(
    "factory", ["", "flat", "Faltt", "IVF", "IVF-1,Flat", "IVF9999999999999999,Flat", "Ж"]
)
def test_a_bad_factory_string_is_refused_with_two_good_ones(factory):
    with pytest.raises(
        InputError, match=f"{factory!r} is not a FAISS index-factory string; write Flat or IVF256,SQ8"
    ):
        FaissIndex.from_factory(factory, units(5, 1), np.arange(5, dtype=np.int64))


@pytest.mark.parametrize(
    "factory",
    ["HNSW32", "HNSW32,SQ8", "NSG32", "PQ4", "IVF0,Flat", "PCA4,Flat", "IVF16,Flat,RFlat", "IVF16,PQ4x4fs"],
)
@pytest.mark.parametrize("count", [0, 5])
def test_an_index_that_cannot_remove_or_filter_is_refused(factory, count):
    with pytest.raises(
        InputError, match=f"{factory!r} can't remove vectors or filter; take Flat, SQ8, or IVF256,SQ8"
    ):
        FaissIndex.from_factory(factory, units(count, 1), np.arange(count, dtype=np.int64))


@pytest.mark.slow
def test_recall_of_an_index_of_many_vectors():
    vectors, ids = units(20_000, 1, 64), np.arange(20_000, dtype=np.int64)
    questions = vectors[::200] + 0.5 * units(100, 2, 64)
    index, exact = both("IVF64,SQ8", vectors, ids)
    found, expected = search(index, questions, 10)[1], exact.search(questions, 10)[1]
    recall = np.mean(
        [len(set(a) & set(b)) / 10 for a, b in zip(found.tolist(), expected.tolist(), strict=True)]
    )
    assert recall > 0.5


def test_a_flat_index_gives_its_vectors_back_as_they_were_added(tmp_path):
    vectors = np.eye(5, 8, dtype=np.float32)
    ids = np.array([9, 2, 7, 4, 1])
    index = FaissIndex.from_factory("Flat", vectors, ids)
    index.save(tmp_path / "flat")
    for each in (index, FaissIndex.load(tmp_path / "flat")):
        assert each.is_flat
        assert np.array_equal(each.vectors_of(np.array([1, 7, 9])), vectors[[4, 2, 0]])
    assert not FaissIndex.from_factory("SQ8", vectors, ids).is_flat
