"""Examples into batches: for each question its passage, a hard negative, and a swapped question."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from corpus.article import Span
from qa.reader.windows import PairTokenizer, Window
from qa.training.made_up import made_up
from qa.training.mining import Example
from qa.training.network import Batch

BATCH_TOKENS = 6_144  # padding included
_SORTED = 40  # batches' worth of groups that are sorted by length together
_CROPPED = 0.3  # of the positives are read with only some of their sentences
_UNTITLED = 0.3
_MORE = 2  # negatives of a question that no passage answers
_SAME_ARTICLE = 6  # other passages of an article that swapped words are taken from


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an epoch is made of; the ablations change one each.

    `negatives` a question, drawn from `first_negatives` of the retriever's; `swapped` is the share of
    questions that are also asked with a word swapped.
    """

    negatives: int = 1
    first_negatives: int = 6
    swapped: float = 1.0
    random_negatives: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One question and one passage; `answers` are offsets in the passage, none where it has none."""

    question: str
    title: str | None
    passage: str
    answers: tuple[Span, ...]


def epoch_of(
    examples: Sequence[Example], recipe: Recipe, tokenizer: PairTokenizer, seed: int
) -> Iterator[Batch]:
    """The batches of one epoch, in an order and with choices that depend on the seed alone."""
    chance = random.Random(seed)  # noqa: S311
    passages: dict[str, list[str]] = {}
    for example in examples:
        if example.passage is not None:
            passages.setdefault(example.text_id, []).append(example.passage)
    order = list(examples)
    chance.shuffle(order)
    told = [each for each in order if each.passage is not None]
    groups = []
    for example in order:
        others = passages.get(example.text_id, [])
        near = chance.sample(others, min(_SAME_ARTICLE, len(others)))
        strangers = (
            [chance.choice(told) for _ in range(recipe.negatives + _MORE)] if recipe.random_negatives else []
        )
        readings = readings_of(example, near, recipe, chance, strangers)
        groups.append([(reading, _window(reading, tokenizer)) for reading in readings])
        if len(groups) == _SORTED * 10:
            yield from _batches(groups, chance)
            groups = []
    yield from _batches(groups, chance)


def readings_of(
    example: Example,
    near: Sequence[str],
    recipe: Recipe,
    chance: random.Random,
    strangers: Sequence[Example] = (),
) -> list[Reading]:
    """What is read of one question: first the passage that answers, if one does."""
    readings = []
    question = example.question
    wanted = recipe.negatives
    if example.passage is not None:
        answers = [Span(*answer) for answer in example.answers]
        title = None if chance.random() < _UNTITLED else example.title
        positive = _cropped(example, answers, title, chance)
        readings.append(positive)
        swapped = None
        if chance.random() < recipe.swapped:
            swapped = made_up(question, example.passage, answers, near, chance)
        if swapped is not None:
            readings.append(Reading(swapped, title, positive.passage, ()))
        elif recipe.swapped:
            wanted += 1
    else:
        wanted += _MORE
    if strangers:
        negatives = [(each.title, each.passage or "") for each in strangers]
    else:
        negatives = list(example.negatives[: recipe.first_negatives])
        chance.shuffle(negatives)
    for title, passage in negatives[:wanted]:
        readings.append(Reading(question, None if chance.random() < _UNTITLED else title, passage, ()))
    return readings


def _cropped(example: Example, answers: Sequence[Span], title: str | None, chance: random.Random) -> Reading:
    """The passage, or some sentences of it around an answer: the reader meets passages of any length."""
    passage = example.passage or ""
    if chance.random() >= _CROPPED or len(example.sentences) < 2:
        return Reading(example.question, title, passage, tuple(answers))
    sentences = [Span(*sentence) for sentence in example.sentences]
    held = [at for at, each in enumerate(sentences) if any(each.overlaps(answer) for answer in answers)]
    if not held:
        return Reading(example.question, title, passage, tuple(answers))
    begin = sentences[chance.randint(0, held[0])].start
    end = sentences[chance.randint(held[-1], len(sentences) - 1)].end
    kept = tuple(
        Span(each.start - begin, each.end - begin)
        for each in answers
        if begin <= each.start and each.end <= end
    )
    return Reading(example.question, title, passage[begin:end], kept)


def _window(reading: Reading, tokenizer: PairTokenizer) -> Window:
    windows = list(tokenizer.windows(reading.question, reading.title, reading.passage))
    for window in windows:
        if any(_tokens(window, answer) for answer in reading.answers):
            return window
    return windows[0]


def _tokens(window: Window, answer: Span) -> tuple[int, int] | None:
    """Positions in the window of the answer's first and last token; None where it lies outside."""
    inside = [
        at for at, (start, end) in enumerate(window.offsets) if start < answer.end and answer.start < end
    ]
    if (
        not inside
        or window.offsets[inside[0]][0] > answer.start
        or window.offsets[inside[-1]][1] < answer.end
    ):
        return None
    return window.first + inside[0], window.first + inside[-1]


def _batches(groups: list[list[tuple[Reading, Window]]], chance: random.Random) -> Iterator[Batch]:
    """Groups of about the same length together, the batches in random order."""
    groups = sorted(groups, key=lambda group: max(len(window.ids) for _, window in group))
    batches: list[list[list[tuple[Reading, Window]]]] = []
    batch: list[list[tuple[Reading, Window]]] = []
    readings, longest = 0, 0
    for group in groups:
        size = max(len(window.ids) for _, window in group)
        if batch and (readings + len(group)) * max(longest, size) > BATCH_TOKENS:
            batches.append(batch)
            batch, readings, longest = [], 0, 0
        batch.append(group)
        readings += len(group)
        longest = max(longest, size)
    if batch:
        batches.append(batch)
    chance.shuffle(batches)
    yield from map(to_batch, batches)


def to_batch(groups: Sequence[Sequence[tuple[Reading, Window]]]) -> Batch:
    """The readings of some questions as tensors."""
    rows = [(number, reading, window) for number, group in enumerate(groups) for reading, window in group]
    shape = len(rows), max(len(window.ids) for _, _, window in rows)
    ids, mask, kinds = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    choosable = torch.zeros(shape, dtype=torch.bool)
    start, end = torch.zeros(shape), torch.zeros(shape)
    relevant = torch.zeros(len(rows))
    for row, (_, reading, window) in enumerate(rows):
        length = len(window.ids)
        ids[row, :length] = torch.tensor(window.ids)
        kinds[row, :length] = torch.tensor(window.kinds)
        mask[row, :length] = 1
        choosable[row, 0] = True
        choosable[row, window.first : window.first + len(window.offsets)] = True
        found = [tokens for answer in reading.answers if (tokens := _tokens(window, answer))]
        for first, last in found or [(0, 0)]:
            start[row, first] += 1 / max(1, len(found))
            end[row, last] += 1 / max(1, len(found))
        relevant[row] = float(bool(found))
    group = torch.tensor([number for number, _, _ in rows])
    return Batch(ids, mask, kinds, choosable, start, end, relevant, group)
