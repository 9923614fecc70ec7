"""No network unless it is asked for: no command but an `add` of an address looks up a host or connects."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import EXTRACTED

ROOT = Path(__file__).parent.parent
QUESTION = "Who was detained in Oral?"
# Every command in one process, in which Python tells of each address that is looked up or connected to.
WATCHED = """
import contextlib, io, json, sys
told = []
def hook(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        told.append(f"{event}{arguments}")
sys.addaudithook(hook)
from qa.cli import main
folder, articles, question = sys.argv[1:]
answer = folder + ".json"
def run(*arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([*arguments, "--archive", folder]) == 0, arguments
    return out.getvalue()
run("add", articles)
open(answer, "w").write(run("ask", question, "--json"))
run("verify", answer)
run("search", question, "--rerank")
first = json.loads(run("list", "--json"))[0]["id"]
for command in (["show", first], ["show", "--furniture"], ["info"], ["doctor", "--repair"], ["optimize"], ["remove", first]):
    run(*command)
sys.exit("; ".join(told) or 0)
"""


@pytest.fixture
def articles(tmp_path):
    """The sample's briefs, a page with pictures and a stylesheet of elsewhere, and a letter."""
    folder = Path(shutil.copytree(ROOT / "corpus" / "articles", tmp_path / "articles"))
    elsewhere = b'<link rel="stylesheet" href="http://elsewhere.example/x.css"><img src="http://elsewhere.example/x.png">'
    (folder / "page.html").write_bytes(EXTRACTED["html"].replace(b"<p>", b"<p>" + elsewhere, 1))
    (folder / "letter.eml").write_bytes(EXTRACTED["mail"])
    return folder


def test_no_command_looks_up_a_host_or_connects(tmp_path, articles):
    command = [sys.executable, "-c", WATCHED, tmp_path / "archive", articles, QUESTION]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-2000:]


@pytest.mark.slow
def test_neither_do_libraries_below_python_nor_processes_that_it_starts(tmp_path, articles):
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    if subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False
    ).returncode:
        pytest.skip("this machine lets no process be traced")
    log = tmp_path / "log"
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", log, "-e", "trace=connect,sendto,sendmsg", sys.executable,
               "-c", WATCHED, tmp_path / "archive", articles, QUESTION]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.findall(r"sa_family=AF_INET.*", log.read_text()) == []
