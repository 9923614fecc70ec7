"""GPUs of a Ray cluster: one a worker where the encoder runs on them, else none and a note why."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ray_nodes import ALONE
from tiny_model import saved

from embeddings.loading import load_encoder

pytest.importorskip("ray", reason="Ray is not installed (requirements-scale.txt)")
pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


def test_a_worker_has_a_gpu_where_the_encoder_runs_on_one(tmp_path, monkeypatch):
    import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has CUDA: the note that it has none can't be seen")
    monkeypatch.setenv("QA_ENCODERS", str(tmp_path / "encoders"))
    export = load_encoder(str(saved(tmp_path))).folder
    log = tmp_path / "log"
    done = subprocess.run(
        [sys.executable, str(HERE / "ray_on_gpus.py"), str(export), str(tmp_path / "spool"), str(log)],
        env={**os.environ, **ALONE, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"},
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "real": 0,
        "int8": 0,
        "same": True,
        "broken": "a machine with a GPU can't load the encoder: No module named 'onnxruntime'; "
        "install the same there as here, requirements.lock has it",
    }
    assert (
        "note: no GPU is used: this onnxruntime has no CUDA; put onnxruntime-gpu in its place" in done.stderr
    )
    first, *others = log.read_text().splitlines()
    assert first == "True [0]" or first == "True ['0']"  # the try
    assert others == [first]  # one worker, with the one GPU, where the two cores would make two
