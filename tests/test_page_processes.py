"""Several page processes on one archive: the same answers, the newest state, and nothing kept in one of them."""

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from browsing import served
from buoys import QUESTION, faults, text_of, write

from qa import Archive

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


def got(address, path):
    with urlopen(f"{address}{path}", timeout=60) as answer:
        return answer.read().decode()


def asked(address, question, **how):
    """An answer as programs get it: a call, and its result by the call's number."""
    request = Request(
        f"{address}gradio_api/call/v2/ask",
        json.dumps({"question": question, **how}).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=120) as answer:
        number = json.load(answer)["event_id"]
    told = got(address, f"gradio_api/call/ask/{number}")
    assert told.startswith("event: complete"), told
    (answer,) = json.loads(told.split("data: ", 1)[1])
    return answer


def command_line(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "qa", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def metric(address, name):
    (found,) = re.findall(rf"^{name} (\S+)$", got(address, "metrics"), re.MULTILINE)
    return float(found)


@pytest.fixture
def filled(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(write(tmp_path, range(30), 1))
    return tmp_path / "archive"


def test_two_pages_answer_while_the_command_line_adds_and_removes(filled, tmp_path):
    with served(filled) as one, served(filled) as other:
        done, wrong, counted = threading.Event(), [], []

        def visit(first, second):
            for address in cycle((first, second)):  # as a proxy without any sticking would have it
                if done.is_set() and len(counted) > 4:
                    return
                answer = asked(address, QUESTION)
                wrong.extend(faults(answer))
                counted.append(address)

        with ThreadPoolExecutor(2) as visitors:
            visiting = [visitors.submit(visit, one, other), visitors.submit(visit, other, one)]
            try:
                for number in (40, 41):
                    (tmp_path / "more").mkdir(exist_ok=True)
                    file = write(tmp_path / "more", [number], 2)
                    command_line("add", file, "--archive", filled)
                    self_told = [asked(each, f"Who painted buoy number {number}?") for each in (one, other)]
                    for answer in self_told:
                        assert f"{number:03}" in {quote["article"]["id"] for quote in answer["quotes"]}
                        assert faults(answer) == []
                    command_line("remove", f"{number:03}", "--archive", filled)
                    for each in (one, other):
                        answer = asked(each, f"Who painted buoy number {number}?")
                        assert f"{number:03}" not in {quote["article"]["id"] for quote in answer["quotes"]}
            finally:
                done.set()
        for each in visiting:
            each.result()
        assert wrong == []
        assert set(counted) == {one, other}
        with Archive.open(filled) as archive:
            generation = archive.generation
        for each in (one, other):
            assert metric(each, "onrecord_archive_generation") == generation
            assert metric(each, "onrecord_archive_articles") == 30
            assert got(each, "readyz") == "ready\n"
            assert got(each, "healthz") == "ok\n"
        alike = [asked(each, QUESTION) for each in (one, other)]
        assert alike[0] == alike[1]
        assert alike[0]["quotes"][0]["text"] in text_of(7, 1)


def test_a_page_that_is_full_counts_whom_it_turns_away(filled):
    with served(filled, program=str(Path(__file__).with_name("busy_page.py"))) as address:

        def join(_):
            request = Request(
                f"{address}gradio_api/call/v2/ask",
                json.dumps({"question": QUESTION}).encode(),
                {"Content-Type": "application/json"},
            )
            try:
                with urlopen(request, timeout=60) as answer:
                    return answer.status
            except HTTPError as error:
                return error.code

        # one is answered, one may wait, the others are turned away
        first = join(0)
        time.sleep(2)
        codes = [first, *map(join, range(3))]
        assert codes == [200, 200, 503, 503]
        assert metric(address, "onrecord_queue_refusals_total") == 2
        assert metric(address, "onrecord_queue_length") == 1
        assert metric(address, "onrecord_questions_now") == 1


def test_with_a_password_probes_go_on_and_metrics_want_it(filled, tmp_path):
    (tmp_path / "password").write_text("goats\n")
    with served(filled, "--auth", f"ro:{tmp_path / 'password'}") as address:
        assert got(address, "healthz") == "ok\n"
        assert got(address, "readyz") == "ready\n"
        with pytest.raises(HTTPError, match="401"):
            got(address, "metrics")
        request = Request(f"{address}metrics", headers={"Authorization": "Basic cm86Z29hdHM="})  # ro:goats
        with urlopen(request, timeout=60) as answer:
            assert b"onrecord_questions_total" in answer.read()


def test_a_page_for_this_machine_tells_no_other_site(filled):
    with served(filled) as address:
        for path in ("healthz", "readyz", "metrics"):
            with pytest.raises(HTTPError, match="403"):
                urlopen(Request(f"{address}{path}", headers={"Host": "evil.example"}), timeout=60)


@contextmanager
def proxied(folder, *addresses):
    """The shipped proxy before these pages, which are named in place of Docker's."""
    haproxy = shutil.which("haproxy")
    if haproxy is None:
        pytest.skip("haproxy is missing: apt-get install haproxy")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = (ROOT / "qa" / "deploy" / "haproxy.cfg").read_text()
    servers = "\n".join(
        f"    server page-{at} {re.search(r'//([^/]+)', each)[1]}" for at, each in enumerate(addresses)
    )
    told = re.sub(r"^\s+server-template .*$", servers, told, flags=re.MULTILINE)
    told = told.replace("bind :8080", f"bind 127.0.0.1:{port}")
    told = told.replace(" resolvers docker init-addr libc,none", "")
    (folder / "haproxy.cfg").write_text(told)
    with subprocess.Popen(
        [haproxy, "-f", folder / "haproxy.cfg"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(100):
                try:
                    got(f"http://127.0.0.1:{port}/", "")
                    break
                except OSError:
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.kill()


def test_behind_the_proxy_that_is_shipped(filled, tmp_path):
    with served(filled, "--host", "0.0.0.0") as one, served(filled, "--host", "0.0.0.0") as other:
        with proxied(tmp_path, one, other) as address:
            for _ in range(4):  # without a cookie: the call and its result reach the same process
                assert faults(asked(address, QUESTION)) == []
            counted = [metric_of_asks(each) for each in (one, other)]
            assert sorted(counted) == [0, 4]
            with urlopen(address, timeout=60) as page:
                cookie = page.headers["Set-Cookie"]
            assert cookie.startswith("ONRECORD=")
            assert "httponly" in cookie.lower()
            for path in ("healthz", "readyz", "metrics"):
                with pytest.raises(HTTPError, match="404"):
                    got(address, path)
        # One of the two is gone: the other answers.
        with proxied(tmp_path, one, unused()) as address:
            for _ in range(2):
                assert faults(asked(address, QUESTION)) == []


def metric_of_asks(address):
    found = re.findall(
        r'^onrecord_questions_total\{endpoint="ask",outcome="\w+"\} (\S+)$',
        got(address, "metrics"),
        re.MULTILINE,
    )
    return sum(map(float, found))


def unused():
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"
