"""The sentence that answers comes first, by the sum that the module's docstring defines."""

import pytest

from embeddings.hashed_words import HashedWordsEncoder
from qa import Archive, Retriever
from qa.fusion import rounded
from qa.sentence_choice import ENCODED, best_sentences

TEXT = (
    "The harbour of Vell was closed for a week. "
    "Mayor Ines Orlo ordered the closure on March 3, 2031. "
    "Fishermen lost 40 crowns a day. "
    "It reopened after the storm."
)


@pytest.fixture
def retriever(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "vell.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "other.txt").write_text("Snow fell on the hills of Arrin all night.", encoding="utf-8")
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(tmp_path / "in")
        yield Retriever(archive)


def chosen(retriever, question):
    hits = retriever.search(question, 5)
    lexical = retriever.snapshot().derived.lexical
    return best_sentences(question, hits, retriever.encoder, lexical)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who ordered the closure?", "Mayor Ines Orlo ordered the closure on March 3, 2031."),
        ("When was the closure ordered?", "Mayor Ines Orlo ordered the closure on March 3, 2031."),
        ("How many crowns did fishermen lose?", "Fishermen lost 40 crowns a day."),
        ("What was closed for a week?", "The harbour of Vell was closed for a week."),
    ],
)
def test_the_answer_comes_first(retriever, question, answer):
    assert chosen(retriever, question)[0].text == answer


def test_every_sentence_of_the_passages_is_there_once_in_total_order(retriever):
    found = chosen(retriever, "What did the mayor do?")
    assert sorted(sentence.text for sentence in found) == sorted(
        [
            "The harbour of Vell was closed for a week.",
            "Mayor Ines Orlo ordered the closure on March 3, 2031.",
            "Fishermen lost 40 crowns a day.",
            "It reopened after the storm.",
            "Snow fell on the hills of Arrin all night.",
        ]
    )
    keys = [(-sentence.score, sentence.hit.article_id, sentence.span.start) for sentence in found]
    assert keys == sorted(keys)


def test_the_score_is_the_sum_of_its_parts(retriever):
    question = "How many crowns did fishermen lose?"
    best = chosen(retriever, question)[0]
    encoder = HashedWordsEncoder()
    cosine = float(encoder.encode_question(best.text) @ encoder.encode_question(question))
    # All content words (crown, fishermen, lose) but the irregular "lost" are held, by their idf;
    # the question asks for a number and the sentence has one.
    lexical = retriever.snapshot().derived.lexical
    held = sum(lexical.idf("english", term) for term in ("crown", "fishermen"))
    coverage = held / (held + lexical.idf("english", "lose"))
    expected = 0.5 * rounded(coverage) + best.hit.score + 0.1 + 0.5 * cosine
    assert best.score == pytest.approx(expected, abs=2e-6)


def test_only_so_many_sentences_are_encoded(tmp_path):
    text = " ".join(f"Item {number} of the list is red." for number in range(40))
    (tmp_path / "list.txt").write_text(text, encoding="utf-8")
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(tmp_path / "list.txt")
        found = chosen(Retriever(archive), "Which item is red?")
    assert sum(sentence.cosine != 0 for sentence in found) == ENCODED
