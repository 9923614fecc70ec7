"""Readers: ours, and any of transformers or sentence-transformers; tiny random models, made here."""

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from corpus.article import Article, Facts, Origin, Span
from corpus.errors import InputError
from corpus.passages import split
from qa import Answerer
from qa.hit import Hit
from qa.reader.loading import load_reader
from qa.reader.onnx_reader import MODEL, WEIGHTS_SHA256, OnnxReader
from qa.reader.remembering import RememberingReader

QUESTION = "Who opened the bridge over the Tarn?"
SHORT = "Fog came to Vell. Mayor Ona Brisk opened the bridge over the Tarn on Monday. Trams stood still."
LONG = f"{'Gulls flew over the quay and the trams stood still in the fog. ' * 60}{SHORT}"


def hit(text, *, id="one", title=None):
    article = Article.from_facts(Facts(title=title), id=id, text=text, origin=Origin("/invented"))
    (passage,) = split(article, [], words=10_000)
    return Hit(article, passage, 0.5, 0.5, 0.5)


@pytest.fixture(scope="module")
def ours():
    return load_reader()


def texts_of(reader, of):
    (reading,) = reader.read(QUESTION, [of])
    best = max(range(len(reading.sentences)), key=lambda at: reading.sentences[at].margin)
    span = reading.sentences[best].span
    return of.passage.sentences[best].of(of.article.text), span and span.of(of.article.text)


def test_the_weights_that_are_shipped_are_those_the_code_names():
    assert hashlib.sha256((MODEL / "reader.onnx").read_bytes()).hexdigest() == WEIGHTS_SHA256
    assert json.loads((MODEL / "calibration.json").read_text())["reader_sha256"] == WEIGHTS_SHA256


def test_ours_finds_the_sentence_and_marks_the_name(ours):
    sentence, span = texts_of(ours, hit(SHORT))
    assert sentence == "Mayor Ona Brisk opened the bridge over the Tarn on Monday."
    assert "Ona Brisk" in span


def test_ours_reads_a_long_passage_in_windows_and_finds_its_end(ours):
    sentence, span = texts_of(ours, hit(LONG))
    assert sentence == "Mayor Ona Brisk opened the bridge over the Tarn on Monday."
    assert "Ona Brisk" in span


def test_ours_does_not_read_what_is_not_english(ours):
    english = hit("The mayor, Ona Brisk, opened the bridge at Vell.")
    russian = replace(english, article=replace(english.article, language="ru"))
    alone, beside = ours.read("Who opened the bridge?", [english, russian])
    assert alone == ours.read("Who opened the bridge?", [english])[0]
    assert beside is None


def test_a_reading_is_the_same_alone_in_a_batch_and_beside_a_long_one(ours):
    alone = ours.read(QUESTION, [hit(SHORT)])[0]
    several = ours.read(QUESTION, [hit(LONG, id="two"), hit(SHORT), hit("Fog came.", id="three")])
    assert several[1] == alone  # not only to 1e-4
    assert ours.read(QUESTION, [hit(SHORT)])[0] == alone


def test_a_passage_of_signs_alone_can_be_read(ours):
    (reading,) = ours.read(QUESTION, [hit("\u2014 \u2014")])
    assert np.isfinite(reading.relevance)


def test_files_that_are_not_ours_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"reader\.onnx: No such file"):
        OnnxReader.load(tmp_path)
    shutil.copytree(MODEL, tmp_path / "model")
    weights = tmp_path / "model" / "reader.onnx"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(InputError, match=rf"SHA-256 .*expected {WEIGHTS_SHA256[:12]}…"):
        OnnxReader.load(tmp_path / "model")


def test_asking_with_an_encoder_that_needs_no_torch_imports_none(made):
    code = (
        "import sys\nfrom qa import Answerer\n"
        f"Answerer.open({str(made)!r}).ask('Who opened the bridge?')\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_remembered_readings_are_the_reader_s_own(ours):
    class Counting:
        name, weights_sha256, calibration = ours.name, ours.weights_sha256, ours.calibration
        reads = 0

        def read(self, question, hits):
            self.reads += len(hits)
            return ours.read(question, hits)

    counting = Counting()
    remembering = RememberingReader(counting)
    hits = [hit(SHORT), hit("Fog came.", id="two")]
    assert remembering.read(QUESTION, hits) == ours.read(QUESTION, hits)
    assert remembering.read(QUESTION, hits[::-1]) == ours.read(QUESTION, hits[::-1])
    assert counting.reads == 2
    assert remembering.read("Who?", hits[:1]) == ours.read("Who?", hits[:1])
    assert counting.reads == 3


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Folders of a question-answering model, a cross-encoder and another, with random weights."""
    import torch
    from transformers import (
        BertConfig,
        BertForMaskedLM,
        BertForQuestionAnswering,
        BertForSequenceClassification,
        BertTokenizerFast,
    )

    words = (
        "[PAD] [UNK] [CLS] [SEP] [MASK] . ? who opened the bridge over tarn fog came to vell mayor ona brisk"
    )
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(words.split()))
    made = {}
    for kind, labels in (
        (BertForQuestionAnswering, 2),
        (BertForSequenceClassification, 1),
        (BertForMaskedLM, 2),
    ):
        config = BertConfig(
            vocab_size=len(words.split()), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=16, max_position_embeddings=128, num_labels=labels,
        )  # fmt: skip
        torch.manual_seed(5)
        made[kind.__name__] = folder / kind.__name__
        kind(config).eval().save_pretrained(made[kind.__name__])
        tokenizer = BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=128)
        tokenizer.save_pretrained(made[kind.__name__])
    return made


def test_a_question_answering_model_reads_what_transformers_says(tiny):
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    folder = str(tiny["BertForQuestionAnswering"])
    of = hit(SHORT, title="Vell")
    (reading,) = load_reader(folder).read(QUESTION, [of])
    tokenizer, model = (
        each.from_pretrained(folder) for each in (AutoTokenizer, AutoModelForQuestionAnswering)
    )
    encoded = tokenizer(QUESTION, f"Vell. {SHORT}", return_tensors="pt", return_offsets_mapping=True)
    offsets, kinds = encoded.pop("offset_mapping")[0].tolist(), encoded.sequence_ids(0)
    with torch.inference_mode():
        output = model(**encoded)
    start, end = output.start_logits[0].numpy(), output.end_logits[0].numpy()
    for sentence, found in zip(of.passage.sentences, reading.sentences, strict=True):
        inside = [
            at for at, (low, _) in enumerate(offsets)
            if kinds[at] == 1 and sentence.start <= low - len("Vell. ") < sentence.end
        ]  # fmt: skip
        best = max(
            ((i, j) for i in inside for j in inside if i <= j), key=lambda ij: start[ij[0]] + end[ij[1]]
        )
        assert found.margin == pytest.approx(
            float(start[best[0]] + end[best[1]] - start[0] - end[0]), abs=1e-5
        )
        assert found.span == Span(offsets[best[0]][0] - len("Vell. "), offsets[best[1]][1] - len("Vell. "))
    assert reading.relevance == max(each.margin for each in reading.sentences)


def test_a_question_answering_model_reads_a_long_passage_to_its_end(tiny):
    (reading,) = load_reader(str(tiny["BertForQuestionAnswering"])).read(QUESTION, [hit(LONG)])
    assert all(each.span is not None for each in reading.sentences)


def test_a_cross_encoder_scores_as_sentence_transformers_does(tiny):
    import torch
    from sentence_transformers import CrossEncoder

    folder = str(tiny["BertForSequenceClassification"])
    of = hit(SHORT, title="Vell")
    (reading,) = load_reader(folder).read(QUESTION, [of])
    model = CrossEncoder(folder, device="cpu")
    texts = [SHORT, *(span.of(SHORT) for span in of.passage.sentences)]
    expected = model.predict(
        [(QUESTION, f"Vell. {text}") for text in texts],
        activation_fn=torch.nn.Identity(),
        show_progress_bar=False,
    )
    found = [reading.relevance, *(each.margin for each in reading.sentences)]
    assert found == pytest.approx(expected.tolist(), abs=1e-4)
    assert {each.span for each in reading.sentences} == {None}


@pytest.mark.parametrize("kind", ["BertForQuestionAnswering", "BertForSequenceClassification"])
def test_another_reader_answers_through_the_same_seam(tiny, made, kind):
    with Answerer.open(made, threshold=0, reader=str(tiny[kind])) as answerer:
        answer = answerer.ask("Who cut the ribbon of the harbour?")
        assert answer.quotes
        assert answer.verify().ok
        assert answerer.retriever.reader.name == str(tiny[kind])
    assert (answer.quotes[0].span is None) is (kind == "BertForSequenceClassification")


def test_models_that_can_not_be_readers_are_told(tiny, tmp_path):
    with pytest.raises(InputError, match="is of kind BertForMaskedLM, expected one that ends in"):
        load_reader(str(tiny["BertForMaskedLM"]))
    with pytest.raises(InputError, match="no reader 'nowhere/such-a-reader' could be loaded here"):
        load_reader("nowhere/such-a-reader")
    with pytest.raises(InputError, match="the reader's name is empty"):
        load_reader(" ")
    shutil.copytree(tiny["BertForQuestionAnswering"], tmp_path / "pickled")
    weights = tmp_path / "pickled" / "model.safetensors"
    weights.rename(weights.with_name("pytorch_model.bin"))
    with pytest.raises(InputError, match="could be loaded here"):
        load_reader(str(tmp_path / "pickled"))
