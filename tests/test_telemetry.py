"""No library tells its makers anything, or leaves an id of the machine behind."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent
READ = """
from qa.reader.loading import load_reader
print(load_reader().name)
"""


def test_onnxruntime_leaves_nothing_in_the_home_folder(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HF_HUB_OFFLINE")}
    found = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=PROJECT,
        env={**kept, "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "onrecord-reader"
    assert list(tmp_path.iterdir()) == []
