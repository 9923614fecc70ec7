"""Imports flow one way: corpus <- embeddings <- qa <- app; and importing costs nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
ORDER = ["corpus", "embeddings", "qa", "app"]
HEAVY = ["torch", "transformers", "sentence_transformers", "gradio", "matplotlib", "pandas"]


def sources(part):
    single = REPOSITORY / f"{part}.py"
    return [single] if single.exists() else sorted((REPOSITORY / part).rglob("*.py"))


def imported(tree):
    """The first names of the modules that a source imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides which part it is of"
            yield str(node.module).split(".")[0]


def test_imports_are_seen():
    tree = ast.parse("import a.b, c\ndef f():\n    from d.e import g\n")
    assert sorted(imported(tree)) == ["a", "c", "d"]


@pytest.mark.parametrize("part", ORDER)
def test_no_part_imports_one_above_it(part):
    if part == "app" and not sources(part):
        pytest.skip("there is no app.py yet")
    assert sources(part)
    above = set(ORDER[ORDER.index(part) + 1 :])
    for source in sources(part):
        assert not above & set(imported(ast.parse(source.read_text()))), source


@pytest.mark.parametrize("part", ["corpus", "embeddings", "qa"])
def test_tests_are_imported_by_no_one(part):
    for source in sources(part):
        assert not {"tests", "conftest", "pytest", "hypothesis"} & set(
            imported(ast.parse(source.read_text()))
        ), source


def loaded_by(statement):
    code = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    *said, names = done.stdout.splitlines()
    assert said == [], "importing prints nothing"
    return set(names.split())


@pytest.mark.parametrize(
    "statement",
    ["import corpus, corpus.reading, corpus.furniture, corpus.passages", "import qa", "import qa.cli"],
)
def test_importing_pulls_in_nothing_heavy(statement):
    assert not set(HEAVY) & loaded_by(statement)


def test_reading_needs_neither_numpy_nor_faiss():
    loaded = loaded_by("import corpus.reading, corpus.furniture, corpus.passages")
    assert not {"numpy", "faiss", "tantivy", "sqlite3"} & loaded
