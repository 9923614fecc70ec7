"""A question needs neither torch nor what it brings: they take seconds to import and a gigabyte."""

import subprocess
import sys
from pathlib import Path

import pytest

from qa.sample import build_sample

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "sentence_transformers", "onnx", "scipy", "matplotlib", "gradio", "pandas"}
MOST_MB = 300  # resident, of a process that opens the sample archive and answers


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample archive, by the default model."""
    folder = tmp_path_factory.mktemp("sample") / "archive"
    build_sample(folder)
    return folder


def run(*arguments):
    """What a command left imported, and the most memory it held, in MB."""
    code = (
        "import sys\n"
        "from qa.cli import main\n"
        f"assert main({list(arguments)!r}) == 0\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)\n"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    *_, names, kilobytes = done.stderr.splitlines()
    return set(names.split()), int(kilobytes) / 1000


@pytest.mark.parametrize(
    "command",
    [
        ["search", "Who was detained in Oral?"],
        ["search", "Who was detained in Oral?", "--rerank"],
        ["ask", "Who was detained in Oral?"],
    ],
    ids=["search", "rerank", "ask"],
)
def test_a_question_imports_nothing_heavy_and_stays_small(sample, command):
    names, megabytes = run(*command, "--archive", str(sample))
    assert {"onnxruntime", "tokenizers"} <= names
    assert not HEAVY & names
    assert megabytes <= MOST_MB


@pytest.mark.parametrize("command", [["list"], ["info"]])
def test_what_encodes_nothing_needs_no_encoder(sample, command):
    names, _ = run(*command, "--archive", str(sample))
    assert not (HEAVY | {"onnxruntime", "tokenizers"}) & names


def test_finding_passages_imports_nothing_that_reads_articles_or_answers(sample):
    code = (
        "import sys\n"
        "from qa.cli import main\n"
        f"assert main(['search', 'Who was detained in Oral?', '--archive', {str(sample)!r}]) == 0\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert {"qa.retriever", "corpus.passages"} <= loaded
    assert (
        not {"qa.answerer", "qa.answer", "qa.adding", "qa.doctor", "corpus.furniture", "corpus.reading"}
        & loaded
    )
