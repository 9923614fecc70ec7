"""The page's HTML: every word escaped, every mark a quote, every number one quote."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from html_reading import HOSTILE, Reading
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from qa import Answerer, Archive, Retriever
from qa.filters import DATES_OF
from qa.page import panels, texts
from qa.page.asking import asked, checked, restored
from qa.page.chosen import Chosen
from qa.page.desk import Desk
from qa.page.exchange import exchange, pending
from qa.page.record import KEPT, Record, read_records, to_json
from qa.page.source import source
from qa.page.taking import taken
from qa.parts import NAMES

FERRY = "What did the ferry Ostrava return with?"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    (made / "ferry.md").write_text(
        "---\nid: ferry\ntitle: Ferry <b>returns</b>\nsource: Veldmark Courier\npublished: 2031-05\n"
        "url: https://courier.example/ferry\n---\n\n"
        "The harbour of Veldmark was busy on Monday.\n\n"
        "The ferry Ostrava returned to Veldmark with forty goats. Nobody had ordered the goats.\n\n"
        "The mayor bought the goats.\n\nPlay video\n",
        encoding="utf-8",
    )
    (made / "hostile.md").write_text(
        f"---\nid: hostile\ntitle: '<u>Zebra</u>'\n---\n\nThe zebra said {HOSTILE} to the keeper of Brannock zoo.\n",
        encoding="utf-8",
    )
    return made


@pytest.fixture
def answerer(folder, tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(folder)
        yield Answerer(Retriever(archive))


def record_of(answerer, question, **how) -> Record:
    result = asked(answerer, question, (), **how)
    assert result.problem == ""
    return result.records[0]


def test_an_answer_numbers_its_quotes_and_each_number_opens_one(answerer):
    record = record_of(answerer, FERRY)
    shown = exchange(record)
    assert record.quotes
    numbers = [str(n) for n in range(1, len(record.quotes) + 1)]
    assert re.findall(r">\[(\d)\]<", shown) == numbers
    assert "Ferry &lt;b&gt;returns&lt;/b&gt;" in shown
    assert "Veldmark Courier" in shown
    assert "2031-05" in shown
    assert "Confidence: " in shown
    opened = source(record, 1, answerer.archive)
    marks = {number for number, quote in enumerate(record.quotes, 1) if quote["article"]["id"] == "ferry"}
    assert {int(found) for found in re.findall(r'id="mark-(\d)"', opened)} == marks
    assert set(Reading(opened).marks) == {record.quotes[number - 1]["text"] for number in marks}
    assert "https://courier.example/ferry#:~:text=" in opened
    assert "@misc{" in opened
    assert '<span class="furniture">Play video</span>' in opened


def test_the_short_answer_is_shown_where_one_is_known(answerer):
    record = record_of(answerer, FERRY)
    quote = dict(record.quotes[0])
    at = quote["text"].index("forty")
    quote["span"] = {"start": quote["start"] + at, "end": quote["start"] + at + 11, "text": "forty goats"}
    spanned = replace(record, answer={**record.answer, "quotes": [quote, *record.quotes[1:]]})
    assert '<mark class="short">forty goats</mark>' in exchange(spanned)


def test_a_quote_says_which_one_has_the_same_short_answer(answerer):
    record = record_of(answerer, FERRY)
    for same, told in ((1, True), (None, False), ("<b>", False)):
        quotes = [{**record.quotes[0], "same_as": same}, *record.quotes[1:]]
        html = exchange(replace(record, answer={**record.answer, "quotes": quotes}))
        assert (texts.SAME_AS.format(number=1) in html) is told
        assert "<b>" not in html


def test_an_abstention_says_why_and_quotes_nothing(answerer):
    record = record_of(answerer, "Which opera did Xanthippe compose at Veldmark in 1780?")
    assert not record.quotes
    shown = exchange(record)
    assert texts.ABSTAINED in shown
    assert record.answer["reason"] in unescape(shown)
    assert texts.NEAR in shown
    assert "[1]" not in shown
    assert "[1]" not in source(record, 1, answerer.archive)


def test_a_hostile_article_stays_text(answerer):
    record = record_of(answerer, "What did the zebra say to the keeper of Brannock zoo?")
    assert record.quotes[0]["article"]["id"] == "hostile"
    for html in (exchange(record), source(record, 1, answerer.archive), pending(HOSTILE)):
        reading = Reading(html)
        assert HOSTILE in reading.text
        assert not {"script", "img", "u", "b", "strong", "em", "a"} & set(reading.tags)
        assert not [name for name, _ in reading.attributes if name.startswith("on") or name == "style"]


def test_filters_are_applied_and_shown(answerer):
    within = Chosen.from_form(["Veldmark Courier"], "2031", " ")
    record = record_of(answerer, FERRY, chosen=within)
    assert {quote["article"]["id"] for quote in record.quotes} == {"ferry"}
    assert record.undated == 0
    chips = re.findall(r'<span class="chip"><bdi>(.*?)</bdi>', exchange(record))
    assert chips == ["Veldmark Courier", "From 2031"]
    late = record_of(answerer, FERRY, chosen=Chosen(since="2032"))
    assert late.answer["reason_code"] == "nothing_in_filters"
    assert texts.undated(1) in exchange(late)


def test_a_question_that_cannot_be_asked_leaves_the_page_as_it_was(answerer):
    records = asked(answerer, FERRY, ()).records
    for question, chosen in (("   ", Chosen()), (FERRY, Chosen(since="tomorrow")), (FERRY, Chosen(("No",)))):
        result = asked(answerer, question, records, chosen=chosen)
        assert result.records == records
        assert result.problem
    assert Reading(panels.note("<b>no</b>")).tags == ["div", "p"]


def test_an_answer_comes_last_or_in_the_place_of_the_one_it_is_for(answerer):
    records = ()
    for _ in range(KEPT + 2):
        records = asked(answerer, FERRY, records).records
    numbers = [each.number for each in records]
    assert len(numbers) == KEPT
    assert numbers == sorted(set(numbers))
    after = asked(answerer, "Who bought the goats?", records, instead_of=numbers[2]).records
    assert [each.number for each in after] == [each.number for each in records]
    assert after[2].question == "Who bought the goats?"
    html = panels.conversation(after, start="")
    assert [int(found) for found in re.findall(r'id="exchange-(\d+)"', html)] == [r.number for r in after]


def test_what_the_browser_keeps_comes_back_the_same(answerer):
    records = asked(answerer, FERRY, ()).records
    records = asked(
        answerer, "Which opera did Xanthippe compose?", records, chosen=Chosen(until="2040")
    ).records
    kept = json.loads(json.dumps(to_json(records)))
    assert read_records(kept) == records


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_what_a_browser_made_up_is_left_out_or_shown_as_text(answerer, data):
    kept = json.loads(json.dumps(to_json(asked(answerer, FERRY, ()).records)))
    place = kept[0]
    for _ in range(data.draw(st.integers(0, 4))):
        inner = [key for key, value in place.items() if isinstance(value, dict) and value]
        if not inner:
            break
        place = place[data.draw(st.sampled_from(inner))]
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(json_values)
    for record in read_records(kept):
        assert "<script" not in exchange(record)
        checked(record, answerer.archive)
    assert read_records(data.draw(json_values)) == ()


def test_an_answer_is_checked_against_the_archive_as_it_is_now(answerer, folder):
    archive = answerer.archive
    record = record_of(answerer, FERRY)
    assert checked(record, archive) == record
    again = restored(record, archive)
    assert [each.text for each in again.quotes] == [each["text"] for each in record.quotes]
    ferry = folder / "ferry.md"
    ferry.write_text(ferry.read_text(encoding="utf-8").replace("forty", "fifty"), encoding="utf-8")
    archive.add(folder)
    changed = checked(record, archive)
    assert set(changed.standing) == {"article changed"}
    for html in (exchange(changed), source(changed, 1, archive)):
        assert texts.GONE["article changed"] in html
        assert '<blockquote class="stale"' in html
    assert restored(record, archive) is None
    archive.remove("ferry")
    assert set(checked(record, archive).standing) == {"article removed"}


def test_an_answer_is_taken_away_in_four_forms(answerer):
    answer = answerer.ask(FERRY)
    said = answer.to_dict()
    copied = taken(answer, said, "text", turn=1)
    assert set(copied) == {"turn", "text"}
    assert f"“{answer.quotes[0].text}” [1]" in copied["text"]
    assert taken(answer, said, "json", turn=2)["text"] == answer.to_json() + "\n"
    assert taken(answer, said, "markdown", turn=3)["text"] == answer.to_markdown()
    entries = taken(answer, said, "bibtex", turn=4)
    assert entries["name"].endswith(".bib")
    assert entries["text"].count("@misc{") == len({quote.article.id for quote in answer.quotes})


def test_examples_are_of_the_archive_at_hand_and_it_answers_them(answerer):
    start = Desk(answerer).start()
    offered = [json.loads(unescape(told))["question"] for told in re.findall(r'data-told="(.*?)"', start)]
    assert all(not answerer.ask(question).abstained for question in offered)
    assert not set(texts.EXAMPLES) & set(offered)


def test_an_empty_archive_shows_how_to_add(tmp_path):
    with Archive.create(tmp_path / "empty", model="hashed-words") as archive:
        start = Desk(Answerer(Retriever(archive)), read_only=True).start()
    assert "python -m qa add FOLDER" in start
    assert texts.HOW_TO_ADD_READ_ONLY in unescape(start)


def test_names_of_other_archives_are_asked_about(made):
    with Answerer.open(made) as answerer:
        start = Desk(answerer).start()
    assert texts.ABOUT.format(name="Ona Brisk") in unescape(start)


def test_what_was_searched_for_is_listed_and_a_spelling_left_out(answerer):
    record = record_of(answerer, "What did the ferry Ostrawa return with in May 2031?")
    assert record.variants == {"Ostrawa": ["Ostrawa", "Ostrava"]}
    html = unescape(exchange(record))
    assert texts.LEAVE_OUT.format(words="Ostrava") in html
    assert "May 2031: 2031-05-01 – 2031-05-31" in html
    chosen = record.chosen.changed("spelling", "Ostrava")
    without = record_of(answerer, record.question, chosen=chosen)
    assert without.variants == {}
    assert texts.TAKE_BACK.format(words="Ostrava") in unescape(exchange(without))
    assert "without=Ostrava" in unescape(exchange(without))
    assert chosen.changed("spelling", "Ostrava") == record.chosen
    assert read_records(to_json([without])) == (without,)


def test_names_and_dates_can_be_switched_off_and_on_again(answerer):
    chosen = Chosen.from_form(on=["voices", "reprints", "differences", "follow_ups"])
    record = record_of(answerer, "What did the ferry Ostrawa return with in May 2031?", chosen=chosen)
    assert (record.variants, record.dates, chosen.off) == ({}, [], ("variants", "dates"))
    html = unescape(exchange(record))
    for name in chosen.off:
        assert texts.TAKE_BACK.format(words=texts.SWITCHES[name]) in html
    assert chosen.changed("off", "dates").changed("off", "variants") == Chosen()


@given(
    st.builds(
        Chosen,
        sources=st.lists(st.text(max_size=3), max_size=2).map(tuple),
        since=st.none() | st.just("2012"),
        until=st.none() | st.just("2012-02"),
        without=st.lists(st.text(max_size=3), max_size=2).map(tuple),
        by=st.sampled_from(["published", "event"]),
        said_by=st.none() | st.just("Ona & <Brisk>"),
        off=st.sets(st.sampled_from(NAMES)).map(lambda off: tuple(sorted(off, key=NAMES.index))),
    )
)
def test_an_address_and_the_browsers_storage_give_back_what_was_chosen(chosen):
    assert Chosen.from_query(QueryParams(chosen.query("Who?"))) == chosen
    assert Chosen.read(json.loads(json.dumps(chosen.to_dict()))) == chosen


@given(json_values, json_values)
def test_what_no_form_gives_counts_as_unset(one, other):
    chosen = Chosen.from_form(one, other, one, other, one, other)
    assert chosen.by in DATES_OF
    assert set(chosen.off) <= set(NAMES)
    chosen.limits, chosen.parts  # noqa: B018  (they can be told)
    for what in ("source", "since", "until", "said_by", "spelling", "off", "<b>"):
        assert isinstance(chosen.changed(what, "<b>"), Chosen)


def test_the_days_that_passages_mention_can_be_asked_for(answerer):
    chosen = Chosen.from_form(since="2031-05", by="event")
    late = record_of(answerer, FERRY, chosen=chosen)
    assert late.answer["reason_code"] == "nothing_in_filters"
    assert "mentions days from 2031-05" in exchange(late)
    assert late.undated == 0


def test_a_quote_says_as_of_when_it_is(answerer):
    assert texts.AS_OF.format(date="2031-05") in exchange(record_of(answerer, FERRY))


def test_a_question_asked_again_waits_in_its_place(answerer):
    records = asked(answerer, FERRY, ()).records
    again = panels.conversation(records, start="", asked=FERRY, instead_of=records[0].number)
    assert re.findall(r'<article class="([^"]*)"', again) == ["exchange again"]
    after = panels.conversation(records, start="", asked=FERRY, instead_of=7)
    assert re.findall(r'<article class="([^"]*)"', after) == ["exchange", "exchange pending"]
