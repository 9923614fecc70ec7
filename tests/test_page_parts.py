"""What the page shows beside quotes: voices, reprints, differences, and chips that can be dropped."""

from html import unescape
from pathlib import Path

import pytest

from qa import Answerer, Archive, Retriever
from qa.page.asking import asked, checked
from qa.page.chosen import Chosen
from qa.page.exchange import exchange
from qa.page.record import read_records, to_json

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
    assert 'aria-label="Leave out in 2032"' in shown
    assert unescape(shown).count('data-act="drop"') == 2
    again = asked(answerer, records[1].question, records, instead_of=2, dropped=("in 2032",)).records
    assert [record.number for record in again] == [1, 2]
    assert again[1].answer["searched"] == "What was the turnout in Marrow?"
    assert again[1].dropped == ("in 2032",)
    assert "q=What+was+the+turnout+in+Marrow" in unescape(exchange(again[1]))


def test_the_filters_of_the_question_before_go_with_a_follow_up_and_can_be_dropped(answerer):
    chosen = Chosen(sources=("Marrow Post",))
    (first,) = records_of(answerer, "What was the turnout in Vell?", chosen=chosen)
    second = asked(answerer, "And in Marrow?", (first,)).records[1]
    assert (second.chosen, second.chosen_before) == (chosen, True)
    assert "sources and dates as before" in exchange(second)
    free = asked(answerer, second.question, (first, second), chosen=Chosen(), instead_of=2).records[1]
    assert (free.chosen, free.chosen_before) == (Chosen(), False)
    alone = asked(answerer, "Who is the captain of the ferry Petrel?", (first,)).records[1]
    assert (alone.chosen, alone.answer["follow_up"]) == (Chosen(), None)


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
    del kept["after"], kept["chosen_before"]
    (record,) = read_records([kept])
    assert "reprint" not in exchange(record)
    assert record.whole == CAPTAIN
