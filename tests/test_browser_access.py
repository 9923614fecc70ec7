"""The page for everyone: dark, narrow, without a mouse, read aloud; behind a password."""

import pytest
from browsing import FERRY, NEEDS_BROWSER, OPERA, answered, ask, looked_at, served, visited

from qa.page import texts

pytestmark = NEEDS_BROWSER
ZEBRA = "Where is the wall the zebra of Brannock zoo wrote on?"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 860), (390, 844)], ids=["wide", "narrow"])
def test_every_state_fits_and_can_be_read(browser, address, scheme, size):
    viewport = {"width": size[0], "height": size[1]}
    with visited(browser, address, viewport=viewport, color_scheme=scheme) as page:
        name = f"{scheme}-{size[0]}"
        looked_at(page, f"{name}-start")
        page.get_by_role("button", name=texts.FILTERS).click()
        answered(page, OPERA)
        looked_at(page, f"{name}-abstained")
        page.get_by_role("button", name=texts.FILTERS).click()
        answered(page, ZEBRA)
        last = answered(page, FERRY)
        looked_at(page, f"{name}-answer")
        last.locator("button.number").first.click()
        page.wait_for_function("document.activeElement.tagName === 'MARK'")
        page.locator("#sources .cite summary").click()
        looked_at(page, f"{name}-article")
        if size[0] < 960:
            page.keyboard.press("Escape")
            page.wait_for_function("document.activeElement.className === 'number'")
        ask(page, " ")
        page.locator(".note p").wait_for()
        page.get_by_role("tab", name=texts.ARCHIVE_TAB).click()
        page.locator("#table button").first.click()
        page.locator("#article .text").wait_for()
        looked_at(page, f"{name}-archive")


def test_dark_is_dark(browser, address):
    with visited(browser, address, color_scheme="dark") as page:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in colour.strip("rgb()").split(",")) < 60


def test_a_new_answer_moves_nothing_that_is_being_read(browser, address):
    with visited(browser, address, viewport={"width": 1280, "height": 860}) as page:
        answered(page, FERRY)
        before = page.locator("#asking").bounding_box()
        answered(page, OPERA)
        after = page.locator("#asking").bounding_box()
        assert (before["x"], before["width"]) == (after["x"], after["width"])


def test_behind_a_password_nothing_is_seen_without_it(ferry_archive, browser, tmp_path):
    (tmp_path / "word").write_text("green quay\n")
    with served(ferry_archive, "--auth", f"ro:{tmp_path / 'word'}") as address:
        context = browser.new_context()
        page = context.new_page()
        requested = []
        page.on("request", lambda request: requested.append(request.url))
        page.goto(address)
        page.get_by_label("username").fill("ro")
        assert page.locator("#asking").count() == 0
        assert page.request.post(f"{address}gradio_api/call/ask", data={"data": [FERRY]}).status == 401
        page.get_by_label("password").fill("green quay")
        page.get_by_role("button", name="Login").click()
        page.locator("#asking textarea").wait_for()
        answered(page, FERRY)
        assert all(url.startswith((address, "data:", "blob:")) for url in requested)
        context.close()
