"""`add --ray` as it is typed: what can't be, and that nothing else knows of Ray."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from embeddings.sentence_transformer import DEFAULT_MODEL
from qa.cli import main
from qa.cli.parser import parser
from qa.cli.ray_options import spelled_out
from qa.exporting import export

ROOT = Path(__file__).parents[1]
VELL = Path(__file__).parent / "data" / "vell"
NEW = ["--model", "hashed-words"]


@pytest.mark.parametrize(
    ("typed", "ray", "paths"),
    [
        (["--ray", "in/"], "", ["in/"]),
        (["--ray", "127.0.0.1:6379", "in/"], "127.0.0.1:6379", ["in/"]),
        (["--ray", "head.example:6379", "a", "b"], "head.example:6379", ["a", "b"]),
        (["--ray=[::1]:6379", "in/"], "[::1]:6379", ["in/"]),
        (["in/", "--ray"], "", ["in/"]),
        (["in/", "--ray", "--json"], "", ["in/"]),
        (["--ray", "s3://bucket/prefix"], "", ["s3://bucket/prefix"]),
        (["in/"], None, ["in/"]),
    ],
)
def test_an_address_may_follow_or_not(typed, ray, paths):
    options = parser().parse_args(spelled_out(["add", *typed]))
    assert (options.ray, options.paths) == (ray, paths)


def test_only_add_knows_of_it_and_nothing_after_two_dashes():
    assert spelled_out(["ask", "--ray", "x"]) == ["ask", "--ray", "x"]
    assert spelled_out(["add", "--", "--ray", "x"]) == ["add", "--", "--ray", "x"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--workers", "2"], "go with --ray"),
        (["--spool", "x"], "go with --ray"),
        (["--ray", "--workers", "0"], "expected 1 or more"),
        (["--ray", "--spool", "nowhere"], "no such folder"),
        (["--ray=head"], "is no HOST:PORT"),
        (["--ray", "--watch"], "leave one of them out"),
    ],
)
def test_what_does_not_go_together_is_told_first(typed, told, tmp_path, capsys):
    archive = tmp_path / "archive"
    assert main(["add", str(VELL), *typed, "--archive", str(archive), *NEW]) == 2
    assert told in capsys.readouterr().err
    assert not archive.exists()


def test_without_ray_the_way_to_get_it_is_told(tmp_path, capsys, monkeypatch):
    from qa.on_ray import cluster

    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    assert main(["add", str(VELL), "--ray", "--archive", str(tmp_path / "archive"), *NEW]) == 2
    assert "pip install -r requirements-scale.txt" in capsys.readouterr().err
    assert not (tmp_path / "archive").exists()


def test_nobody_at_the_address(tmp_path, capsys):
    pytest.importorskip("ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    assert main(["add", str(VELL), "--ray", address, "--archive", str(tmp_path / "archive"), *NEW]) == 2
    assert f"no Ray cluster answers at {address}" in capsys.readouterr().err
    assert not (tmp_path / "archive").exists()


@pytest.mark.slow
def test_somebody_else_at_the_address(tmp_path, capsys, monkeypatch):
    pytest.importorskip("ray")
    from qa.on_ray import cluster

    monkeypatch.setattr(cluster, "_HEALTH", 15.0)
    with silent_server() as address:
        assert main(["add", str(VELL), "--ray", address, "--archive", str(tmp_path / "archive"), *NEW]) == 2
    assert "is no Ray cluster that this machine may use" in capsys.readouterr().err
    assert not (tmp_path / "archive").exists()


@contextmanager
def silent_server():
    """The address of what takes connections and never answers."""
    held = []

    def hold():
        with suppress(OSError):  # it is closed
            while True:
                held.append(server.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as server:
        holding = threading.Thread(target=hold)
        holding.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            holding.join()
            for each in held:
                each.close()


def test_versions_that_differ_are_told():
    from qa.on_ray.cluster import _why_not

    told = _why_not(
        "head:6379", RuntimeError("Version mismatch: The cluster was started with:\n  Ray: 2.1\n")
    )
    assert told == (
        "the Ray cluster at head:6379 is of another version: Version mismatch: The cluster was started with: Ray: 2.1"
    )
    assert "ray start --address head:6379" in _why_not("head:6379", RuntimeError("no raylet"))


def test_nothing_else_imports_ray(tmp_path):
    code = """
import sys
from qa.cli import main
import qa
archive = ["--archive", sys.argv[1]]
assert main(["add", sys.argv[2], "--model", "hashed-words", *archive]) == 0
assert main(["list", *archive]) == 0
assert main(["search", "the ferry", *archive]) == 0
wrong = {"ray", "pyarrow"} & {name.split(".")[0] for name in sys.modules}
assert not wrong, wrong
assert not [name for name in sys.modules if name.startswith("qa.on_ray")]
"""
    subprocess.run(
        [sys.executable, "-c", code, tmp_path / "archive", VELL], cwd=ROOT, check=True, capture_output=True
    )


@pytest.mark.slow
def test_one_worker_and_two_make_the_archive_that_none_makes(tmp_path):
    pytest.importorskip("ray")
    from qa import Archive

    exports = []
    for name, options in (
        ("plain", []),
        ("one", ["--ray", "--workers", "1"]),
        ("two", ["--ray", "--workers", "2"]),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "qa", "add", *options, VELL, "--json", "--archive", tmp_path / name],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert len(json.loads(done.stdout)["added"]) > len(list(VELL.iterdir())) - 1, "and nothing but JSON"
        with Archive.open(tmp_path / name) as archive:
            assert archive.settings.encoder == DEFAULT_MODEL
            export(archive, tmp_path / f"{name}.jsonl", vectors=True)
        exports.append((tmp_path / f"{name}.jsonl").read_bytes())
    assert exports[0] == exports[1] == exports[2]
