"""The training loop on a tiny network and invented questions: batches, resuming, export."""

import json
import random

import numpy as np
import pytest

from corpus.article import Article, Facts, Origin, Span
from corpus.passages import Passage
from embeddings.sentence_transformer import default_model_folder
from qa.hit import Hit
from qa.reader.windows import PairTokenizer
from qa.training.batches import Reading, Recipe, epoch_of, readings_of
from qa.training.dev import Candidate, DevQuestion
from qa.training.mining import Example, examples
from qa.training.training_set import Labelled

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

from qa.training.network import ReaderNetwork, losses  # noqa: E402  (after the skip)
from qa.training.training import Plan, Run  # noqa: E402

PASSAGE = "Fog came to Vell. Ona Brisk opened the bridge on 4 May 2031. Trams stood still."
TOKENIZER = PairTokenizer.from_file(default_model_folder() / "tokenizer.json")
BRISK = (18, 27)


def example(id="q1", **changes):
    known = {
        "id": id, "text_id": "vell", "question": "Who opened the bridge in 2031?", "title": "Vell",
        "passage": PASSAGE, "answers": [BRISK], "sentences": [(0, 17), (18, 60), (61, 79)],
        "negatives": [("Tarn", "The Tarn rose in 2029."), (None, "Jory Pell spoke of tolls.")],
    }  # fmt: skip
    return Example(**(known | changes))


def tiny_network():
    from transformers import BertConfig, BertModel

    torch.manual_seed(3)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    return ReaderNetwork(BertModel(config, add_pooling_layer=False))


def test_a_question_is_read_with_its_passage_a_swap_and_a_negative():
    found = readings_of(example(), [], Recipe(), random.Random(1))
    assert [bool(reading.answers) for reading in found] == [True, False, False]
    positive, swapped, negative = found
    assert [answer.of(positive.passage) for answer in positive.answers] == ["Ona Brisk"]
    assert swapped.passage == positive.passage
    assert swapped.question != positive.question
    assert negative.passage in {"The Tarn rose in 2029.", "Jory Pell spoke of tolls."}


def test_an_unanswerable_question_has_negatives_alone():
    found = readings_of(example(passage=None, answers=[]), [], Recipe(), random.Random(1))
    assert [reading.answers for reading in found] == [(), ()]


def test_answers_move_with_a_cropped_passage():
    for seed in range(40):
        reading = readings_of(example(), [], Recipe(), random.Random(seed))[0]
        assert reading.passage in PASSAGE
        assert [answer.of(reading.passage) for answer in reading.answers] == ["Ona Brisk"]


def test_recipes_without_swaps_and_with_random_negatives():
    found = readings_of(example(), [], Recipe(swapped=0.0), random.Random(1))
    assert len(found) == 2
    stranger = example("q2", passage="Quillon sold nets.", title=None)
    found = readings_of(example(), [], Recipe(swapped=0.0), random.Random(1), [stranger])
    assert found[1] == Reading("Who opened the bridge in 2031?", None, "Quillon sold nets.", ())


def test_random_negatives_are_passages_of_other_questions_for_a_question_without_one_too():
    several = [example("q1"), example("q2", passage=None, answers=[], negatives=[])]
    for seed in range(9):
        (batch,) = epoch_of(several, Recipe(swapped=0.0, random_negatives=True), TOKENIZER, seed)
        assert sorted(batch.group.tolist()) in ([0, 0, 0, 1, 1], [0, 0, 1, 1, 1])


def test_a_batch_marks_the_answer_s_tokens_and_position_0_where_there_is_none():
    (batch,) = epoch_of([example()], Recipe(), TOKENIZER, 1)
    assert batch.relevant.tolist() == [1.0, 0.0, 0.0]
    assert batch.group.tolist() == [0, 0, 0]
    ids = batch.ids[0]
    assert TOKENIZER.words(ids[batch.start[0] > 0].tolist()) == ["on"]  # on, ##a
    assert TOKENIZER.words(ids[batch.end[0] > 0].tolist()) == ["brisk"]
    assert (batch.start[1:, 0] == 1).all()
    assert (batch.end[1:, 0] == 1).all()
    assert (batch.start.sum(1) == 1).all()
    assert not (batch.choosable & (batch.mask == 0)).any()


def test_epochs_depend_on_the_seed_alone():
    several = [example(str(at), question=f"Who opened bridge {at}?") for at in range(30)]
    one, same, other = (
        [batch.ids.tolist() for batch in epoch_of(several, Recipe(), TOKENIZER, seed)] for seed in (1, 1, 2)
    )
    assert one == same != other


def test_ranking_loss_is_the_cross_entropy_within_each_question():
    network = tiny_network()
    (batch,) = epoch_of([example("a"), example("b")], Recipe(), TOKENIZER, 1)
    relevance = network(batch.ids, batch.mask, batch.kinds)[2].detach().numpy().astype(np.float64)
    expected = []
    for group in (0, 1):
        inside = relevance[batch.group.numpy() == group]
        expected.append(np.log(np.exp(inside).sum()) - inside[0])
    assert float(losses(network, batch).ranking.detach()) == pytest.approx(np.mean(expected), abs=1e-4)


def trained(folder, plan, until=None):
    network = tiny_network()
    run = Run(network, plan, folder, torch.device("cpu"))
    several = [example(str(at), question=f"Who opened bridge {at} in 2031?") for at in range(24)]
    if until is None:
        run.train(several, TOKENIZER, [])
        return network
    real = Run._step

    def stop(self, batch, progress):
        if self._place.batch == until:
            self._save()
            raise KeyboardInterrupt
        return real(self, batch, progress)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "_step", stop)
        with pytest.raises(KeyboardInterrupt):
            run.train(several, TOKENIZER, [])
    return network


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_to_the_same_weights(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.training.batches.BATCH_TOKENS", 400)
    plan = Plan(epochs=2, learning_rate=1e-3)
    trained(tmp_path / "whole", plan)
    trained(tmp_path / "stopped", plan, until=3)
    trained(tmp_path / "stopped", plan)
    whole, stopped = tiny_network(), tiny_network()
    whole.load(tmp_path / "whole" / "weights.safetensors")
    stopped.load(tmp_path / "stopped" / "weights.safetensors")
    for (name, one), other in zip(whole.state_dict().items(), stopped.state_dict().values(), strict=True):
        assert torch.equal(one, other), name
    assert not torch.equal(whole.span.weight, tiny_network().span.weight)
    assert json.loads((tmp_path / "whole" / "plan.json").read_text())["epochs"] == 2


def test_dev_scores_read_the_candidates(tmp_path):
    from qa.training.dev import dev_scores

    candidate = Candidate("Vell", PASSAGE, [(0, 17), (18, 60), (61, 79)], 0.5, relevant=True)
    wrong = Candidate(None, "Jory Pell spoke of tolls.", [(0, 25)], 0.4, relevant=False)
    asked = [
        DevQuestion(
            "1", "Who opened the bridge?", ["Ona Brisk"], answerable=True, candidates=[candidate, wrong]
        ),
        DevQuestion("2", "Who closed it?", [], answerable=False, candidates=[wrong]),
    ]
    found = dev_scores(tiny_network(), TOKENIZER, asked)
    assert set(found) == {"hit@1", "sentence@1", "EM", "F1", "AUROC"}
    assert all(0 <= value <= 1 for value in found.values())


@pytest.mark.filterwarnings("ignore")
def test_the_exported_network_says_what_the_network_says(tmp_path):
    import onnxruntime

    from qa.training.export import export

    network = tiny_network().eval()
    ids = torch.tensor([[101, 2040, 102, 3000, 3001, 102]])
    kinds = torch.tensor([[0, 0, 0, 1, 1, 1]])
    with torch.inference_mode():
        expected = [each.numpy() for each in network(ids, torch.ones_like(ids), kinds)]
    for name, int8, near in (("float", False, 1e-4), ("int8", True, 0.2)):
        export(network, tmp_path / name, int8=int8)
        session = onnxruntime.InferenceSession(str(tmp_path / name))
        found = session.run(["start", "end", "relevance"], {"ids": ids.numpy(), "kinds": kinds.numpy()})
        for one, other in zip(expected, found, strict=True):
            assert one.shape == other.shape
            assert np.abs(one - other).max() < near


def hit(id, text):
    article = Article.from_facts(Facts(), id=id, text=text, origin=Origin("/invented"))
    return Hit(article, Passage(id, 0, len(text), (Span(0, len(text)),)), 0.5, 0.5, 0.5)


def test_mining_takes_the_passage_that_holds_the_answer_and_negatives_that_hold_none():
    question = Labelled("q1", "vell", "Who opened it?", (Span(*BRISK),))
    hits = [
        hit("x", "Gulls flew."),
        hit("y", "Not by Ona Brisk!"),
        hit("vell", PASSAGE),
        hit("z", "Nets tore."),
    ]
    (found,) = examples(question, PASSAGE, hits)
    assert (found.passage, found.answers) == (PASSAGE, [BRISK])
    assert found.negatives == [(None, "Gulls flew."), (None, "Nets tore.")]
    assert not list(examples(question, PASSAGE, hits[:2]))
    (none,) = examples(Labelled("q2", "vell", "Who shut it?", ()), PASSAGE, hits)
    assert (none.passage, len(none.negatives)) == (None, 4)
