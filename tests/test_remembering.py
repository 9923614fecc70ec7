"""Remembering changes how often a text is encoded, never its vector."""

import threading

import numpy as np

from embeddings.hashed_words import HashedWordsEncoder
from embeddings.remembering import RememberingEncoder


class CountingEncoder(HashedWordsEncoder):
    def __init__(self):
        self.passages, self.questions = [], []

    def encode_passages(self, texts, progress=None):
        self.passages += texts
        return super().encode_passages(texts, progress)

    def encode_question(self, text):
        if text not in self.passages:
            self.questions.append(text)
        return super().encode_question(text)


def test_a_text_is_encoded_once():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.encode_passages(["a b", "c", "a b"])
    encoder.encode_passages(["c", "d"])
    assert inner.passages == ["a b", "c", "d"]


def test_question_and_passage_of_the_same_words_are_kept_apart():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.encode_question("who")
    encoder.encode_passages(["who"])
    assert (inner.questions, inner.passages) == (["who"], ["who"])


def test_the_vectors_are_those_of_the_encoder_in_order():
    texts = ["the red fox", "a dog", "the red fox", "", "snow in Vell"]
    encoder = RememberingEncoder(HashedWordsEncoder())
    for _ in range(2):
        assert np.array_equal(encoder.encode_passages(texts), HashedWordsEncoder().encode_passages(texts))
    assert encoder.encode_passages([]).shape == (0, 256)


def test_only_the_latest_are_kept():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner, most=2)
    for text in ["a", "b", "a", "c", "a", "b"]:  # c pushes out b, the one used longest ago
        encoder.encode_passages([text])
    assert inner.passages == ["a", "b", "c", "b"]


def test_more_new_texts_than_are_kept_still_come_back_whole():
    texts = [f"word{number}" for number in range(20)]
    encoder = RememberingEncoder(HashedWordsEncoder(), most=3)
    assert np.array_equal(encoder.encode_passages(texts), HashedWordsEncoder().encode_passages(texts))


def test_threads_may_share_it():
    encoder = RememberingEncoder(HashedWordsEncoder(), most=5)
    expected = {text: HashedWordsEncoder().encode_question(text) for text in map(str, range(12))}
    wrong = []

    def ask():
        for _ in range(50):
            for text, vector in expected.items():
                if not np.array_equal(encoder.encode_question(text), vector):
                    wrong.append(text)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
