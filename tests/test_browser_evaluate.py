"""Measuring in a real browser: a set is brought, measured on, read and saved."""

import json
import zipfile

from browsing import FERRY, FERRY_QUOTE, NEEDS_BROWSER, OPERA, serious, served, visited

from qa.page import texts

pytestmark = NEEDS_BROWSER


def test_a_question_set_is_brought_measured_on_and_the_report_saved(ferry_copy, browser, tmp_path):
    ours = tmp_path / "ours.jsonl"
    questions = [
        {
            "id": "q1",
            "question": FERRY,
            "answers": ["forty goats"],
            "gold": [{"article": "ferry", "quote": FERRY_QUOTE}],
            "answerable": True,
        },
        {"id": "q2", "question": OPERA, "answers": [], "gold": [], "answerable": False},
    ]
    ours.write_text("".join(json.dumps(each) + "\n" for each in questions), encoding="utf-8")
    beir, evil = tmp_path / "beir.zip", tmp_path / "evil.zip"
    for file, name in ((beir, "corpus.jsonl"), (evil, "../corpus.jsonl")):
        with zipfile.ZipFile(file, "w") as container:
            container.writestr("queries.jsonl", json.dumps({"_id": "q1", "text": FERRY}))
            container.writestr(name, json.dumps({"_id": "d1", "text": FERRY_QUOTE}))
            container.writestr("qrels.tsv", "q1\td1\t1\n")
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{nope\n")
    viewport = {"width": 390, "height": 844}
    with served(ferry_copy) as address, visited(browser, address, viewport=viewport) as page:
        page.get_by_role("tab", name=texts.EVALUATE_TAB).click()
        page.locator("#measure").click()
        page.locator("#told", has_text=texts.NO_SET).wait_for()
        page.locator("#measuring input[type=file]").set_input_files(bad)
        page.locator("#told .note", has_text="bad.jsonl").wait_for()
        page.locator("#measuring input[type=file]").set_input_files(ours)
        page.wait_for_function("document.querySelector('#sets input').value === 'ours.jsonl'")
        page.locator("#measure").click()
        page.locator("#measured table").first.wait_for()
        assert "95 % interval" in page.locator("#measured").inner_text()
        assert page.locator("#measured .plots svg").count() == 2
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert serious(page) == []
        page.locator("#measuring input[type=file]").set_input_files(beir)
        page.wait_for_function("document.querySelector('#sets input').value === 'beir.zip'")
        page.locator("#measure").click()
        page.locator("#measured", has_text="1 article").wait_for()
        page.locator("#measuring input[type=file]").set_input_files(evil)
        page.locator("#told .note", has_text="leads out of the ZIP").wait_for()
        with page.expect_download() as saved:
            page.get_by_role("button", name=texts.SAVE_REPORT).click()
        assert saved.value.path().read_text(encoding="utf-8").startswith("<!doctype html>")
        with page.expect_download() as saved:
            page.get_by_role("button", name=texts.TEMPLATE).click()
        assert saved.value.suggested_filename == "questions.jsonl"
    with served(ferry_copy, "--read-only") as address, visited(browser, address) as page:
        assert page.get_by_role("tab", name=texts.EVALUATE_TAB).count() == 0
