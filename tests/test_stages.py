import pytest
from watching import telling

from qa import Answerer, Archive, Retriever
from qa.stages import STAGES, unwatched

GOOD = "Who cut the ribbon at the harbour of Vell?"
OPERA = "Which opera did Xanthippe compose?"


@pytest.fixture(scope="module")
def told(made):
    """What a watch is told of, and an answerer that tells it."""
    events = []
    with Answerer(Retriever(Archive.open(made), watch=telling(events)), threshold=0.01) as answerer:
        yield events, answerer


def whole(*stages):
    """Each begun and ended before the next."""
    return [f"{sign}{stage}" for stage in stages for sign in "+-"]


def test_a_question_goes_through_the_stages_one_after_the_other(told):
    events, answerer = told
    events.clear()
    assert not answerer.ask(GOOD).abstained
    assert events == whole(*STAGES)


def test_what_is_not_answered_is_not_quoted(told):
    events, answerer = told
    events.clear()
    assert answerer.ask(OPERA).abstained
    assert events == whole("encode", "search", "read")


def test_a_search_by_words_encodes_nothing(told):
    events, answerer = told
    events.clear()
    answerer.retriever.search(GOOD, mode="bm25")
    assert events == whole("search")


def test_a_watch_changes_no_answer(told, made):
    _, answerer = told
    with Answerer(Retriever(Archive.open(made)), threshold=0.01) as other:
        assert other.retriever.watch is unwatched
        assert other.ask(GOOD).to_json() == answerer.ask(GOOD).to_json()
