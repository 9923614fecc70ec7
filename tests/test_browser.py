"""The page in a real browser, served by `python app.py` over an archive of invented articles."""

import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from qa import Archive
from qa.page import texts

CHROMIUM = Path("/usr/bin/chromium")
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
HOSTILE = (
    "<script>window.hacked = 1</script> <img src=x onerror='window.hacked = 2'> **bold** "
    "[link](https://example.com/) ${window.hacked = 3} {{hacked}} <b>fat</b> \u202eesrever"
)
ROOT = Path(__file__).resolve().parent.parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"{CHROMIUM} is missing: apt-get install chromium"),
]
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is missing")


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    (folder / "ferry.md").write_text(
        "---\nid: ferry\ntitle: Ferry brings goats\nsource: Veldmark Courier\npublished: 2031-05\n---\n\n"
        "The harbour of Veldmark was busy on Monday.\n\n"
        "The ferry Ostrava returned to Veldmark with forty goats. Nobody had ordered the goats.\n",
        encoding="utf-8",
    )
    (folder / "hostile.md").write_text(
        "---\nid: hostile\ntitle: '<img src=x onerror=\"window.hacked = 4\">'\n"
        "source: '<script>window.hacked = 5</script>'\n---\n\n"
        f"The zebra of Brannock zoo wrote {HOSTILE} on a wall.\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def archive(articles, tmp_path_factory):
    path = tmp_path_factory.mktemp("archives") / "archive"
    with Archive.create(path, model="hashed-words") as made:
        made.add(articles)
    return path


@contextmanager
def served(archive):
    """The page's address, while `python app.py` serves it; it has to start, and to stop quietly."""
    command = [sys.executable, "app.py", "--archive", str(archive), "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        if not found:
            process.kill()
            pytest.fail(f"the page did not start: {said}{process.stderr.read()}")
        try:
            yield found[0]
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert errors == ""


@pytest.fixture(scope="module")
def address(archive):
    with served(archive) as url:
        yield url


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=CHROMIUM, args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def page(context, address):
    """A fresh page; whatever a test does on it, every request must stay on this machine."""
    opened = context.new_page()
    requested, faults = [], []
    opened.on("request", lambda request: requested.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.goto(address)
    opened.get_by_label(texts.QUESTION).wait_for()
    yield opened
    assert opened.evaluate("window.hacked") is None
    opened.close()
    hosts = {urlsplit(url).hostname for url in requested if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    assert faults == []


def ask(page, question):
    page.get_by_label(texts.QUESTION).fill(question)
    page.get_by_role("button", name=texts.ASK, exact=True).click()


def answered(page, question):
    ask(page, question)
    page.locator("#latest .question", has_text=question).wait_for()


def test_an_answer_shows_quotes_and_each_marked_in_its_article(page):
    answered(page, "What did the ferry Ostrava return to Veldmark with?")
    first = page.locator("#latest .quotes > li").first
    quote = "The ferry Ostrava returned to Veldmark with forty goats."
    assert first.locator("blockquote").inner_text() == quote
    assert first.locator(".facts").inner_text() == "Veldmark Courier · Ferry brings goats · 2031-05"
    assert "Confidence: " in page.locator("#latest").inner_text()
    source = page.locator("#sources .source").first
    assert source.locator("h3").inner_text() == "Ferry brings goats"
    assert quote in source.locator("mark").all_inner_texts()
    assert "The harbour of Veldmark was busy on Monday." in source.inner_text()


def test_a_number_leads_to_its_quote_by_keyboard(page):
    answered(page, "What did the ferry Ostrava return to Veldmark with?")
    page.locator("#latest a.number").first.focus()
    page.keyboard.press("Enter")
    focused = "document.activeElement.tagName + document.activeElement.textContent"
    assert page.evaluate(focused) == "MARKThe ferry Ostrava returned to Veldmark with forty goats."


def test_an_abstention_looks_like_none_of_the_answers(page):
    answered(page, "Which opera did Xanthippe compose at Veldmark in 1780?")
    shown = page.locator("#latest")
    assert shown.locator(".abstained").count() == 1
    assert texts.ABSTAINED in shown.inner_text()
    assert texts.NEAR in shown.inner_text()
    assert shown.locator(".near blockquote").count() >= 1
    assert shown.locator(".quotes, .number").count() == 0
    assert page.locator("#sources mark").count() == 0


def test_a_hostile_article_stays_text(page):
    answered(page, "Where is the wall the zebra of Brannock zoo wrote on?")
    for panel in ("#latest", "#sources"):
        shown = page.locator(panel)
        assert HOSTILE in shown.text_content()
        assert '<img src=x onerror="window.hacked = 4">' in shown.text_content()
        assert "<script>window.hacked = 5</script>" in shown.text_content()
        assert shown.locator("script, img, b, strong, em, a[href^=http]").count() == 0


def test_a_hostile_question_stays_text(page):
    question = "zebra <img src=x onerror='window.hacked = 6'> ${window.hacked = 7} {{x}} `y`?"
    answered(page, question)
    assert page.locator("#latest .question").inner_text() == question
    answered(page, "What did the ferry Ostrava return to Veldmark with?")
    assert page.locator("#earlier summary").inner_text() == question
    assert page.locator("#room img, #room script").count() == 0


def test_a_script_that_slipped_through_would_not_run_and_no_other_host_is_reached(context, address):
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(address)
    page.get_by_label(texts.QUESTION).wait_for()
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked = 8\">')"
    )
    page.evaluate("fetch('https://example.com/').catch(() => { window.refused = true })")
    page.wait_for_function("window.refused")
    assert page.evaluate("window.hacked") is None
    assert sum("Content Security Policy" in each for each in complaints) >= 2
    page.close()


def test_an_empty_question_is_a_calm_line(page):
    ask(page, "   ")
    page.locator(".note p").wait_for()
    assert page.locator(".note").inner_text() == "The question is empty; ask in a few words"
    assert "Traceback" not in page.locator("body").inner_text()
    answered(page, "Who ordered the goats?")
    assert page.locator(".note p").count() == 0


def test_two_visitors_have_a_conversation_each(page, context, address):
    other = context.new_page()
    other.goto(address)
    answered(other, "Who ordered the goats?")
    answered(page, "What was busy on Monday?")
    assert page.locator("#earlier summary").count() == 0
    assert other.locator("#latest .question").inner_text() == "Who ordered the goats?"
    other.close()


def test_what_the_command_line_adds_is_found_at_the_next_question(page, archive, tmp_path):
    question = "Who tuned the organ of Quillfeather abbey?"
    answered(page, question)
    assert page.locator("#latest .abstained").count() == 1
    (tmp_path / "organ.txt").write_text(
        "Ludmila Prew tuned the organ of Quillfeather abbey.", encoding="utf-8"
    )
    added = [sys.executable, "-m", "qa", "add", str(tmp_path / "organ.txt"), "--archive", str(archive)]
    subprocess.run(added, cwd=ROOT, check=True, capture_output=True)
    ask(page, question)
    page.locator("#latest .quotes").wait_for()
    assert "Ludmila Prew" in page.locator("#latest blockquote").first.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_on_a_narrow_screen(page, scheme):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)
    answered(page, "Where is the wall the zebra of Brannock zoo wrote on?")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_focus_is_seen(page):
    page.get_by_label(texts.QUESTION).focus()
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"


def test_the_page_names_no_other_host(address):
    with urlopen(address, timeout=10) as response:
        html = response.read().decode()
    hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s\"'<>\\]+", html)}
    assert hosts <= {"127.0.0.1"}
    with urlopen(f"{address}theme.css", timeout=10) as response:
        css = response.read().decode()
    assert all(found.startswith("data:") for found in re.findall(r"url\(['\"]?([^'\")]*)", css))
    assert "@import" not in css


@pytest.mark.parametrize("path", ["gradio_api/upload", "gradio_api/file=/etc/passwd", "docs", "openapi.json"])
def test_what_the_page_does_not_need_is_closed(page, address, path):
    assert page.request.get(address + path).status == 404


def test_the_first_answer_is_quick(page):
    began = time.perf_counter()
    answered(page, "What did the ferry Ostrava return to Veldmark with?")
    assert time.perf_counter() - began < 3


def test_it_stops_at_once_and_quietly_while_a_page_is_open(archive, context):
    with served(archive) as url:
        page = context.new_page()
        page.goto(url)
        answered(page, "Who ordered the goats?")
        began = time.perf_counter()
    assert time.perf_counter() - began < 10
    page.close()
