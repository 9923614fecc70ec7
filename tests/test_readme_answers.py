"""README's answers on voices, differences, reprints and follow-ups are those of the sample archive."""

import re
import shlex
from pathlib import Path

import pytest

from qa.cli import main
from qa.sample import build_sample

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## Who says so, who else, and what differs")[1].split("\n## ")[0]
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
EXAMPLES = [COMMAND.findall(block) for block in SECTION.split("```")[1::2]]


def as_pattern(shown):
    """What must be printed from the first line on: a line of "…" stands for any, one at a line's end for its rest."""
    lines = [
        "(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") + "\n"
        for line in shown.splitlines()
    ]
    return re.compile("".join(lines))


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    build_sample(folder / "var" / "archive")
    (folder / "corpus").symlink_to(ROOT / "corpus")
    return folder


def test_there_is_an_example_of_each_part():
    shown = "".join(output for example in EXAMPLES for _, output in example)
    for told in ("reported speech, by ", "figures differ: ", "and 1 reprint: ", "  carried: "):
        assert told in shown


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[-1][0][:40])
def test_what_is_shown_is_what_is_printed(example, sample, monkeypatch, capsys):
    monkeypatch.chdir(sample)
    monkeypatch.delenv("QA_ARCHIVE", raising=False)
    for command, shown in example:
        if command.startswith("cat "):
            Path(command.split()[1]).write_text(shown, encoding="utf-8")
            continue
        if command.startswith("export "):
            monkeypatch.setenv(*command.split()[1].split("="))
            continue
        assert main(shlex.split(command.removeprefix("python -m qa "))) == 0
        printed = capsys.readouterr().out
        assert as_pattern(shown).match(printed), printed
