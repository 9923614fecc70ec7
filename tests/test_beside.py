"""Work beside this thread, and what is kept of the last filters."""

import threading

import numpy as np
import pytest

from embeddings.made_of import MadeOf
from qa.beside import beside


@pytest.fixture
def cores(monkeypatch):
    return lambda number: monkeypatch.setenv("OMP_NUM_THREADS", str(number))


def test_work_that_pays_is_done_in_another_thread_at_once(cores):
    cores(2)
    done = threading.Event()
    result = beside(lambda: (done.set(), threading.get_ident())[1], pays=True)
    assert done.wait(10)
    assert result() != threading.get_ident()


@pytest.mark.parametrize(("number", "pays"), [(1, True), (2, False)])
def test_other_work_is_done_here_when_it_is_asked_for(cores, number, pays):
    cores(number)
    begun = []
    result = beside(lambda: (begun.append(1), threading.get_ident())[1], pays=pays)
    assert begun == []
    assert result() == threading.get_ident()


@pytest.mark.parametrize("number", [1, 2])
def test_what_it_raises_is_raised_where_its_result_is_asked_for(cores, number):
    cores(number)
    result = beside(lambda: 1 // 0, pays=True)
    with pytest.raises(ZeroDivisionError):
        result()


def test_what_was_made_of_the_last_arrays_is_kept_by_identity():
    made = []
    once = MadeOf(lambda ids: made.append(ids.tolist()) or int(ids.sum()))
    arrays = [np.array([number]) for number in range(6)]
    assert [once(ids) for ids in arrays] == [0, 1, 2, 3, 4, 5]
    assert [once(ids) for ids in arrays[2:]] == [2, 3, 4, 5]
    assert len(made) == 6
    assert once(np.array([5])) == 5
    assert once(arrays[0]) == 0
    assert len(made) == 8
