"""How many threads compute, whatever the system can tell."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings.cores import usable_cores
from qa.scoring import Near

ROOT = Path(__file__).parent.parent


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


def test_cosines_of_many_candidates_keep_no_other_core_busy():
    """In a process of its own: threads of OpenBLAS are as many as its first use finds cores for."""
    code = """if True:
        import time
        import numpy as np
        from qa.scoring import Near
        near = Near(*(np.full(shape, 0.05, dtype=np.float32) for shape in (384, (1_800, 384))))
        near.roughly()
        whole, own = time.process_time(), time.thread_time()
        for _ in range(200):
            near.roughly()
            time.sleep(0.001)
        print(time.process_time() - whole, time.thread_time() - own)
    """
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    whole, own = map(float, done.stdout.split())
    assert whole <= 1.3 * own + 0.02


def test_cosines_are_near_to_the_true_ones():
    random = np.random.default_rng(3)
    near = Near(*(random.standard_normal(shape, dtype=np.float32) for shape in (384, (1_800, 384))))
    assert near.roughly() == pytest.approx(near.truly(range(1_800)), abs=1e-3)
