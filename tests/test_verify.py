"""Verifying: every way to forge an answer is told, and an honest one passes."""

import copy
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from qa import Answerer, Archive, Retriever
from qa.verify import verify

VELL = Path(__file__).parent / "data" / "vell"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("verify") / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        yield archive


@pytest.fixture(scope="module")
def answered(archive):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.quoting.ENOUGH", 0.0)  # several quotes, however good
        answer = json.loads(Answerer(Retriever(archive)).ask("Who cut the ribbon in the harbour?").to_json())
    assert len(answer["quotes"]) >= 2
    return answer


@pytest.fixture(scope="module")
def abstained(archive):
    answer = json.loads(Answerer(Retriever(archive), threshold=1).ask("Who cut the ribbon?").to_json())
    assert answer["related"]
    return answer


@pytest.fixture
def answer(answered):
    return copy.deepcopy(answered)


def statuses(answer, archive):
    verdict = verify(answer, archive)
    assert verdict.ok is (
        all(each.status == "ok" for each in [*verdict.quotes, *verdict.related]) and not verdict.problems
    )
    return [each.status for each in verdict.quotes]


def test_an_honest_answer_verifies(answer, archive):
    verdict = verify(answer, archive)
    assert verdict.ok
    assert [(each.n, each.status) for each in verdict.quotes] == [
        (number, "ok") for number in range(1, len(answer["quotes"]) + 1)
    ]
    assert verdict.to_dict()["quotes"][0] == {"n": 1, "status": "ok", "detail": ""}


def test_an_abstention_verifies_and_its_passages_are_checked(abstained, archive):
    verdict = verify(abstained, archive)
    assert (verdict.ok, list(verdict.quotes)) == (True, [])
    assert [each.status for each in verdict.related] == ["ok"] * len(abstained["related"])
    forged = copy.deepcopy(abstained)
    forged["related"][1]["text"] += "!"
    verdict = verify(forged, archive)
    assert not verdict.ok
    assert [each.status for each in verdict.related][:2] == ["ok", "altered"]


@pytest.mark.parametrize(
    "offsets",
    [
        {"start": -1},
        {"start": -5, "end": -1},
        {"start": 0},
        {"end": 10**9},
        {"end": 10**400},
        {"start": "78"},
        {"start": None},
        {"start": [78]},
        {"end": True},
        {"start": False, "end": True},
        {"start": float("nan")},
        {"end": float("inf")},
    ],
)
def test_offsets_that_are_not_the_quotes_are_altered(answer, archive, offsets):
    answer["quotes"][0].update(offsets)
    assert statuses(answer, archive)[0] == "altered"
    assert set(statuses(answer, archive)[1:]) == {"ok"}


@pytest.mark.parametrize("kind", [float, str])
def test_right_offsets_of_the_wrong_type_are_altered(answer, archive, kind):
    for name in ("start", "end"):
        forged = copy.deepcopy(answer)
        forged["quotes"][0][name] = kind(forged["quotes"][0][name])
        assert statuses(forged, archive)[0] == "altered"


def test_offsets_that_only_slicing_would_take_are_altered(answer, archive):
    text = archive.article("harbour").text
    answer["quotes"][0].update(start=-6, end=-1, text=text[-6:-1])
    assert statuses(answer, archive)[0] == "altered"
    quote = overlapping(answer, archive, (1, 20)) or answer["quotes"][0]
    assert statuses(answer, archive) == ["ok"]
    quote["start"] = True
    assert statuses(answer, archive) == ["altered"]


def test_an_empty_or_reversed_quote_is_altered(answer, archive):
    quote = answer["quotes"][0]
    quote["end"], quote["text"] = quote["start"], ""
    assert statuses(answer, archive)[0] == "altered"
    quote["start"], quote["end"] = quote["start"] + 5, quote["start"]
    assert statuses(answer, archive)[0] == "altered"


@pytest.mark.parametrize("text", ["Mayor Ona Brisk cut the rope.", "", None, 7, ["Mayor"], {"text": "Mayor"}])
def test_other_words_are_altered(answer, archive, text):
    answer["quotes"][0]["text"] = text
    assert statuses(answer, archive)[0] == "altered"


def test_a_quote_moved_by_one_character_is_altered(answer, archive):
    answer["quotes"][0]["start"] += 1
    assert statuses(answer, archive)[0] == "altered"


def test_numbers_that_are_swapped_doubled_or_no_numbers_are_altered(answer, archive):
    one, two = answer["quotes"][:2]
    one["n"], two["n"] = 2, 1
    assert statuses(answer, archive)[:2] == ["altered", "altered"]
    for wrong in (1, "2", 2.0, None, True, 0, -2, 3):
        one["n"], two["n"] = 1, wrong
        assert statuses(answer, archive)[:2] == ["ok", "altered"], wrong


@pytest.mark.parametrize("fact", ["title", "source", "author", "published", "url"])
def test_every_fact_shown_is_checked(answer, archive, fact):
    for wrong in ("Someone else", None, 2031, ["Tern Gazette"]):
        forged = copy.deepcopy(answer)
        forged["quotes"][0]["article"][fact] = wrong
        verdict = verify(forged, archive)
        assert verdict.quotes[0].status == "altered"
        assert fact in verdict.quotes[0].detail
    del answer["quotes"][0]["article"][fact]
    assert statuses(answer, archive)[0] == "altered"


def test_an_article_that_is_gone_or_has_no_id(answer, archive):
    quote = answer["quotes"][0]
    for id in ("nobody", "", "\ud800", "harbour\0", "x" * 10_000):
        quote["article"]["id"] = id
        assert statuses(answer, archive)[0] == "article removed"
    for id in (None, 7, ["harbour"], {"id": "harbour"}):
        quote["article"]["id"] = id
        assert statuses(answer, archive)[0] == "altered"


@pytest.mark.parametrize("sha256", ["0" * 64, "", None, 7, "HARBOUR"])
def test_another_hash_is_a_changed_article(answer, archive, sha256):
    answer["quotes"][0]["article"]["sha256"] = sha256
    assert statuses(answer, archive)[0] == "article changed"


@pytest.mark.parametrize("key", ["n", "article", "start", "end", "text"])
def test_a_missing_key_is_altered(answer, archive, key):
    del answer["quotes"][0][key]
    assert statuses(answer, archive)[0] == "altered"


@pytest.mark.parametrize(
    "wrong", [None, "quote", 7, [], {}, {"article": None}, {"article": []}, {"article": {}}]
)
def test_what_is_no_quote_is_altered(answer, archive, wrong):
    answer["quotes"][0] = wrong
    assert statuses(answer, archive)[0] == "altered"


def test_a_span_must_be_words_inside_its_quote(answer, archive):
    quote = answer["quotes"][0]
    start = quote["start"] + quote["text"].index("Ona Brisk")
    right = {"start": start, "end": start + 9, "text": "Ona Brisk"}
    for span in (None, right, {"start": quote["start"], "end": quote["end"], "text": quote["text"]}):
        quote["span"] = span
        assert statuses(answer, archive)[0] == "ok"
    text = archive.article("harbour").text
    outside = {"start": 0, "end": 9, "text": text[:9]}
    across = {"start": start, "end": quote["end"] + 3, "text": text[start : quote["end"] + 3]}
    wrong = [
        outside, across, {**right, "text": "Pia Corder"}, {**right, "start": float(start)}, {**right, "end": True},
        {**right, "end": start, "text": ""}, {"start": start, "end": start + 9}, {}, [], "Ona Brisk", 7, False,
    ]  # fmt: skip
    for span in wrong:
        quote["span"] = span
        assert statuses(answer, archive)[0] == "altered", span


@pytest.mark.parametrize(
    "words", ["The Harbour Today", "0:00 0:04:12", "Sign up for our newsletter", "# Harbour of Vell"]
)
def test_furniture_is_never_quoted(answer, archive, words):
    text = archive.article("harbour").text
    start = text.index(words)
    answer["quotes"][0].update(start=start, end=start + len(words), text=words, span=None)
    verdict = verify(answer, archive)
    assert verdict.quotes[0].status == "altered"
    assert "furniture" in verdict.quotes[0].detail


def test_the_whole_article_takes_in_its_furniture(answer, archive):
    text = archive.article("harbour").text
    answer["quotes"][0].update(start=0, end=len(text), text=text)
    assert statuses(answer, archive)[0] == "altered"


def overlapping(answer, archive, *places):
    """The answer with quotes of the strike article at those places."""
    text = archive.article("strike").text
    facts = copy.deepcopy(answer["quotes"][0]["article"])
    stored = archive.article("strike")
    facts.update({name: getattr(stored, name) for name in facts})
    answer["quotes"] = [
        {
            "n": n,
            "article": facts,
            "start": start,
            "end": end,
            "text": text[start:end],
            "span": None,
            "score": 0.5,
        }
        for n, (start, end) in enumerate(places, 1)
    ]
    return verify(answer, archive).problems


def test_quotes_that_overlap_are_told(answer, archive):
    assert overlapping(answer, archive, (1, 10), (10, 20), (30, 40)) == []
    assert overlapping(answer, archive, (1, 10), (9, 20)) == ["quotes 1 and 2 overlap"]
    assert overlapping(answer, archive, (9, 20), (1, 10)) == ["quotes 2 and 1 overlap"]
    assert overlapping(answer, archive, (1, 10), (1, 10)) == ["quotes 1 and 2 overlap"]
    assert overlapping(answer, archive, (1, 50), (5, 10), (20, 30)) == [
        "quotes 1 and 2 overlap",
        "quotes 1 and 3 overlap",
    ]


def test_the_same_offsets_in_two_articles_do_not_overlap(answer, archive):
    two = next(quote for quote in answer["quotes"] if quote["article"]["id"] == "harbour")
    other = copy.deepcopy(two)
    stored = archive.article("lighthouse")
    other["article"].update({name: getattr(stored, name) for name in other["article"]})
    other.update(n=2, text=stored.text[other["start"] : other["end"]])
    answer["quotes"] = [{**two, "n": 1}, other]
    assert verify(answer, archive).problems == []


def test_a_forger_cannot_keep_it_busy(answer, archive):
    answer["quotes"] = [{"n": 1, "article": {"id": "x"}, "start": 0, "end": 10**9}] * 3_000
    begun = time.perf_counter()
    assert not verify(answer, archive).ok
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "said",
    [
        {"abstained": True},
        {"abstained": None},
        {"abstained": 0},
        {"confidence": 0.0},
        {"confidence": float("nan")},
        {"confidence": float("inf")},
        {"confidence": "0.9"},
        {"confidence": True},
        {"confidence": None},
        {"confidence": 1.01},
        {"confidence": -0.1},
        {"threshold": 0.999},
        {"threshold": float("nan")},
        {"threshold": None},
        {"threshold": False},
    ],
)
def test_what_an_answer_says_of_itself_must_agree_with_its_quotes(answer, archive, said):
    answer.update(said)
    verdict = verify(answer, archive)
    assert not verdict.ok
    assert len(verdict.problems) == 1
    assert {each.status for each in verdict.quotes} == {"ok"}


@pytest.mark.parametrize("key", ["abstained", "confidence", "threshold"])
def test_what_an_answer_does_not_say_is_told(answer, archive, key):
    del answer[key]
    assert not verify(answer, archive).ok


def test_an_abstention_must_not_be_sure_and_quotes_must_not_be_dropped(abstained, answer, archive):
    sure = {**abstained, "confidence": 1.0}
    assert not verify(sure, archive).ok
    assert not verify({**answer, "quotes": []}, archive).ok
    assert not verify({**answer, "related": abstained["related"]}, archive).ok


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "answer",
        7,
        {},
        {"quotes": None},
        {"quotes": {}},
        {"quotes": [], "related": {}},
        {"quotes": [], "related": None},
    ],
)
def test_what_is_no_answer_is_refused(archive, wrong):
    with pytest.raises(InputError, match="this is no answer"):
        verify(wrong, archive)


def test_changed_and_removed_articles_are_told_apart(tmp_path):
    file = tmp_path / "walrus.txt"
    file.write_text("A walrus slept on the pier of Low Sound.")
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(file)
        answer = Answerer(Retriever(archive)).ask("Which walrus slept?")
        assert answer.verify().ok
        file.write_text("A walrus slept on the pier of Low Sound. Then it left.")
        archive.add(file)
        assert [each.status for each in answer.verify().quotes] == ["article changed"]
        file.write_text("A walrus slept on the pier of Low Sound.")
        archive.add(file)
        assert answer.verify().ok
        archive.remove("walrus.txt")
        assert [each.status for each in answer.verify().quotes] == ["article removed"]


def test_a_text_that_was_altered_in_the_database_is_a_changed_article(tmp_path):
    """The hash is that of the text as it is now, not the one that was stored beside it."""
    file = tmp_path / "walrus.txt"
    file.write_text("A walrus slept on the pier of Low Sound.")
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(file)
        forged = Answerer(Retriever(archive)).ask("Which walrus slept?").to_dict()
        forged["quotes"][0]["text"] = forged["quotes"][0]["text"].replace("walrus", "sealio")
        with archive.writing("test") as connection:
            connection.execute("UPDATE articles SET text = replace(text, 'walrus', 'sealio')")
        assert [each.status for each in verify(forged, archive).quotes] == ["article changed"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(document, at=()):
    """The path to every value inside a JSON document."""
    inside = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for key, value in inside:
        yield (*at, key)
        yield from places(value, (*at, key))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_value_put_anywhere_breaks_it_and_what_matters_is_noticed(answered, archive, data):
    forged = copy.deepcopy(answered)
    *path, key = data.draw(st.sampled_from(sorted(places(answered), key=str)))
    value = data.draw(json_values)
    holder = forged
    for step in path:
        holder = holder[step]
    same = holder[key] == value and type(holder[key]) is type(value)
    holder[key] = value
    unchecked = {"question", "today", "reason", "reason_code", "score"}
    try:
        ok = verify(forged, archive).ok
    except InputError:
        ok = False
    if same or key in unchecked:
        assert ok
    elif key in (
        "start",
        "end",
        "text",
        "n",
        "id",
        "sha256",
        "title",
        "source",
        "author",
        "published",
        "url",
        "article",
    ):
        assert not ok
