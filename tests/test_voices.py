"""Voices: whose words a sentence is, who speaks and where that stands; and answers kept to one speaker."""

import pytest
from voice_labels import invented, measured, of_wikinews

from corpus.article import Article, Facts, Origin, Span
from corpus.errors import InputError
from qa import Answerer, Archive, Retriever
from qa.found import Found
from qa.parts import Parts
from qa.quotation import quoted
from qa.reprints import distinct
from qa.verify import verify
from qa.voices import OWN, voice_of

PRECISION = 0.9


def of(text, sentence=None, *, language="en"):
    """The voice of a sentence, with the words of speaker and verb."""
    article = Article.from_facts(Facts(language=language), id="one", text=text, origin=Origin("/invented"))
    start = text.index(sentence or text)
    voice = voice_of(article, Span(start, start + len(sentence or text)))
    speaker, verb = (part and part.of(text) for part in (voice.speaker, voice.verb))
    return voice.kind, speaker, verb


def shares(counts):
    return {name: right / among for name, (right, among) in counts.items()}


def test_precision_on_invented_sentences():
    sentences = invented()
    assert len(sentences) >= 60
    counts, wrong = measured(sentences)
    found = shares(counts)
    assert min(found["speech precision"], found["kind precision"], found["speaker precision"]) >= PRECISION, (
        wrong
    )
    assert min(found["speech recall"], found["speaker recall"]) >= PRECISION, wrong


@pytest.mark.parametrize("part", ["qamr", "unseen"])
def test_precision_on_wikinews(shared, part):
    counts, wrong = measured(of_wikinews(shared, part))
    found = shares(counts)
    assert min(found["speech precision"], found["kind precision"], found["speaker precision"]) >= PRECISION, (
        wrong
    )
    assert min(found["speech recall"], found["speaker recall"]) >= 0.7, wrong


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("“We lost two summers,” said Tam Reddick.", ("direct", "Tam Reddick", "said")),
        ("President Ilo Vance also told the court that it was late.", ("reported", "Ilo Vance", "told")),
        ("According to Lis Hallam, a dryer had overheated.", ("reported", "Lis Hallam", "According to")),
        ("Pia Corder wrote that the wind had been “strong”.", ("reported", "Pia Corder", "wrote")),
        ("A spokesman for Ash Lines said it was late.", ("reported", None, "said")),
        ("The leader of the DVK, Jory Pell, said it was late.", ("reported", "Jory Pell", "said")),
        ("The harbour reopened on Tuesday.", ("own", None, None)),
    ],
)
def test_offsets_are_those_of_the_name_and_the_verb(sentence, expected):
    assert of(sentence) == expected
    assert of(f"Mayor Brisk came.\n\n{sentence} Fog fell.", sentence) == expected


def test_a_quotation_that_began_before_goes_on():
    text = "“It was night. There was nothing to hold on to. We saw a light,” the captain said.\n\nIt was day."
    assert of(text, "There was nothing to hold on to.") == ("direct", None, None)
    assert of(text, "It was day.") == ("own", None, None)
    assert [part.of(text) for part in quoted(text, Span(1, 14))] == ["It was night."]


def test_a_word_that_opens_a_sentence_is_a_name_where_the_article_has_it_as_one():
    assert of("Police said it was late.") == ("reported", None, "said")
    assert of("Reeds said it was late.") == ("reported", None, "said")
    assert of("Ona Reeds came. Reeds said it was late.", "Reeds said it was late.")[1] == "Reeds"


def test_other_languages_have_no_voice_and_empty_words_are_the_outlets():
    article = Article.from_facts(
        Facts(language="ru"), id="one", text="Мэр сказал: «Мост откроют».", origin=Origin("/invented")
    )
    assert voice_of(article, Span(0, len(article.text))) is None
    assert of("…") == ("own", None, None)
    assert OWN.kind == "own"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    from pathlib import Path

    with Archive.create(tmp_path_factory.mktemp("voices") / "archive", model="hashed-words") as archive:
        archive.add(Path(__file__).parent / "data" / "parts" / "articles.jsonl")
        yield Answerer(Retriever(archive), threshold=0)


def test_a_quote_tells_its_voice(answerer):
    answer = answerer.ask("Who had warned the owners of the paper mill three times?")
    voice = answer.to_dict()["quotes"][0]["voice"]
    assert (voice["kind"], voice["speaker"]["text"], voice["verb"]["text"]) == ("direct", "Jory Pell", "said")
    assert answer.verify().ok


def test_said_by_keeps_to_one_speaker_and_searches_the_name(answerer):
    answer = answerer.ask("What caused the fire at the paper mill?", said_by="Hallam")
    assert answer.quotes
    for quote in answer.quotes:
        assert "Hallam" in quote.voice.speaker.of(quote.article.text)
    assert answer.searched == "What caused the fire at the paper mill? Hallam"
    assert (
        answerer.ask("What did Lis Hallam say?", said_by="lis hallam").searched == "What did Lis Hallam say?"
    )


def test_the_best_of_one_speaker_is_as_sure_as_without_the_others(answerer):
    answer = answerer.ask("Who had warned the owners of the paper mill three times?", said_by="Hallam")
    retriever = answerer.retriever
    searched = retriever.found(answer.searched, 32, None)
    asked = Found(distinct(searched.hits), retriever.meaning(answer.question), searched.snapshot)
    found = {each.text: each for each in retriever.candidates(asked)}
    best = found[answer.quotes[0].text]
    assert answer.confidence == best.alone > best.score


def test_where_nobody_of_that_name_speaks_it_abstains(answerer):
    answer = answerer.ask("What caused the fire at the paper mill?", said_by="Bram Oster")
    assert (answer.abstained, answer.reason_code, answer.confidence) == (True, "not_said_by", 0.0)
    assert answer.reason == "No sentence that was found is said by “Bram Oster”."


def test_left_out_no_quote_has_a_voice_and_no_speaker_can_be_asked_for(answerer):
    without = Parts(voices=False)
    answer = answerer.ask("What caused the fire at the paper mill?", parts=without)
    assert {each["voice"] for each in answer.to_dict()["quotes"]} == {None}
    with pytest.raises(InputError, match="can't be told while voices are left out"):
        answerer.ask("What caused the fire?", said_by="Hallam", parts=without)
    with pytest.raises(InputError, match="no letter or digit"):
        answerer.ask("What caused the fire?", said_by="?!")


def test_a_speaker_that_was_altered_is_told(answerer):
    answer = answerer.ask("What caused the fire at the paper mill?", said_by="Hallam").to_dict()
    answer["quotes"][0]["voice"]["speaker"]["text"] = "Hallem"
    assert (
        verify(answer, answerer.archive).quotes[0].detail
        == "its speaker and verb are not words inside the quote"
    )
