"""A forged answer never verifies: each thing that it shows is changed in turn, however little."""

import copy
import json
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa import Answerer, Archive
from qa.verify import verify

QUESTIONS = ["How many people live in Vell?", "How many days did the strike last?", "Who cut the ribbon?"]


@pytest.fixture(scope="module")
def archive(made):
    with Archive.open(made) as opened:
        yield opened


@pytest.fixture(scope="module")
def honest(made):
    """Answers that verify, with spans; the first of several quotes."""
    with Answerer.open(made, threshold=0) as answerer:
        said = [json.loads(answerer.ask(question).to_json()) for question in QUESTIONS]
        assert all(verify(answer, answerer.archive).ok for answer in said)
    assert all(quote["span"] for answer in said for quote in answer["quotes"])
    assert len(said[0]["quotes"]) > 1
    return said


words = st.text(max_size=40)
few = st.integers(-30, 30)


def one_letter(text, data):
    """Another text, which differs in a letter that was changed, left out or put in."""
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", "x", " ", "\u200b", "е", "\u202e", "'"]))
    other = text[:at] + put + text[at + data.draw(st.integers(0, 1)) :]
    assume(other != text)
    return other


def forge_text(quote, data):
    quote["text"] = one_letter(quote["text"], data)


def forge_offsets(quote, data):
    by = data.draw(st.tuples(few, few).filter(any))
    quote["start"], quote["end"] = quote["start"] + by[0], quote["end"] + by[1]


def forge_text_and_offsets(quote, data):
    """Words that were moved along with their offsets."""
    by = data.draw(few.filter(bool))
    quote["start"], quote["end"] = quote["start"] + by, quote["end"] + by
    if quote["span"]:
        quote["span"]["start"], quote["span"]["end"] = quote["span"]["start"] + by, quote["span"]["end"] + by


def forge_hash(quote, data):
    at = data.draw(st.integers(0, 63))
    digit = data.draw(st.sampled_from("0123456789abcdef"))
    assume(quote["article"]["sha256"][at] != digit)
    quote["article"]["sha256"] = (
        quote["article"]["sha256"][:at] + digit + quote["article"]["sha256"][at + 1 :]
    )


def forge_fact(name):
    def forge(quote, data):
        before = quote["article"][name]
        forged = data.draw(st.none() | words) if before is None else one_letter(before, data)
        assume(forged != before)
        quote["article"][name] = forged

    forge.__name__ = f"forge_{name}"
    return forge


def forge_date(quote, data):
    day = data.draw(st.dates(date(2030, 1, 1), date(2033, 1, 1)))
    forged = data.draw(st.sampled_from([str(day), str(day)[:7], str(day)[:4], None]))
    assume(forged != quote["article"]["published"])
    quote["article"]["published"] = forged
    quote["as_of"] = forged


def forge_as_of(quote, data):
    forged = data.draw(st.dates().map(str))
    assume(forged != quote["article"]["published"])
    quote["as_of"] = forged


def forge_span(quote, data):
    span = quote["span"]
    if data.draw(st.booleans()):
        span["text"] = one_letter(span["text"], data)
    else:
        by = data.draw(st.tuples(few, few).filter(any))
        span["start"], span["end"] = span["start"] + by[0], span["end"] + by[1]
        # A shift after which the same words stand there again is no forgery.
        inside = quote["text"][span["start"] - quote["start"] : span["end"] - quote["start"]]
        assume(inside != span["text"] or not quote["start"] <= span["start"] < span["end"] <= quote["end"])


def forge_number(quote, data):
    quote["n"] = data.draw(few.filter(lambda number: number != quote["n"]))


FORGERIES = [
    forge_text, forge_offsets, forge_text_and_offsets, forge_hash, forge_date, forge_as_of, forge_span, forge_number,
    *map(forge_fact, ["id", "title", "source", "author", "url"]),
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
@given(data=st.data())
def test_a_forged_answer_never_verifies(honest, archive, forge, data):
    answer = copy.deepcopy(data.draw(st.sampled_from(honest)))
    quote = data.draw(st.sampled_from(answer["quotes"]))
    forge(quote, data)
    assert not verify(answer, archive).ok


@given(data=st.data())
def test_quotes_that_change_places_articles_or_words_never_verify(honest, archive, data):
    answer = copy.deepcopy(honest[0])
    one, other = data.draw(st.permutations(answer["quotes"]))[:2]
    key = data.draw(st.sampled_from(["n", "article", "text", "start", "end"]))
    assume(one[key] != other[key])
    one[key], other[key] = other[key], one[key]
    assert not verify(answer, archive).ok
