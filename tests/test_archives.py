"""The cache of archives: built once for a corpus, again for another, never half."""

import pytest
from tiny_sets import ARTICLES, corpus, jsonl

import qa.evaluate.archives as archives
from embeddings.hashed_words import HashedWordsEncoder
from qa.evaluate.archives import archive_of
from qa.evaluate.question_set import QuestionSetError


class Counting(HashedWordsEncoder):
    """Counts the texts it encodes."""

    texts = 0

    def encode_passages(self, texts, progress=None):
        self.texts += len(texts)
        return super().encode_passages(texts, progress)


@pytest.fixture
def build(tmp_path):
    """Opens the archive of the corpus file, and says how many texts were encoded for it."""

    def opened(file):
        encoder = Counting()
        with archive_of(file, cache=tmp_path / "cache", model=encoder) as archive:
            return archive.path, len(archive), encoder.texts

    return opened


def test_an_archive_is_built_once(tmp_path, build):
    file = corpus(tmp_path / "coast" / "corpus.jsonl")
    path, articles, texts = build(file)
    assert path.name.startswith("coast-")
    assert (articles, texts) == (len(ARTICLES), len(ARTICLES))
    assert build(file) == (path, articles, 0)


def test_a_corpus_that_changed_is_built_anew(tmp_path, build):
    file = corpus(tmp_path / "coast" / "corpus.jsonl")
    first, *_ = build(file)
    corpus(file, ARTICLES | {"mayor": "Mayor Teodor Brask stayed."})
    second, _, texts = build(file)
    assert second != first
    assert texts == len(ARTICLES)
    corpus(file)  # and as it was, the first is still there
    assert build(file) == (first, len(ARTICLES), 0)


def test_another_encoder_or_format_has_an_archive_of_its_own(tmp_path, monkeypatch):
    file = corpus(tmp_path / "corpus.jsonl")
    encoder = HashedWordsEncoder()
    keys = {archives._key(file, encoder)}
    encoder.weights_sha256 = "0" * 64
    keys.add(archives._key(file, encoder))
    monkeypatch.setattr(archives.database, "FORMAT", archives.database.FORMAT + 1)
    keys.add(archives._key(file, encoder))
    assert len(keys) == 3


def test_a_damaged_cache_is_built_anew(tmp_path, build):
    file = corpus(tmp_path / "corpus.jsonl")
    path, *_ = build(file)
    (path / "archive.db").write_bytes(b"no database")
    assert build(file) == (path, len(ARTICLES), len(ARTICLES))


def test_a_corpus_with_a_bad_article_names_its_line_and_leaves_no_archive(tmp_path, build):
    file = jsonl(
        tmp_path / "coast" / "corpus.jsonl", [{"_id": "a", "text": "Goats."}, {"_id": "b", "text": ""}]
    )
    for _ in range(2):  # what was begun is not taken for whole
        with pytest.raises(
            QuestionSetError, match=r"corpus\.jsonl:2: 'text' is empty.*1 of the corpus failed"
        ):
            build(file)
