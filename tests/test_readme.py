"""What README says is so: its files are there and all named, its snippet prints what stands below it."""

import re
import subprocess
from pathlib import Path

import pytest

from qa.cli.parser import parser
from qa.sample import build_sample

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _listed_files():
    block = README.split("## What is where", 1)[1].split("```")[1]
    return [line.split()[0] for line in block.splitlines() if line.strip()]


def test_every_file_listed_is_there():
    assert [name for name in _listed_files() if not (ROOT / name).exists()] == []


def test_every_tracked_file_is_listed_by_itself_or_by_its_folder():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    listed = set(_listed_files())
    in_folders = tuple(name for name in listed if name.endswith("/"))
    unlisted = [name for name in tracked if name not in listed and not name.startswith(in_folders)]
    assert unlisted == []


def test_every_command_is_named():
    commands = re.findall(r"^    (\w+) ", parser().format_help(), flags=re.MULTILINE)
    assert len(commands) == 16
    assert [command for command in commands if not re.search(rf"[ `]{command}[ `]", README)] == []


def test_the_python_snippet_prints_what_stands_below_it(tmp_path, monkeypatch, capsys):
    code, printed = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", README, re.DOTALL).groups()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_ARCHIVE", raising=False)
    build_sample(Path("var") / "archive")
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_the_answer_shown_is_the_one_given(tmp_path, monkeypatch, capsys):
    from qa.cli import main

    shown = README.split("```")[1]
    for command, printed in re.findall(
        r'\$ python -m qa (ask "[^\n]*)\n(.*?)(?=\n\n\$|\Z)', shown, re.DOTALL
    ):
        arguments = re.findall(r'"([^"]*)"|(\S+)', command)
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("QA_ARCHIVE", raising=False)
        assert main([quoted or bare for quoted, bare in arguments]) == 0
        assert capsys.readouterr().out.startswith(printed.strip())
