"""The archive tab in a real browser: reading, adding, removing, and a page that may not."""

import pytest
from browsing import HOSTILE, NEEDS_BROWSER, answered, served, visited

from qa import Archive
from qa.page import texts

pytestmark = NEEDS_BROWSER
ORGAN = "Ludmila Prew tuned the organ of Quillfeather abbey."


def open_tab(page, name=texts.ARCHIVE_TAB):
    page.get_by_role("tab", name=name).click()


def test_an_upload_is_added_asked_about_and_removed(ferry_copy, browser, tmp_path):
    organ = tmp_path / "organ.md"
    organ.write_text(f"---\ntitle: '{HOSTILE.replace(chr(39), '’')}'\nsource: Prew & Prew\n---\n\n{ORGAN}\n")
    bad = tmp_path / "<img src=x onerror=alert(1)>.jsonl"
    bad.write_text("{nope\n")
    with served(ferry_copy) as address, visited(browser, address) as page:
        question = "Who tuned the organ of Quillfeather abbey?"
        assert answered(page, question).locator(".abstained").count() == 1
        open_tab(page)
        page.locator("#table tbody tr").nth(2).wait_for()
        assert page.locator(".plot > span").count() == 2
        page.locator("#upload input[type=file]").set_input_files([organ, bad])
        page.locator(".report .gone").wait_for()
        assert texts.became("added", 1) in page.locator(".report").inner_text()
        assert page.locator(".report li").count() == 1
        assert page.locator(".report img").count() == 0
        open_tab(page, texts.ASK_TAB)
        last = answered(page, question)
        assert last.locator("blockquote").first.inner_text() == ORGAN
        page.get_by_role("button", name=texts.FILTERS).click()
        page.get_by_label("Prew & Prew").wait_for()
        open_tab(page)
        page.get_by_label(texts.SEARCH).fill("prew bold")
        page.locator("#table .facts", has_text="1 of 4").wait_for()
        page.locator("#table button").first.click()
        page.locator("#article .text", has_text=ORGAN).wait_for()
        assert page.locator("#article img, #article script, #article b").count() == 0
        page.locator(".remove summary").click()
        page.get_by_role("button", name=texts.REMOVE_NOW).click()
        page.locator("#report", has_text=texts.REMOVED_NOW).wait_for()
        open_tab(page, texts.ASK_TAB)
        last.locator("button.number").first.click()
        last.locator(".gone", has_text=texts.GONE["article removed"]).wait_for()
        assert answered(page, question).locator(".abstained").count() == 1


def test_a_read_only_page_shows_and_changes_nothing(ferry_copy, browser):
    with served(ferry_copy, "--read-only") as address, visited(browser, address) as page:
        open_tab(page)
        page.locator("#table button", has_text="Ferry brings goats").click()
        page.locator("#article .text").wait_for()
        assert page.locator("#upload, input[type=file], .remove").count() == 0
        assert page.locator("#report").inner_text() == texts.READ_ONLY
        for path in (
            "upload",
            "upload_progress?upload_id=x",
            "file=/etc/passwd",
            f"file={ferry_copy}/archive.db",
        ):
            assert page.request.get(f"{address}gradio_api/{path}").status == 404
        sent = {"files": {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"}}
        assert page.request.post(f"{address}gradio_api/upload", multipart=sent).status == 404


@pytest.mark.parametrize(
    "path",
    ["file=/etc/passwd", "file/etc/passwd", "proxy=https://example.com", "vibe-code", "runs", "../docs"],
)
def test_what_the_page_does_not_need_is_closed(ferry_copy, browser, path):
    with served(ferry_copy) as address, visited(browser, address) as page:
        assert page.request.get(f"{address}gradio_api/{path}").status == 404


def test_an_empty_archive_shows_how_to_add(browser, tmp_path):
    Archive.create(tmp_path / "empty", model="hashed-words").close()
    with served(tmp_path / "empty") as address, visited(browser, address) as page:
        page.locator("#answers pre", has_text="python -m qa add").wait_for()
        open_tab(page)
        page.locator("#overview", has_text=texts.articles(0)).wait_for()
