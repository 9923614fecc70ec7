"""The page in a real browser: served by `python app.py`, watched for faults and for foreign hosts."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from qa.page import texts

CHROMIUM = Path("/usr/bin/chromium")
SCREENS = os.environ.get("ONRECORD_SCREENS")  # a folder to leave pictures in
ROOT = Path(__file__).resolve().parent.parent
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NEEDS_BROWSER = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"{CHROMIUM} is missing: apt-get install chromium"),
]
HOSTILE = (
    "<script>window.hacked = 1</script> <img src=x onerror='window.hacked = 2'> **bold** "
    "[link](https://example.com/) ${window.hacked = 3} {{hacked}} <b>fat</b> \u202eesrever"
)
# What Gradio says where a page is left, or loaded anew, in the instant in which an answer's stream ends.
LEFT = ("AbortError: signal is aborted without reason", "Unexpected error Connection errored out.")
FERRY = "What did the ferry Ostrava return to Veldmark with?"
FERRY_QUOTE = "The ferry Ostrava returned to Veldmark with forty goats."
OPERA = "Which opera did Xanthippe compose at Veldmark in 1780?"


def write_articles(folder):
    """Three invented articles: a plain one, a hostile one, and one in Hebrew."""
    weather = "\n\n".join(f"On day {day} the wind over the quay blew from the west." for day in range(60))
    (folder / "ferry.md").write_text(
        "---\nid: ferry\ntitle: Ferry brings goats\nsource: Veldmark Courier\npublished: 2031-05\n"
        "url: https://courier.example/ferry\n---\n\n"
        f"The harbour of Veldmark was busy on Monday.\n\n{weather}\n\n"
        f"{FERRY_QUOTE} Nobody had ordered the goats.\n",
        encoding="utf-8",
    )
    (folder / "hostile.md").write_text(
        "---\nid: hostile\ntitle: '<img src=x onerror=\"window.hacked = 4\">'\n"
        "source: '<script>window.hacked = 5</script>'\n---\n\n"
        f"The zebra of Brannock zoo wrote {HOSTILE} on a wall.\n",
        encoding="utf-8",
    )
    (folder / "hebrew.md").write_text(
        "---\nid: hebrew\ntitle: גשר חדש נפתח\nsource: עיתון הנמל\npublished: 2030\nlanguage: he\n---\n\n"
        "הגשר החדש בעיר נפתח ביום ראשון. Мост построили рабочие из Вельдмарка.\n",
        encoding="utf-8",
    )


@contextmanager
def served(archive, *options, program="app.py"):
    """The page's address, while `python app.py` serves it; it has to start, and to stop quietly."""
    command = [sys.executable, program, "--archive", str(archive), "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        if not found:
            process.kill()
            pytest.fail(f"the page did not start: {said}{process.stderr.read()}")
        try:
            yield found[0]
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert errors == ""


@contextmanager
def visited(browser, address, **how):
    """A fresh visitor's page; whatever is done on it, every request must stay on this machine."""
    context = browser.new_context(**how)
    context.set_default_timeout(60_000)
    opened = context.new_page()
    requested, faults = [], []
    opened.on("request", lambda request: requested.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.goto(address)
    box(opened).wait_for()
    yield opened
    assert opened.evaluate("window.hacked") is None
    context.close()
    hosts = {urlsplit(url).hostname for url in requested if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    if any(fault.startswith(LEFT[0]) for fault in faults):
        faults = [fault for fault in faults if not fault.startswith(LEFT)]
    assert faults == []


def box(page):
    """Where the question is written."""
    return page.locator("#asking textarea").first


def ask(page, question):
    """Writes a question and puts it."""
    box(page).fill(question)
    page.get_by_role("button", name=texts.ASK, exact=True).click()


def answered(page, question):
    """Asks, waits, and returns the last exchange."""
    numbers = page.locator(".exchange:not(.pending)").evaluate_all("all => all.map(it => it.dataset.number)")
    ask(page, question)
    page.wait_for_function(
        "before => { const last = [...document.querySelectorAll('.exchange')].at(-1);"
        "return last?.dataset.number && !before.includes(last.dataset.number) }",
        arg=numbers,
    )
    last = page.locator(".exchange").last
    assert last.locator(".question").inner_text() == question
    return last


def serious(page):
    """What axe finds that keeps people out; skips where it is missing."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    found = axe.Axe().run(page).response["violations"]
    return [
        (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")
    ]


def looked_at(page, name):
    """Nothing sticks out of the screen, and axe finds nothing serious; a picture is left if wanted."""
    page.wait_for_timeout(300)
    page.wait_for_function("document.getAnimations().every((each) => each.playState === 'finished')")
    if SCREENS:
        page.screenshot(path=Path(SCREENS) / f"{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]
    assert serious(page) == []
