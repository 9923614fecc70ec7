"""Whose words are asked for: by any spelling or form of the name that the archive has."""

from pathlib import Path

import pytest

from corpus.article import Span
from qa import Answerer, Archive, Retriever
from qa.names.widening import Name
from qa.parts import Parts
from qa.speaker import Speaker

STEPPE = Path(__file__).parent / "data" / "steppe"


@pytest.mark.parametrize(
    ("name", "speaker", "same"),
    [
        ("Kosanov", "Amirzhan Kosanov", True),
        ("amirzhan kosanov", "Kosanov", True),
        ("Bolat Kosanov", "Amirzhan Kosanov", False),
        ("Kosanova", "Kosanov", False),
        ("", "Kosanov", False),
    ],
)
def test_a_name_or_a_part_of_it_is_the_speaker(name, speaker, same):
    assert Speaker(name).is_named(speaker) is same


def others(asked, *found):
    return Name(Span(0, len(asked)), asked, found, attested=True)


@pytest.mark.parametrize(
    ("name", "speaker", "same"),
    [
        ("Toqaev", "Kassym-Jomart Tokayev", True),
        ("Qasym Toqaev", "Tokayev", True),
        ("Qasym Toqaev", "Bolat Tokayev", False),
        ("FSM", "Free Steppe Movement", True),
        ("FSM", "Free Movement", True),  # a part of it
        ("FSM", "Lake Movement", False),
    ],
)
def test_spellings_and_forms_that_are_searched_for_are_the_speaker_too(name, speaker, same):
    known = [others("Toqaev", "Tokayev"), others("FSM", "Free Steppe Movement")]
    assert Speaker(name, known).is_named(speaker) is same
    assert not Speaker(name).is_named(speaker)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("steppe") / "archive", model="hashed-words") as archive:
        archive.add(STEPPE)
        yield Answerer(Retriever(archive), threshold=0)


def test_said_by_finds_who_is_spelled_otherwise_unless_variants_are_left_out(answerer):
    asked = "Who will pay for new houses?"
    found = answerer.ask(asked, said_by="Dzhumakanov")
    assert {quote.voice.speaker.of(quote.article.text) for quote in found.quotes} == {"Zhumaqanov"}
    left_out = answerer.ask(asked, said_by="Dzhumakanov", parts=Parts(variants=False))
    assert (left_out.abstained, left_out.reason_code) == (True, "not_said_by")
    dropped = answerer.ask(asked, said_by="Dzhumakanov", parts=Parts(without=("zhumaqanov",)))
    assert dropped.reason_code == "not_said_by"
