"""Whole processes on the sample archive, the disk warm; and the import they are spared."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from measuring import REPOSITORY, Found, Wanted, ran

QUESTION = "Who was detained in Oral?"
_RUNS = 3  # of each command


def measure(_: Wanted) -> Iterator[tuple[str, Found]]:
    """`search`, `ask`, and `import sentence_transformers` as a baseline."""
    with tempfile.TemporaryDirectory() as folder:
        archive = str(Path(folder) / "archive")
        ran("-m", "qa", "add", str(REPOSITORY / "corpus" / "articles"), "--archive", archive)
        for command in ("search", "ask"):
            yield command, ran("-m", "qa", command, QUESTION, "--archive", archive, times=_RUNS)
        yield "library", ran("-c", "import sentence_transformers", times=2)
