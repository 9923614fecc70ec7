"""What the page shows beside quotes: voices, reprints, differences, and chips that can be dropped."""

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from html_reading import HOSTILE, Reading

from qa import Answerer, Archive, Retriever
from qa.page.asking import asked, checked
from qa.page.chosen import Chosen
from qa.page.exchange import exchange
from qa.page.record import read_records, to_json
from qa.page.searched import searched

CAPTAIN = "Who is the captain of the ferry Petrel?"
INJURED = "How many workers did the fire at the paper mill injure?"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("parts") / "archive", model="hashed-words") as archive:
        archive.add(Path(__file__).parent / "data" / "parts" / "articles.jsonl")
        yield Answerer(Retriever(archive), threshold=0)


def records_of(answerer, *questions, **how):
    records = ()
    for question in questions:
        result = asked(answerer, question, records, **how)
        assert result.problem == ""
        records = result.records
    return records


def test_a_quote_has_its_voice_and_its_reprints_open(answerer):
    (record,) = records_of(answerer, CAPTAIN)
    shown = exchange(record)
    assert '<details class="reprints"><summary>and 3 reprints</summary>' in shown
    assert "Sound Herald" in shown
    (said,) = records_of(answerer, "Who had warned the owners of the paper mill three times?")
    assert '<span class="label">direct speech</span> · <bdi>Jory Pell</bdi>' in exchange(said)


def test_figures_that_differ_and_agree_stand_side_by_side(answerer):
    (record,) = records_of(answerer, INJURED)
    shown = exchange(record)
    assert "<h3>Figures differ</h3>" in shown
    assert "<h3>Different occasions</h3>" in shown
    assert "<h3>The same in 2 independent sources</h3>" in shown
    assert '<b dir="auto">17 workers</b>' in shown


def test_a_follow_up_shows_what_was_searched_and_a_piece_can_be_dropped(answerer):
    records = records_of(answerer, "What was the turnout in Vell in 2032?", "And in Marrow?")
    shown = exchange(records[1])
    assert "Searched: <bdi>What was the turnout in Marrow in 2032?</bdi>" in shown
    assert records[1].carried == ("was the turnout", "in 2032")
    assert 'aria-label="Ask again without in 2032"' in shown
    (number, second) = (record.number for record in records)
    again = asked(answerer, records[1].question, records, instead_of=second, dropped=("in 2032",)).records
    assert [record.number for record in again] == [number, second]
    assert again[1].answer["searched"] == "What was the turnout in Marrow?"
    assert again[1].dropped == ("in 2032",)
    assert 'aria-label="Ask again with in 2032"' in exchange(again[1])
    assert "q=What+was+the+turnout+in+Marrow" in unescape(exchange(again[1]))
    off = asked(answerer, "And in Marrow?", records[:1], chosen=Chosen(off=("follow_ups",))).records[1]
    assert off.searched == off.question
    linked = asked(answerer, "And in Marrow?", records[:1], alone=True).records[1]
    assert linked.searched == linked.question


def test_a_follow_up_leans_on_the_question_it_stood_beneath(answerer):
    first = records_of(answerer, "What was the turnout in Vell in 2032?")
    here = asked(answerer, "And in Marrow?", first).records
    there = asked(answerer, CAPTAIN, first).records
    there = asked(answerer, INJURED, there).records
    merged = read_records(to_json([*here, *there[1:]]))
    questions = [record.question for record in merged]
    assert questions == [first[0].question, "And in Marrow?", CAPTAIN, INJURED]
    assert merged == read_records(to_json([*there, here[1]]))
    follow_up = merged[1]
    again = asked(answerer, follow_up.question, merged, instead_of=follow_up.number).records
    assert again[1].searched == follow_up.searched
    changed = asked(answerer, "What was the weather in Vell?", merged, instead_of=merged[0].number).records
    again = asked(answerer, follow_up.question, changed, instead_of=follow_up.number).records
    assert "weather in Marrow" in again[1].searched


def test_conversations_that_a_browser_made_up_come_to_an_end(answerer):
    (kept,) = to_json(records_of(answerer, CAPTAIN))
    alike = [{**kept, "number": number, "before": before} for number, before in ((5, 9), (9, 5), (7, 7))]
    assert [record.number for record in read_records(alike)] == [9]
    assert read_records([{**kept, "before": "x"}]) == ()


def test_the_filters_of_the_question_before_go_with_a_follow_up_and_can_be_dropped(answerer):
    chosen = Chosen(sources=("Marrow Post",), without=("Wel",))
    (first,) = records_of(answerer, "What was the turnout in Vell?", chosen=chosen)
    for form in (Chosen(), Chosen(sources=("Marrow Post",))):
        second = asked(answerer, "And in Marrow?", (first,), chosen=form).records[1]
        assert (second.chosen, second.chosen_before) == (chosen, form == Chosen())
    second = asked(answerer, "And in Marrow?", (first,)).records[1]
    assert "Within, as before:" in exchange(second)
    fewer = second.chosen.changed("source", "Marrow Post")
    free = asked(answerer, second.question, (first, second), chosen=fewer, instead_of=second.number).records[
        1
    ]
    assert (free.chosen, free.chosen_before) == (Chosen(without=("Wel",)), False)
    alone = asked(answerer, "Who is the captain of the ferry Petrel?", (first,)).records[1]
    assert (alone.chosen, alone.answer["follow_up"]) == (Chosen(), None)
    other = asked(answerer, "And in Marrow?", (first,), chosen=Chosen(since="2030")).records[1]
    assert other.chosen == Chosen(since="2030")


def test_what_a_speaker_says_is_asked_for_and_searched_openly(answerer):
    chosen = Chosen.from_form(said_by=" Jory Pell ")
    (record,) = records_of(answerer, "Who had warned the owners of the paper mill?", chosen=chosen)
    assert {quote["voice"]["speaker"]["text"] for quote in record.quotes} == {"Jory Pell"}
    shown = unescape(exchange(record))
    assert f"Searched: <bdi>{record.question} Jory Pell</bdi>" in shown
    assert "<bdi>said by Jory Pell</bdi>" in shown
    assert "said_by=Jory+Pell" in shown
    result = asked(answerer, CAPTAIN, (), chosen=Chosen(said_by="Pell", off=("voices",)))
    assert "voices are left out" in result.problem


def test_parts_that_are_switched_off_are_not_shown(answerer):
    off = Chosen(off=("voices", "reprints", "differences"))
    for question in (CAPTAIN, INJURED, "Who had warned the owners of the paper mill three times?"):
        (record,) = records_of(answerer, question, chosen=off)
        html = exchange(record)
        assert not [
            part for part in ('class="reprints"', 'class="difference"', "direct speech") if part in html
        ]


@pytest.mark.parametrize("words", [HOSTILE, "</bdi></span><b>x</b>", "' onclick='alert(1)", "\u202eabc"])
def test_hostile_words_in_the_form_stay_text(answerer, words):
    made = records_of(answerer, INJURED, "And in Marrow?")[1]
    hostile = Chosen(sources=(words,), since=words, without=(words,), said_by=words)
    answer = {
        **made.answer,
        "variants": {words: [words, f"{words}2"]},
        "dates": [{"asked": words, "first": words, "last": words}],
        "searched": words,
        "follow_up": {
            "question": words,
            "carried": [{"text": words}],
            "dropped": [{"text": words}],
        },
    }
    (kept,) = to_json([replace(made, chosen=hostile, answer=answer)])
    (record,) = read_records([json.loads(json.dumps(kept))])
    reading = Reading(searched(record))
    assert set(reading.tags) <= {"ul", "li", "span", "bdi", "button"}
    assert {name for name, _ in reading.attributes} <= {
        "class",
        "aria-label",
        "type",
        "data-act",
        "data-told",
    }
    assert reading.text.count(words) >= 9
    told = [json.loads(value) for name, value in reading.attributes if name == "data-told"]
    assert {each["value"] for each in told} <= {words, f"{words}2", "dates"}


def test_a_record_survives_the_browser_and_one_whose_parts_were_altered_does_not(answerer):
    records = records_of(answerer, INJURED, "And why?")
    assert read_records(to_json(records)) == records
    assert checked(records[0], answerer.archive) == records[0]
    breaks = (
        lambda answer: answer.update(differences=[{"label": "<b>", "values": []}]),
        lambda answer: answer.update(differences={}),
        lambda answer: answer["differences"][0]["values"][0].update(n=99),
        lambda answer: answer["agreements"][0].update(independent_sources="2"),
        lambda answer: answer["quotes"][0].update(voice={"kind": "loud"}),
        lambda answer: answer["quotes"][0].update(voice=3),
        lambda answer: answer["quotes"][0].update(reprints=[{"article": {"id": 3}}]),
        lambda answer: answer.update(follow_up={"question": "x", "carried": [3], "dropped": []}),
        lambda answer: answer.update(searched=3),
    )
    for alter in breaks:
        (kept, _) = to_json(records_of(answerer, INJURED, "And why?"))
        alter(kept["answer"])
        assert read_records([kept]) == ()


def test_an_answer_kept_before_there_were_parts_is_still_shown(answerer):
    (kept,) = to_json(records_of(answerer, CAPTAIN))
    for name in ("searched", "follow_up", "independent_sources", "differences", "agreements"):
        del kept["answer"][name]
    for quote in kept["answer"]["quotes"]:
        del quote["voice"], quote["reprints"]
    del kept["after"], kept["chosen_before"], kept["before"]
    kept["chosen"] = {name: kept["chosen"][name] for name in ("sources", "since", "until")}
    (record,) = read_records([kept])
    assert "reprint" not in exchange(record)
    assert record.whole == CAPTAIN
