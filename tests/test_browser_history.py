"""What a browser keeps, in a real one: two tabs side by side, and none loses a question."""

import json

from browsing import FERRY, NEEDS_BROWSER, OPERA, answered, ask, box

from qa.page import texts

pytestmark = NEEDS_BROWSER
OURS = "onrecord-history-"
GOATS, MONDAY = "Who ordered the goats?", "What was busy on Monday?"


def tab_beside(page, address):
    """A second tab of the same browser."""
    tab = page.context.new_page()
    tab.goto(address)
    box(tab).wait_for()
    tab.locator(".exchange, #answers .hint").first.wait_for()
    return tab


def questions(page):
    return page.locator(".question").all_inner_texts()


def kept(page):
    """The entries of the browser's storage, the oldest question's first."""
    keys = page.evaluate("Object.keys(localStorage)")
    return sorted(keys, key=lambda key: int(key.removeprefix(OURS)))


def test_two_tabs_keep_both_conversations(page, address):
    answered(page, FERRY)
    beside = tab_beside(page, address)
    assert questions(beside) == [FERRY]
    answered(page, GOATS)
    answered(beside, OPERA)
    answered(page, "And the mayor?")
    answered(beside, MONDAY)
    for tab in (page, beside):
        tab.reload()
        tab.locator(".exchange").nth(4).wait_for()
        assert questions(tab) == [FERRY, GOATS, "And the mayor?", OPERA, MONDAY]
    last = page.locator(".exchange").nth(2)
    was = last.inner_text()
    last.get_by_role("button", name=texts.RETRY, exact=True).click()
    page.wait_for_timeout(1000)
    assert page.locator(".exchange").nth(2).inner_text() == was
    answered(beside, "Who is the mayor of Veldmark?")
    page.reload()
    page.locator(".exchange").nth(5).wait_for()


def test_clearing_in_one_tab_forgets_all_and_the_other_brings_nothing_old_back(page, address):
    answered(page, FERRY)
    beside = tab_beside(page, address)
    page.get_by_role("button", name=texts.CLEAR).click()
    page.locator(".exchange").first.wait_for(state="detached")
    answered(beside, GOATS)
    page.reload()
    page.locator(".exchange").first.wait_for()
    assert questions(page) == [GOATS]


def test_a_tab_opened_beside_forgets_nothing(page, address):
    beside = tab_beside(page, address)
    answered(page, FERRY)
    page.wait_for_timeout(300)
    other = tab_beside(page, address)
    beside.reload()
    beside.locator(".exchange").first.wait_for()
    assert questions(beside) == questions(other) == [FERRY]


def test_what_stands_in_the_storage_in_another_form_is_left_out(page):
    answered(page, FERRY)
    (key,) = kept(page)
    number = key.removeprefix(OURS)
    as_number = f'{{"number": {number}}}'
    as_markup = f'{{"number": {number}, "answer": "<img src=x onerror=y>", "undated": 0}}'
    for broken in ("{", "null", "7", '["x", null]', '{"number": 1}', as_number, as_markup):
        page.evaluate(
            "([key, text]) => { localStorage.clear(); localStorage.setItem(key, text) }", [key, broken]
        )
        page.reload()
        page.locator("#answers .hint").wait_for()
        assert questions(page) == []
        answered(page, GOATS)
        newest = page.evaluate("key => localStorage.getItem(key)", kept(page)[-1])
        assert json.loads(newest)["answer"]["question"] == GOATS


def test_the_browser_keeps_the_last_twenty(page):
    answered(page, FERRY)
    (key,) = kept(page)
    page.evaluate(
        """([ours, key]) => {
            const record = JSON.parse(localStorage.getItem(key));
            for (let number = 1; number <= 30; number += 1)
                localStorage.setItem(ours + number, JSON.stringify({ ...record, number }));
        }""",
        [OURS, key],
    )
    page.reload()
    page.locator(".exchange").nth(19).wait_for()
    answered(page, GOATS)
    assert kept(page)[:-1] == [f"{OURS}{number}" for number in range(13, 31)] + [key]
    assert questions(page) == [FERRY] * 19 + [GOATS]


def test_tabs_with_a_question_each_in_their_address_ask_it_once(page, address):
    page.locator("#answers .hint").wait_for()
    page.goto(f"{address}?q=Who+ordered+the+goats%3F")
    page.locator(".exchange:not(.pending)").wait_for()
    beside = tab_beside(page, f"{address}?q=What+was+busy+on+Monday%3F")
    beside.locator(".exchange:not(.pending)").nth(1).wait_for()
    for tab in (page, beside, page):
        tab.reload()
        tab.locator(".exchange").nth(1).wait_for()
        tab.wait_for_timeout(700)
        assert questions(tab) == [GOATS, MONDAY]


def test_a_question_put_before_the_history_is_there_goes_on_from_it(page):
    answered(page, FERRY)
    held = []
    page.route("**/queue/join*", lambda route: held.append(route), times=1)  # noqa: PLW0108  (Playwright marks it)
    page.reload()
    ask(page, GOATS)
    page.wait_for_timeout(1500)
    assert page.locator(".exchange").count() == 0
    (asks_for_history,) = held
    asks_for_history.continue_()
    page.locator(".exchange:not(.pending)").nth(1).wait_for()
    assert questions(page) == [FERRY, GOATS]


def test_questions_put_one_upon_the_other_are_answered_once_each(page):
    page.locator("#answers .hint").wait_for()
    box(page).fill(FERRY)
    for _ in range(2):
        page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#asking textarea').value === ''")
    ask(page, GOATS)
    page.locator(".exchange:not(.pending)").nth(1).wait_for()
    ask(page, MONDAY)
    page.locator(".exchange:not(.pending)").nth(2).wait_for()
    assert questions(page) == [FERRY, GOATS, MONDAY]
