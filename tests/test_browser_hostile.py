"""Hostile words in a real browser: they stay words; and no other host is named or reached."""

import re
from urllib.parse import urlsplit
from urllib.request import urlopen

from browsing import HOSTILE, NEEDS_BROWSER, answered, box

from qa.page import texts

pytestmark = NEEDS_BROWSER


def test_a_hostile_article_stays_text(page):
    last = answered(page, "Where is the wall the zebra of Brannock zoo wrote on?")
    last.locator("button.number").first.click()
    page.locator("#sources mark.current").wait_for()
    page.get_by_role("button", name=texts.FILTERS).click()
    for shown in (last, page.locator("#sources")):
        assert HOSTILE in shown.text_content()
        assert '<img src=x onerror="window.hacked = 4">' in shown.text_content()
        assert "<script>window.hacked = 5</script>" in shown.text_content()
        assert shown.locator("script, img, b, strong, em, a[href^=http]").count() == 0
    assert page.locator("#filters", has_text="<script>window.hacked = 5</script>").count() == 1


def test_a_hostile_question_stays_text(page):
    question = "zebra <img src=x onerror='window.hacked = 6'> ${window.hacked = 7} {{x}} `y`?"
    assert answered(page, question).locator(".question").inner_text() == question
    page.reload()
    page.locator(".exchange").first.wait_for()
    assert page.locator("#room img, #room script").count() == 0


def test_right_to_left_and_cyrillic_words_stand_as_they_should(page):
    last = answered(page, "Мост построили рабочие?")
    quote = last.locator("blockquote").first
    assert "Мост построили рабочие из Вельдмарка." in quote.inner_text()
    last = answered(page, "מתי נפתח הגשר החדש בעיר?")
    quote = last.locator("blockquote").first
    assert "הגשר החדש" in quote.inner_text()
    assert quote.evaluate("(it) => getComputedStyle(it).direction") == "rtl"


def test_a_script_that_slipped_through_would_not_run_and_no_other_host_is_reached(browser, address):
    page = browser.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(address)
    box(page).wait_for()
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked = 8\">')"
    )
    page.evaluate("fetch('https://example.com/').catch(() => { window.refused = true })")
    page.wait_for_function("window.refused")
    assert page.evaluate("window.hacked") is None
    assert sum("Content Security Policy" in each for each in complaints) >= 2
    page.close()


def test_the_page_names_no_other_host(address):
    with urlopen(address, timeout=20) as response:
        html = response.read().decode()
    hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s\"'<>\\]+", html)}
    assert hosts <= {"127.0.0.1"}
    with urlopen(f"{address}theme.css", timeout=20) as response:
        css = response.read().decode()
    assert all(found.startswith("data:") for found in re.findall(r"url\(['\"]?([^'\")]*)", css))
    assert "@import" not in css
