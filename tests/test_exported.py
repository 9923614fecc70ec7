"""Exports of models: whole or not read, kept with an archive, and told of where there can be none."""

import json
import logging
import shutil
import sqlite3
from functools import partial

import numpy as np
import pytest
from tiny_model import saved

from corpus.errors import EncoderMismatch, InputError
from embeddings import loading
from embeddings.exported import NotExported, keep
from embeddings.hashed_words import HashedWordsEncoder
from embeddings.loading import load_encoder
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.onnx_session import NoGpu
from embeddings.sentence_transformer import DEFAULT_MODEL, SentenceTransformerEncoder
from qa import Archive, Retriever
from qa.doctor import diagnose

TEXTS = ["ferry crane", "vell " * 50, "", " ferry\n\n", "unknown words"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("encoders")
        patch.setenv("QA_ENCODERS", str(folder))
        yield folder


@pytest.fixture(scope="module")
def encoder(tiny, exports):
    """The tiny model's export, made the first time it is loaded."""
    return load_encoder(str(tiny))


@pytest.fixture
def export(encoder, tmp_path):
    """A copy of the export, to be broken."""
    return shutil.copytree(encoder.folder, tmp_path / "export")


def test_an_export_gives_the_models_own_vectors(tiny, encoder):
    library = SentenceTransformerEncoder.load(str(tiny))
    assert isinstance(encoder, OnnxEncoder)
    assert (encoder.name, encoder.weights_sha256) == (library.name, library.weights_sha256)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), library.encode_passages(TEXTS), atol=1e-6)
    for text in TEXTS:
        np.testing.assert_allclose(encoder.encode_question(text), library.encode_question(text), atol=1e-6)


class Session:
    """What onnxruntime gives where it is built for CUDA: asked for it, it may go on without."""

    def __init__(self, *_, providers, is_usable, **__):
        self.asked = providers
        self.is_usable = is_usable

    def get_providers(self):
        return ["CUDAExecutionProvider"] * self.is_usable + ["CPUExecutionProvider"]


@pytest.mark.parametrize("is_usable", [True, False])
def test_on_a_gpu_products_are_whole_and_a_silent_return_to_the_processor_is_told(
    encoder, monkeypatch, is_usable
):
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr("onnxruntime.InferenceSession", partial(Session, is_usable=is_usable))
    if not is_usable:
        with pytest.raises(NoGpu, match="can't use the GPU"):
            OnnxEncoder.load(encoder.folder, passages="fp32", questions="fp32", on_gpu=True)
        return
    on_gpu = OnnxEncoder.load(encoder.folder, passages="fp32", questions="fp32", on_gpu=True)
    assert on_gpu._session("fp32").asked[0] == ("CUDAExecutionProvider", {"use_tf32": "0"})
    assert OnnxEncoder.load(encoder.folder, passages="fp32", questions="fp32")._session("fp32").asked == [
        "CPUExecutionProvider"
    ]


def test_without_cuda_a_gpu_is_refused_with_what_to_install(encoder, monkeypatch):
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(NoGpu, match="onnxruntime-gpu"):
        OnnxEncoder.load(encoder.folder, passages="fp32", questions="fp32", on_gpu=True)


def test_an_export_is_made_once(tiny, encoder, monkeypatch):
    def never(*_, **__):
        raise AssertionError("exported again")

    monkeypatch.setattr(loading, "_export", never)
    assert np.array_equal(load_encoder(str(tiny)).encode_question("ferry"), encoder.encode_question("ferry"))


@pytest.mark.parametrize("name", ["fp32.onnx", "tokenizer.json", "manifest.json"])
@pytest.mark.parametrize("how", ["changed", "missing"])
def test_an_export_that_is_not_whole_is_not_read(export, name, how):
    file = export / name
    if how == "missing":
        file.unlink()
    else:
        file.write_bytes(b"{" + file.read_bytes()[1:] + b"}")
    with pytest.raises(NotExported):
        OnnxEncoder.load(export, passages="fp32", questions="fp32")


def test_an_export_of_another_form_is_not_read(export):
    manifest = json.loads((export / "manifest.json").read_text())
    (export / "manifest.json").write_text(json.dumps(manifest | {"export": 99}))
    with pytest.raises(NotExported, match="of form 99, expected 2"):
        OnnxEncoder.load(export, passages="fp32", questions="fp32")


def test_an_export_of_the_form_before_is_read(export, encoder):
    manifest = json.loads((export / "manifest.json").read_text())
    (export / "manifest.json").write_text(json.dumps(manifest | {"export": 1}))
    older = OnnxEncoder.load(export, passages="fp32", questions="fp32")
    assert np.array_equal(older.encode_passages(TEXTS), encoder.encode_passages(TEXTS))


def test_a_variant_that_is_exported_no_more_is_told():
    with pytest.raises(InputError, match="restore its folder `encoder`"):
        load_encoder(DEFAULT_MODEL, passages="int8", questions="int8")


def test_what_is_kept_is_what_was_asked_for(encoder, tmp_path):
    keep(encoder.folder, tmp_path / "kept", variants=frozenset({"fp32"}))
    kept = OnnxEncoder.load(tmp_path / "kept", passages="fp32", questions="fp32")
    assert np.array_equal(kept.encode_passages(TEXTS), encoder.encode_passages(TEXTS))
    with pytest.raises(NotExported, match=r"no int8-rows\.onnx"):
        keep(encoder.folder, tmp_path / "other", variants=frozenset({"int8-rows"}))
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]


def test_a_model_that_cannot_be_exported_is_run_by_the_library_and_told(tmp_path, exports, caplog):
    """Ours would pool over the prompt, which this model leaves out."""
    from sentence_transformers import SentenceTransformer

    folder = saved(tmp_path)
    model = SentenceTransformer(str(folder), device="cpu")
    model.set_pooling_include_prompt(include_prompt=False)
    model.save(str(tmp_path / "excluding"))
    with caplog.at_level(logging.WARNING):
        encoder = load_encoder(str(tmp_path / "excluding"))
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert "is run by sentence-transformers, which is slower: its export gives other vectors" in caplog.text
    with pytest.raises(InputError, match="can't be run in int8-rows"):
        load_encoder(str(tmp_path / "excluding"), passages="int8-rows")


# Kept with an archive.


@pytest.fixture
def archive(tiny, encoder, tmp_path):
    """An archive made by the tiny model."""
    file = tmp_path / "ferry.txt"
    file.write_text("The ferry of Vell met a crane.")
    with Archive.create(tmp_path / "archive", model=str(tiny)) as made:
        made.add(file)
    return tmp_path / "archive"


def found(folder):
    with Retriever.open(folder) as retriever:
        return [(hit.text, hit.score) for hit in retriever.search("ferry crane")]


def test_an_archive_answers_without_the_model_it_was_made_by(archive, monkeypatch):
    expected = found(archive)

    def gone(name, **_):
        raise InputError(f"{name} is not here")

    monkeypatch.setattr("qa.kept_encoder.load_encoder", gone)
    assert found(archive) == expected
    (archive / "encoder" / "fp32.onnx").write_bytes(b"damaged")
    with pytest.raises(InputError, match="is not here"):
        found(archive)


def test_a_damaged_encoder_is_kept_anew(archive):
    expected = found(archive)
    # Its bytes are another file's too: a damaged disk, not a program, changes both.
    (archive / "encoder" / "fp32.onnx").unlink()
    assert found(archive) == expected
    assert (archive / "encoder" / "fp32.onnx").is_file()
    with Archive.open(archive) as opened:
        assert diagnose(opened).ok


def test_another_variant_is_refused(archive):
    with sqlite3.connect(archive / "archive.db") as connection:
        connection.execute("UPDATE settings SET value = 'int8' WHERE name = 'passage_variant'")
    connection.close()
    with pytest.raises(EncoderMismatch, match="16 dimensions, int8, questions fp32"):
        Archive.open(archive, encoder=_of(archive))


def _of(archive):
    return OnnxEncoder.load(archive / "encoder", passages="fp32", questions="fp32")


# Archives of format 1 knew no variants: their vectors are sentence-transformers' own.


@pytest.fixture
def older(made, tmp_path):
    """An archive as format 1 has it."""
    folder = shutil.copytree(made, tmp_path / "older")
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("DELETE FROM settings WHERE name LIKE '%_variant' OR name = 'lines'")
        connection.execute("UPDATE settings SET value = '1' WHERE name = 'format'")
        connection.execute("DROP TABLE form_articles")
        connection.execute("DROP TABLE forms")
    connection.close()
    return folder


def test_an_archive_of_format_1_is_read_as_it_is_and_brought_forward_by_a_writer(older, tmp_path):
    with Archive.open(older, encoder=HashedWordsEncoder()) as archive:
        assert (archive.settings.format, archive.settings.passage_variant) == (1, "fp32")
        file = tmp_path / "new.txt"
        file.write_text("A new ferry.")
        archive.add(file)
    with Archive.open(older) as archive:
        assert (archive.settings.format, archive.settings.question_variant) == (3, "fp32")
        assert diagnose(archive).ok


def test_the_variants_of_the_encoder_are_those_of_an_archive_of_format_1(older, monkeypatch):
    asked = []

    def loading(name, **variants):
        asked.append(variants)
        return HashedWordsEncoder()

    monkeypatch.setattr("qa.kept_encoder.load_encoder", loading)
    with Archive.open(older) as archive:
        assert archive.encoder.name == "hashed-words"
    assert asked == [{"passages": "fp32", "questions": "fp32"}]
