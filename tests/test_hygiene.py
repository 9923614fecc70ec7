"""What no source of the packages may do."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
SOURCES = sorted(
    path for part in ("corpus", "embeddings", "qa") for path in REPOSITORY.glob(f"{part}/**/*.py")
) + sorted(REPOSITORY.glob("app.py"))
CATCH_ALL = {"utils", "util", "base", "common", "helpers", "manager", "core", "factory", "handler", "misc"}
LOADS_CODE = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}


def trees():
    return [
        pytest.param(ast.parse(path.read_text()), id=str(path.relative_to(REPOSITORY))) for path in SOURCES
    ]


def calls(tree):
    """The names called, as written: `print`, `np.load`."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("tree", trees())
def test_nothing_is_pickled_printed_or_evaluated(tree):
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [str(node.module)]
        )
    }
    assert not LOADS_CODE & modules
    assert not {"print", "eval", "exec", "torch.load", "yaml.unsafe_load"} & calls(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword):
            assert not (node.arg == "allow_pickle" and getattr(node.value, "value", None) is not False)


@pytest.mark.parametrize("tree", trees())
def test_no_shell_is_started(tree):
    assert not {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"} & calls(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword):
            assert node.arg != "shell"


@pytest.mark.parametrize("tree", trees())
def test_no_handler_catches_everything_and_goes_on(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
            assert not broad or any(isinstance(inner, ast.Raise) for inner in ast.walk(node))


def test_files_are_named_by_their_subject_and_none_is_long():
    assert not [path for path in SOURCES if path.stem in CATCH_ALL]
    assert not [path for path in SOURCES if len(path.read_text().splitlines()) > 320]


def test_tests_are_flat_and_each_is_of_a_module():
    tests = REPOSITORY / "tests"
    assert not list(tests.rglob("__init__.py"))
    assert not [path for path in tests.rglob("test_*.py") if path.parent not in (tests, tests / "bench")]
