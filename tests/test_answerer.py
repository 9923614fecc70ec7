"""Answers: quotes that are slices, or an abstention that says why; never both, never neither."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Span
from corpus.errors import InputError
from qa import Answerer, Archive, Retriever

VELL = Path(__file__).parent / "data" / "vell"
QUESTIONS = [
    "Who cut the ribbon in the harbour of Vell?",
    "How many drivers joined the strike?",
    "Кто обещал открыть мост?",
    "When was the old dyke built?",
    "Who is Pia Corder?",
    "What colour is the moon over Marrow?",
    "Zyx qwop?",
    "Who is it?",
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("answerer") / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        yield archive


def answerer(archive, **options):
    return Answerer(Retriever(archive), **options)


def folder_of(tmp_path, *records):
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    archive = Archive.create(tmp_path / "archive", model="hashed-words")
    archive.add(corpus)
    return archive


def assert_consistent(answer, archive):
    """What must hold of every answer."""
    assert answer.abstained is (answer.confidence < answer.threshold) is (not answer.quotes)
    assert 0 <= answer.confidence <= 1
    assert (answer.reason is None) is (answer.reason_code is None) is bool(answer.quotes)
    if answer.quotes:
        assert not answer.related
    for shown in [*answer.quotes, *answer.related]:
        article = archive.article(shown.article.id)
        assert shown.article == article
        assert shown.text == article.text[shown.start : shown.end]
        assert shown.text
        span = Span(shown.start, shown.end)
        assert not any(mark.span.overlaps(span) for mark in archive.furniture(article.id))
    for at, quote in enumerate(answer.quotes):
        for other in answer.quotes[:at]:
            assert (
                quote.article.id != other.article.id or quote.end <= other.start or other.end <= quote.start
            )
    found = json.loads(answer.to_json())
    assert [quote["n"] for quote in found["quotes"]] == list(range(1, len(answer.quotes) + 1))
    assert answer.verify().ok


@pytest.mark.parametrize("threshold", [0, 1e-9, 0.2, 0.5, 0.9, 1])
@pytest.mark.parametrize("question", QUESTIONS)
def test_abstaining_is_having_no_quotes_is_being_below_the_threshold(archive, question, threshold):
    assert_consistent(answerer(archive, threshold=threshold).ask(question), archive)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["who", "harbour", "Vell", "ribbon", "мост", "gull", "2029", "Pia", "Corder", "not", "zyx"]
        ),
        min_size=1,
        max_size=6,
    ),
    st.floats(0, 1),
    st.integers(1, 8),
)
def test_every_answer_is_consistent(archive, words, threshold, most):
    answer = answerer(archive, threshold=threshold).ask(" ".join(words), max_quotes=most)
    assert_consistent(answer, archive)
    assert len(answer.quotes) <= most


def test_at_threshold_0_any_shared_word_answers_and_at_1_nothing_does(archive):
    assert answerer(archive, threshold=0).ask("trawlers?").quotes[0].article.id == "harbour"
    assert answerer(archive, threshold=0).ask("Zyx qwop?").abstained
    assert answerer(archive, threshold=1).ask(QUESTIONS[0]).abstained


def test_the_first_quote_is_the_sentence_that_answers(archive):
    asked = answerer(archive, threshold=0)
    expected = {
        QUESTIONS[0]: "Mayor Ona Brisk cut the ribbon before some two hundred people.",
        QUESTIONS[1]: "Union leader Jory Pell said that 640 of the 700 drivers had joined.",
        QUESTIONS[2]: "Мэр Она Бриск обещала открыть мост к осени.",
        QUESTIONS[3]: "The old dyke had been built of clay in 1911.",
    }
    assert {question: asked.ask(question).quotes[0].text for question in expected} == expected


def test_confidence_is_that_of_the_best_candidate_also_when_abstaining(archive):
    sure = answerer(archive, threshold=0).ask(QUESTIONS[0])
    unsure = answerer(archive, threshold=1).ask(QUESTIONS[0])
    assert sure.confidence == unsure.confidence == sure.quotes[0].score
    assert unsure.abstained


def test_an_abstention_shows_the_nearest_passages_as_no_answer(archive):
    answer = answerer(archive, threshold=1).ask(QUESTIONS[0])
    hits = Retriever(archive).search(QUESTIONS[0], 3)
    assert [(each.article.id, each.start, each.end, each.score) for each in answer.related] == [
        (hit.article_id, hit.start, hit.end, hit.score) for hit in hits
    ]


def test_reasons_say_what_is_missing(archive, tmp_path):
    asked = answerer(archive)
    answer = asked.ask("Zyx qwop?")
    assert (answer.reason_code, answer.confidence) == ("no_shared_words", 0.0)
    answer = asked.ask(QUESTIONS[0], source="Marrow Post", until="2030")
    assert (answer.reason_code, answer.confidence, answer.related) == ("nothing_in_filters", 0.0, ())
    with Archive.create(tmp_path / "empty", model="hashed-words") as empty:
        for threshold in (0, 0.5, 1):
            answer = answerer(empty, threshold=threshold).ask(QUESTIONS[0])
            assert_consistent(answer, empty)
            assert (answer.reason_code, answer.today, answer.related) == ("empty_archive", None, ())


def test_a_word_of_grammar_is_not_said_to_be_missing(archive):
    """The archive holds English and Russian: English question words are no content in either."""
    answer = answerer(archive, threshold=1).ask("Who is the mayor of Vell and what did she say?")
    assert answer.reason_code == "not_sure"
    answer = answerer(archive, threshold=1).ask("Who is Zorblax of Vell?")
    assert answer.reason_code == "not_mentioned"
    assert answer.reason == "The archive never mentions “Zorblax”."


def test_question_words_of_a_language_the_archive_does_not_hold_are_not_said_to_be_missing(tmp_path):
    with folder_of(tmp_path, {"_id": "a", "text": "Ona Brisk is the mayor of Vell."}) as english:
        answer = answerer(english, threshold=1).ask("Кто такой Зорблакс?")
    assert answer.reason is not None
    assert "not “Зорблакс”." in answer.reason


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Did Zorblax frobnicate Vell?", "The archive never mentions “Zorblax”."),
        ("Who frobnicated it in Vell?", "The archive never mentions “frobnicated”."),
        (
            "Who was mayor of Vell in 1875?",
            "The archive never mentions “1875”. The nearest date of an article is 2031.",
        ),
        (
            "What will Vell be in 2075?",
            "The archive never mentions “2075”. The nearest date of an article is 2032-01-15.",
        ),
        (
            "Did Ona Brisk ever leave Vell?",
            "The archive mentions “Ona”, “Brisk” and “Vell”, but no passage seems to answer the question.",
        ),
        (
            "Did Ona Brisk leave in 2032?",
            "The archive mentions “Ona” and “Brisk”, but no passage seems to answer the question.",
        ),
        ("who is the mayor?", "No passage seems to answer the question."),
    ],
)
def test_a_reason_names_what_was_never_mentioned_or_what_was(archive, question, reason):
    assert answerer(archive, threshold=1).ask(question).reason == reason


def test_the_threshold_is_the_calibration_s_unless_given(archive):
    plain = Answerer(Retriever(archive))
    assert plain.threshold == plain.retriever.calibration.threshold
    assert answerer(archive, threshold=0.7).threshold == 0.7


def test_filters_hold_for_quotes_and_related(archive):
    for threshold in (0, 1):
        answer = answerer(archive, threshold=threshold).ask("Vell", source="tern gazette", since="2032")
        assert {shown.article.id for shown in [*answer.quotes, *answer.related]} == {"lighthouse"}


def test_today_is_the_newest_date_or_the_one_given_and_is_echoed(archive):
    asked = answerer(archive)
    assert asked.ask(QUESTIONS[0]).today == "2032-01-15"  # the lighthouse keeper's
    assert asked.ask(QUESTIONS[0], today="2040-02").to_dict()["today"] == "2040-02"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"max_quotes": 0}, "max_quotes is 0"),
        ({"max_quotes": -1}, "max_quotes is -1"),
        ({"today": "tomorrow"}, "'tomorrow' is not a date"),
        ({"today": ""}, "is not a date"),
        ({"since": "2032", "until": "2031"}, "is after until"),
        ({"source": "Nobody"}, "no article's source"),
    ],
)
def test_options_that_cannot_be_used_are_told(archive, options, told):
    with pytest.raises(InputError, match=told):
        answerer(archive).ask(QUESTIONS[0], **options)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_threshold_outside_0_to_1_is_refused(archive, threshold):
    with pytest.raises(InputError, match="it lies between 0 and 1"):
        answerer(archive, threshold=threshold)


def test_json_is_the_same_every_time_and_has_every_key(archive):
    texts = {answerer(archive, threshold=0).ask(QUESTIONS[0]).to_json() for _ in range(3)}
    assert len(texts) == 1
    answer = json.loads(texts.pop())
    assert list(answer)[:11] == [
        "question", "today", "abstained", "reason_code", "reason", "confidence", "threshold",
        "variants", "dates", "quotes", "related",
    ]  # fmt: skip
    assert {"searched", "follow_up", "independent_sources", "differences", "agreements"} <= answer.keys()
    assert list(answer["quotes"][0])[:10] == [
        "n", "article", "start", "end", "text", "span", "score", "same_as", "page", "as_of",
    ]  # fmt: skip
    assert {"reprints", "voice"} <= answer["quotes"][0].keys()
    assert list(answer["quotes"][0]["article"]) == [
        "id", "title", "source", "author", "published", "url", "sha256",
    ]  # fmt: skip
    shown = answerer(archive, threshold=1).ask(QUESTIONS[0]).to_dict()["related"][0]
    assert list(shown) == ["article", "start", "end", "text", "score"]


def test_what_is_nearly_the_same_is_quoted_once(tmp_path):
    told = "Mayor Ona Brisk opened the new tram line in Marrow on Sunday morning."
    records = [
        {"id": "first", "text": told},
        {"id": "second", "text": told.replace("Sunday morning", "Sunday morning early")},
        {
            "id": "third",
            "text": "Mayor Ona Brisk opened a tram line, and the crowd sang until the rain came.",
        },
    ]
    with folder_of(tmp_path, *records) as archive:
        answer = answerer(archive, threshold=0).ask("Who opened the new tram line in Marrow?")
        assert_consistent(answer, archive)
        assert [quote.article.id for quote in answer.quotes] in (["first"], ["first", "third"])


def test_an_authors_note_is_quoted_last(archive):
    answer = answerer(archive, threshold=0).ask("Who wrote of the storm of 2029?")
    notes = [quote.text.startswith("Pia Corder is a journalist") for quote in answer.quotes]
    assert notes == sorted(notes)
    (quote,) = answerer(archive, threshold=0).ask("Who is Pia Corder?", max_quotes=1).quotes
    assert quote.text == "Pia Corder is a journalist and author of a book on the storm of 2029."


def test_an_article_of_furniture_alone_gives_nothing_to_quote(tmp_path):
    with folder_of(tmp_path, {"id": "menu", "text": "Subscribe to our newsletter today."}) as archive:
        answer = answerer(archive, threshold=0).ask("newsletter")
        assert_consistent(answer, archive)
        assert answer.abstained


def test_open_asks_the_archive_in_a_folder(archive):
    with Answerer.open(archive.path, threshold=0) as asked:
        assert asked.archive.path == archive.path
        assert asked.ask(QUESTIONS[0]).to_json() == answerer(archive, threshold=0).ask(QUESTIONS[0]).to_json()
