"""Asking, in a real browser: answers, quotes in their articles, history, and hostile words."""

import os
import subprocess
import sys
import time

from browsing import (
    FERRY,
    FERRY_QUOTE,
    NEEDS_BROWSER,
    OPERA,
    ROOT,
    answered,
    ask,
    box,
    served,
    visited,
)

from qa.page import texts

pytestmark = NEEDS_BROWSER


def in_view(page, selector):
    """Whether an element lies within what is seen of the panel."""
    return page.evaluate(
        "selector => { const at = document.querySelector(selector).getBoundingClientRect();"
        "const seen = document.querySelector('.sources').getBoundingClientRect();"
        "return at.top >= seen.top && at.bottom <= Math.min(seen.bottom, innerHeight) }",
        selector,
    )


def test_an_answer_shows_numbered_quotes_with_their_facts(page):
    last = answered(page, FERRY)
    first = last.locator(".quotes > li").first
    assert first.locator("blockquote").inner_text() == FERRY_QUOTE
    assert (
        first.locator("div > .facts").inner_text() == "Veldmark Courier · Ferry brings goats · as of 2031-05"
    )
    assert "Confidence: " in last.inner_text()
    assert FERRY_QUOTE in page.locator("#answers [role=status]").inner_text()
    assert box(page).input_value() == ""


def test_a_number_opens_its_article_at_the_quote(page):
    last = answered(page, FERRY)
    last.locator("button.number").first.click()
    page.wait_for_function("document.activeElement.tagName === 'MARK'")
    assert page.evaluate("document.activeElement.textContent") == FERRY_QUOTE
    assert page.locator("#sources mark.current").inner_text() == FERRY_QUOTE
    assert in_view(page, "#sources mark.current")
    assert page.locator("#sources .text p").count() == 62
    link = page.locator("#sources a.original").get_attribute("href")
    assert link.startswith("https://courier.example/ferry#:~:text=The%20ferry%20Ostrava")


def test_hovering_a_number_tells_outlet_date_and_sentence(page):
    last = answered(page, FERRY)
    tip = last.locator(".tip").first
    assert not tip.is_visible()
    last.locator("button.number").first.hover()
    tip.wait_for()
    assert tip.inner_text().split("\n\n") == ["Veldmark Courier · 2031-05", FERRY_QUOTE]


def test_everything_is_done_by_keyboard(page):
    box(page).focus()
    page.keyboard.type(FERRY)
    page.keyboard.press("Enter")
    page.locator(".exchange:not(.pending)").wait_for()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "number":
            break
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid", page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.tagName === 'MARK'")


def test_an_abstention_looks_like_none_of_the_answers(page):
    last = answered(page, OPERA)
    assert last.locator(".abstained").count() == 1
    assert texts.ABSTAINED in last.inner_text()
    assert texts.NEAR in last.inner_text()
    assert last.locator(".near blockquote").count() >= 1
    assert last.locator(".quotes, .number").count() == 0
    assert page.locator("#sources mark").count() == 0


def test_answers_stand_one_beneath_the_other_and_survive_a_reload(page):
    answered(page, FERRY)
    answered(page, OPERA)
    page.reload()
    page.locator(".exchange").nth(1).wait_for()
    assert page.locator(".question").all_inner_texts() == [FERRY, OPERA]
    page.get_by_role("button", name=texts.CLEAR).click()
    page.locator(".exchange").first.wait_for(state="detached")
    page.reload()
    page.locator("#answers .hint").wait_for()
    page.wait_for_timeout(500)
    assert page.locator(".exchange").count() == 0


def test_a_question_in_the_address_is_asked_once(browser, address):
    with visited(browser, f"{address}?q=Who+ordered+the+goats%3F") as page:
        page.locator(".exchange:not(.pending)").wait_for()
        page.reload()
        page.locator(".exchange:not(.pending)").wait_for()
        page.wait_for_timeout(500)
        assert page.locator(".question").all_inner_texts() == ["Who ordered the goats?"]


def test_an_address_names_filters_and_the_link_copied_is_such_an_address(browser, address):
    query = "?q=Who+ordered+the+goats%3F&source=Veldmark+Courier&until=2031"
    with visited(browser, address + query, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.locator(".exchange:not(.pending)").wait_for()
        assert page.locator(".chip bdi").all_inner_texts() == ["Veldmark Courier", "Until 2031"]
        page.get_by_role("button", name=texts.LINK).click()
        page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('http'))")
        assert page.evaluate("navigator.clipboard.readText()").endswith(query)


def test_a_busy_page_says_so_and_keeps_the_question(browser, ferry_archive):
    with served(ferry_archive, program="tests/busy_page.py") as address:
        pages = [browser.new_context().new_page() for _ in range(3)]
        for page in pages:
            page.set_default_timeout(60_000)
            page.goto(address)
            box(page).wait_for()
        for page in pages:
            ask(page, FERRY)
            page.wait_for_timeout(500)
        pages[2].get_by_text("currently busy").wait_for()
        assert box(pages[2]).input_value() == FERRY
        for page in pages[:2]:
            page.locator(".exchange:not(.pending) .quotes").wait_for()
        for page in pages:
            page.context.close()


def test_an_answer_is_asked_again_edited_copied_and_saved(browser, address):
    with visited(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        answered(page, FERRY)
        answered(page, OPERA)
        first = page.locator(".exchange").first
        first.get_by_role("button", name=texts.COPY).first.click()
        page.locator(".note", has_text=texts.COPIED).wait_for()
        assert f"“{FERRY_QUOTE}” [1]" in page.evaluate("navigator.clipboard.readText()")
        first.get_by_role("button", name=texts.LINK).click()
        page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('http'))")
        assert "?q=What+did+the+ferry" in page.evaluate("navigator.clipboard.readText()")
        for name, ends in ((texts.MARKDOWN, ".md"), (texts.JSON, ".json"), (texts.BIBTEX, ".bib")):
            with page.expect_download() as saved:
                first.get_by_role("button", name=name).click()
            assert saved.value.suggested_filename.endswith(ends)
            assert "Ferry brings goats" in saved.value.path().read_text(encoding="utf-8")
        first.get_by_role("button", name=texts.EDIT).click()
        page.locator(".note", has_text=texts.EDITING).wait_for()
        assert box(page).input_value() == FERRY
        ask(page, "Who ordered the goats?")
        page.locator(".exchange").first.locator(".question", has_text="Who ordered").wait_for()
        assert page.locator(".question").all_inner_texts() == ["Who ordered the goats?", OPERA]
        page.locator(".exchange").first.get_by_role("button", name=texts.RETRY).click()
        page.wait_for_timeout(1000)
        assert page.locator(".question").all_inner_texts() == ["Who ordered the goats?", OPERA]


def test_filters_shape_the_answer_and_are_shown_on_it(page):
    page.get_by_role("button", name=texts.FILTERS).click()
    page.get_by_label("Veldmark Courier").check()
    page.get_by_label(texts.SINCE, exact=True).fill("2031")
    last = answered(page, "Where is the wall the zebra of Brannock zoo wrote on?")
    assert last.locator(".chip bdi").all_inner_texts() == ["Veldmark Courier", "From 2031"]
    assert "zebra" not in "".join(last.locator("blockquote").all_inner_texts())
    page.get_by_label(texts.SINCE, exact=True).fill("yesterday")
    ask(page, FERRY)
    page.locator(".note", has_text="is not a date").wait_for()


def test_an_empty_question_is_a_calm_line(page):
    ask(page, "   ")
    page.locator(".note p").wait_for()
    assert page.locator(".note").inner_text() == "The question is empty; ask in a few words"
    answered(page, "Who ordered the goats?")
    assert page.locator(".note p").count() == 0


def test_two_visitors_have_a_conversation_each(page, browser, address):
    with visited(browser, address) as other:
        answered(other, "Who ordered the goats?")
        answered(page, "What was busy on Monday?")
        assert page.locator(".question").all_inner_texts() == ["What was busy on Monday?"]
        assert other.locator(".question").all_inner_texts() == ["Who ordered the goats?"]


def test_what_the_command_line_does_meanwhile_is_seen(page, ferry_archive, tmp_path):
    def qa(*arguments):
        command = [sys.executable, "-m", "qa", *arguments, "--archive", str(ferry_archive)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    question = "Who tuned the organ of Quillfeather abbey?"
    assert answered(page, question).locator(".abstained").count() == 1
    organ = tmp_path / "organ.txt"
    organ.write_text("Ludmila Prew tuned the organ of Quillfeather abbey.", encoding="utf-8")
    qa("add", str(organ))
    last = answered(page, question)
    assert "Ludmila Prew" in last.locator("blockquote").first.inner_text()
    organ.write_text("Ludmila Prew did not tune the organ of Quillfeather abbey.", encoding="utf-8")
    qa("add", str(organ))
    page.reload()
    last = page.locator(".exchange").nth(1)
    last.locator("button.number").first.click()
    last.locator(".gone").wait_for()
    assert last.locator(".gone").inner_text() == texts.GONE["article changed"]
    assert last.locator("blockquote.stale").count() == 1
    qa("remove", "organ.txt")
    last.locator("button.number").first.click()
    last.locator(".gone", has_text=texts.GONE["article removed"]).wait_for()
    last.get_by_role("button", name=texts.COPY).first.click()
    page.locator(".note", has_text=texts.STALE).wait_for()


def test_an_answer_is_quick(page):
    took, others = [], max(1, os.getloadavg()[0] / os.cpu_count())  # that wait for the same core
    for _ in range(5):
        began = time.perf_counter()
        answered(page, FERRY)
        took.append(time.perf_counter() - began)
    assert min(took) < 3 * others


def test_it_stops_at_once_and_quietly_while_a_page_is_open(ferry_archive, browser):
    with served(ferry_archive) as url:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        answered(page, "Who ordered the goats?")
        began = time.perf_counter()
    assert time.perf_counter() - began < 10
    page.close()
