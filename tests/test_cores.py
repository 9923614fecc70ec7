"""How many threads compute, whatever the system can tell."""

import os

import pytest

from embeddings.cores import usable_cores


@pytest.mark.parametrize(("wanted", "found"), [("3", 3), ("0", 1)])
def test_the_environment_s_word_comes_first(monkeypatch, wanted, found):
    monkeypatch.setenv("OMP_NUM_THREADS", wanted)
    assert usable_cores() == found


@pytest.mark.parametrize("wanted", ["", "4,2", "many"])
def test_else_all_that_the_process_may_use(monkeypatch, wanted):
    monkeypatch.setenv("OMP_NUM_THREADS", wanted)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 5}, raising=False)
    assert usable_cores() == 2


def test_where_the_system_does_not_tell_all_there_are(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1
