"""What stands beside quotes, in a real browser: voices, reprints, differences, names, follow-ups."""

from pathlib import Path

import pytest
from browsing import NEEDS_BROWSER, answered, looked_at, served, visited

from qa import Archive
from qa.page import texts

pytestmark = NEEDS_BROWSER
DATA = Path(__file__).parent / "data"
HOSTILE = "<img src=x onerror='window.hacked = 9'> </bdi><b>x</b>"
INJURED = "How many workers did the fire at the paper mill injure?"
CAPTAIN = "Who is the captain of the ferry Petrel?"
WARNED = "Who had warned the owners of the paper mill three times since last summer?"
TURNOUT = "What was the turnout in Vell in 2032?"
GOVERNOR = "What did governor Qayrat Jumakanov promise?"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts") / "archive"
    with Archive.create(folder, model="hashed-words") as archive:
        archive.add([DATA / "parts" / "articles.jsonl", DATA / "steppe"])
    with served(folder) as url:
        yield url


def chips(exchange):
    """The chips' words, by whether they are left out."""
    found = exchange.locator(".chip")
    return {
        name: [
            words.strip() for words in found.locator(f"xpath=self::*{of}").locator("bdi").all_inner_texts()
        ]
        for name, of in (("in", "[not(contains(@class, ' off'))]"), ("out", "[contains(@class, ' off')]"))
    }


def changed(page, exchange, label):
    """Presses a chip's button, by keyboard, and waits for the new answer in the old one's place."""
    number = exchange.get_attribute("data-number")
    button = exchange.get_by_role("button", name=label, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    button.wait_for(state="detached")
    after = page.locator(f"#exchange-{number}:not(.again)")
    after.wait_for()
    page.wait_for_function(
        "n => document.activeElement.closest('.exchange')?.dataset.number === n", arg=number
    )
    return after


def test_a_quote_says_whose_words_it_is(page):
    last = answered(page, WARNED)
    voice = last.locator(".quotes > li").first.locator(".voice")
    assert voice.inner_text() == "direct speech · Jory Pell"


def test_what_a_number_tells_lies_above_the_quotes_beneath_it(page):
    last = answered(page, INJURED)
    last.locator("button.number").first.hover()
    tip = last.locator(".tip").first
    tip.wait_for()
    assert tip.evaluate(
        """(it) => {
            const at = it.getBoundingClientRect();
            return it.contains(document.elementFromPoint(at.left + at.width / 2, at.bottom - 4));
        }"""
    )


def test_reprints_open_and_are_named(page):
    first = answered(page, CAPTAIN).locator(".quotes > li").first
    summary = first.get_by_text(texts.reprints(3), exact=True)
    assert not first.get_by_text("Sound Herald").is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    first.locator(".reprints[open]").wait_for()
    assert first.locator(".reprints li").count() == 3
    shown = first.inner_text()
    assert all(
        source in shown for source in ("Ash News Agency", "Tern Gazette", "Sound Herald", "Marrow Post")
    )


def test_figures_stand_side_by_side_and_lead_to_their_quotes(page):
    last = answered(page, INJURED)
    card = last.locator(".difference", has_text=texts.DIFFERENCES["figures differ"]).first
    assert "17 workers" in card.inner_text()
    quotes = last.locator(".quotes > li")
    for side in card.locator("li").all():
        number = int(side.locator("button.number").inner_text().strip("[]"))
        assert side.locator("b").inner_text() in quotes.nth(number - 1).locator("blockquote").inner_text()
    card.locator("button.number").last.click()
    page.wait_for_function("document.activeElement.tagName === 'MARK'")
    assert "17 workers" in page.locator("#sources mark.current").inner_text()
    assert last.get_by_text(texts.agreement(2)).count() == 1


def test_a_follow_up_says_what_was_searched_and_its_chips_can_be_dropped(page):
    answered(page, TURNOUT)
    last = answered(page, "And in Marrow?")
    assert "Searched: What was the turnout in Marrow in 2032?" in last.inner_text()
    assert chips(last) == {"in": ["was the turnout", "in 2032", "2032: 2032-01-01 – 2032-12-31"], "out": []}
    last = changed(page, last, "Ask again without in 2032")
    assert "Searched: What was the turnout in Marrow?" in last.inner_text()
    assert chips(last) == {"in": ["was the turnout"], "out": ["in 2032"]}
    assert page.locator(".question").all_inner_texts() == [TURNOUT, "And in Marrow?"]
    last = changed(page, last, "Ask again with in 2032")
    assert chips(last)["out"] == []
    assert "in Marrow" in page.locator("#answers [role=status]").inner_text()


def test_a_name_has_its_spellings_which_can_be_dropped_and_go_with_the_link(browser, address):
    rights = ["clipboard-read", "clipboard-write"]
    with visited(browser, address, permissions=rights) as page:
        last = answered(page, GOVERNOR)
        spellings = chips(last)["in"]
        assert {"Dzhumakanov", "Жумаканов", "Кайрат"} <= set(spellings)
        last = changed(page, last, "Ask again without Кайрат")
        assert chips(last)["out"] == ["Кайрат"]
        last.get_by_role("button", name=texts.LINK).click()
        page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('http'))")
        link = page.evaluate("navigator.clipboard.readText()")
    with visited(browser, link) as page:
        linked = page.locator(".exchange:not(.pending)")
        linked.wait_for()
        assert chips(linked)["out"] == ["Кайрат"]
        assert chips(linked)["in"] == [each for each in spellings if each != "Кайрат"]


def test_said_by_event_dates_and_switches_shape_the_answer_and_are_shown(page):
    page.get_by_role("button", name=texts.FILTERS).click()
    page.get_by_label(texts.SAID_BY, exact=True).fill("Jory Pell")
    page.get_by_label(texts.SWITCHES["variants"]).uncheck()
    page.get_by_label(texts.SWITCHES["dates"]).uncheck()
    last = answered(page, "Who had warned the owners of the paper mill in 2033?")
    assert chips(last) == {
        "in": ["said by Jory Pell"],
        "out": [texts.SWITCHES["variants"], texts.SWITCHES["dates"]],
    }
    assert set(last.locator(".voice").all_inner_texts()) == {"direct speech · Jory Pell"}
    last = changed(page, last, f"Ask again with {texts.SWITCHES['dates']}")
    assert "2033: 2033-01-01 – 2033-12-31" in chips(last)["in"]
    page.get_by_label(texts.SAID_BY, exact=True).fill("")
    page.get_by_label(texts.SINCE, exact=True).fill("2029")
    page.get_by_label(texts.UNTIL, exact=True).fill("2029")
    page.get_by_label(texts.BY_DATES["event"]).check()
    last = answered(page, "Who had warned of cracks?")
    assert "had warned of cracks in 2029" in last.locator("blockquote").first.inner_text()
    assert chips(last)["in"] == ["mentions days from 2029", "mentions days until 2029"]
    last = changed(page, last, "Ask again without mentions days from 2029")
    assert chips(last)["in"] == ["mentions days until 2029"]


def test_hostile_words_in_the_form_and_the_address_stay_text(browser, address):
    with visited(browser, address) as page:
        page.get_by_role("button", name=texts.FILTERS).click()
        page.get_by_label(texts.SAID_BY, exact=True).fill(HOSTILE)
        last = answered(page, INJURED)
        assert f"said by {HOSTILE}" in last.text_content()
        assert last.locator("img, b, script").count() == 0
        page.get_by_label(texts.SINCE, exact=True).fill(HOSTILE)
        page.get_by_role("button", name=texts.ASK, exact=True).click()
        page.locator("#answers button", has_text=texts.RETRY).first.click()
        assert page.locator("#note img").count() == 0
    query = "?q=Who+was+it%3F&said_by=<img+src=x+onerror='window.hacked=10'>&without=<b>y</b>&off=<i>&by=<i>"
    with visited(browser, address + query) as page:
        last = page.locator(".exchange:not(.pending)")
        last.wait_for()
        assert chips(last) == {"in": ["said by <img src=x onerror='window.hacked=10'>"], "out": ["<b>y</b>"]}
        assert page.locator("#answers :is(img, b, i)").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 860), (390, 844)], ids=["wide", "narrow"])
def test_every_part_fits_and_can_be_read(browser, address, scheme, size):
    viewport = {"width": size[0], "height": size[1]}
    with visited(browser, address, viewport=viewport, color_scheme=scheme) as page:
        name = f"{scheme}-{size[0]}"
        answered(page, WARNED)
        looked_at(page, f"{name}-voice")
        answered(page, CAPTAIN).locator(".reprints summary").first.click()
        looked_at(page, f"{name}-reprints")
        answered(page, INJURED).locator(".difference").first.scroll_into_view_if_needed()
        looked_at(page, f"{name}-differences")
        last = answered(page, GOVERNOR)
        changed(page, last, "Ask again without Кайрат")
        looked_at(page, f"{name}-names")
        answered(page, TURNOUT)
        last = answered(page, "And in Marrow?")
        changed(page, last, "Ask again without in 2032")
        looked_at(page, f"{name}-follow-up")
        page.get_by_role("button", name=texts.FILTERS).click()
        page.get_by_label(texts.SAID_BY, exact=True).wait_for()
        looked_at(page, f"{name}-filters")
        page.get_by_label(texts.SWITCHES["differences"]).scroll_into_view_if_needed()
        looked_at(page, f"{name}-switches")
