"""`python -m qa.training`: from the training sets to the reader's weights, in three steps.

    python -m qa.training mine   --data ../shared/data/train
    python -m qa.training train  --dev ../shared/data/dev/squad2-half
    python -m qa.training export --out qa/reader/model/reader.onnx

Each goes on where it was stopped; what they make lies under var/training.
"""

import argparse
import ctypes
import logging
import random
import sys
from pathlib import Path

import torch

from embeddings.sentence_transformer import default_model_folder
from qa.reader.windows import PairTokenizer
from qa.training.batches import Recipe
from qa.training.dev import DevQuestion, dev_questions
from qa.training.export import export
from qa.training.mining import BatchedEncoder, Example, mined
from qa.training.network import ReaderNetwork
from qa.training.training import SEED, Plan, Run
from qa.training.training_set import training_sets

FOLDER = Path("var/training")
_MALLOPT = ((-3, 1 << 30), (-1, (1 << 31) - 1), (-2, 1 << 29))  # mmap threshold, trim threshold, top pad

logger = logging.getLogger("qa.training")


def main() -> int:
    """Runs one step."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    options = _parser().parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    options.run(options)
    return 0


def _mine(options: argparse.Namespace) -> None:
    encoder = BatchedEncoder()
    for training_set in training_sets(options.data):
        file = mined(training_set, encoder, FOLDER)
        logger.info("%s: %s of %s questions", file, len(_examples(file)), len(training_set.questions))


def _train(options: argparse.Namespace) -> None:
    _keep_memory()
    torch.manual_seed(SEED)
    files = sorted(FOLDER.glob("*.examples.jsonl"))
    chance = random.Random(SEED)  # noqa: S311
    examples = []
    for file in files:
        found = _examples(file)
        examples += chance.sample(found, round(len(found) * options.share))
    recipe = Recipe(
        negatives=options.negatives, swapped=options.swapped, random_negatives=options.random_negatives
    )
    plan = Plan(
        epochs=options.epochs, learning_rate=options.learning_rate, joint=options.joint, recipe=recipe
    )
    dev: list[DevQuestion] = []
    if options.dev:
        dev = chance.sample(dev_questions(options.dev, FOLDER), options.dev_questions)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    logger.info("%s questions of %s sets, on %s", len(examples), len(files), device)
    network = ReaderNetwork.from_encoder(default_model_folder())
    if options.begin:
        network.load(options.begin)
    run = Run(network, plan, FOLDER / options.name, device)
    logger.info("%s", run.train(examples, _tokenizer(), dev))


def _export(options: argparse.Namespace) -> None:
    network = ReaderNetwork.from_encoder(default_model_folder())
    network.load(FOLDER / options.name / "weights.safetensors")
    export(network, options.out, int8=not options.float)
    logger.info("%s", options.out)


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="python -m qa.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    steps = whole.add_subparsers(metavar="STEP", required=True)
    mine = steps.add_parser("mine", help="find each question's passage and its hard negatives")
    mine.add_argument("--data", type=Path, required=True, help="the folder of training sets")
    mine.set_defaults(run=_mine)
    train = steps.add_parser("train", help="train, or go on from the last checkpoint")
    train.add_argument("--epochs", type=float, default=Plan().epochs)
    train.add_argument("--learning-rate", type=float, default=Plan().learning_rate)
    train.add_argument("--joint", type=float, default=Plan().joint, help="weight of the loss over passages")
    train.add_argument("--negatives", type=int, default=Recipe().negatives, help="a question")
    train.add_argument("--swapped", type=float, default=Recipe().swapped, help="share of questions, 0 to 1")
    train.add_argument("--random-negatives", action="store_true", help="passages of any other question")
    train.add_argument("--share", type=float, default=1.0, help="of the questions, for an ablation")
    train.add_argument("--dev", type=Path, help="a question set that the log has scores of")
    train.add_argument("--dev-questions", type=int, default=200, help="of that set, drawn at random")
    train.add_argument("--begin", type=Path, help="weights to begin from, in place of the encoder's")
    train.set_defaults(run=_train)
    written = steps.add_parser("export", help="write the trained weights as int8 ONNX")
    written.add_argument("--out", type=Path, required=True)
    written.add_argument("--float", action="store_true", help="not quantised")
    written.set_defaults(run=_export)
    for step in (train, written):
        step.add_argument("--name", default="reader", help="the run's folder under var/training")
    return whole


def _examples(file: Path) -> list[Example]:
    return [Example.from_line(line) for line in file.read_text("utf-8").splitlines()]


def _tokenizer() -> PairTokenizer:
    return PairTokenizer.from_file(default_model_folder() / "tokenizer.json")


def _keep_memory() -> None:
    """Tells glibc not to give large blocks back after each step: a third more readings a second."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        for option in _MALLOPT:
            libc.mallopt(*option)


if __name__ == "__main__":
    sys.exit(main())
