"""Training sets as they are handed out, read into articles and questions about them."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.article import Span

PARAGRAPH = "\n\n"
_QAMR_SAMPLE = 4  # one question in so many: each sentence of QAMR has about 38
# A tokenised text puts spaces where none were: before closing marks and 's, after opening ones.
_EXTRA_SPACE = re.compile(r" (?=[.,;:!?)\]}%]|'\w|n't\b|’)|(?<=[(\[{$£€]) ")


@dataclass(frozen=True, slots=True)
class Text:
    """An article of a training set."""

    id: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question about one text. `answers` has a span for each person's answer; none: unanswerable."""

    id: str
    text_id: str
    question: str
    answers: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """A name, texts, and questions about them."""

    name: str
    texts: list[Text]
    questions: list[Labelled]


def training_sets(folder: Path) -> Iterator[TrainingSet]:
    """The sets of `shared/data/train`, one at a time."""
    for name, titled in (("newwiki", True), ("amazon", False), ("reddit", False)):
        (file,) = (folder / f"squadshifts-{name}").glob("*.json")
        yield squadshifts(name, json.loads(file.read_text("utf-8")), titled=titled)
    rows = [
        json.loads(line)
        for file in sorted((folder / "qamr-dev-test").glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    yield qamr(rows)
    files = sorted((folder / "timeqa-human-train").glob("*.jsonl.gz"))
    yield timeqa(
        [json.loads(line) for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]
    )


def squadshifts(name: str, document: dict[str, Any], *, titled: bool) -> TrainingSet:
    """A set in SQuAD 1.1's form; where titles mean nothing, each paragraph is a text of its own."""
    texts, questions = [], []
    for number, article in enumerate(document["data"]):
        joined, pieces = "", []
        for paragraph in article["paragraphs"]:
            start = len(joined)
            joined += paragraph["context"].rstrip() + PARAGRAPH
            pieces.append((start, joined[start:].rstrip(), paragraph["qas"]))
        if titled:
            title = article["title"].replace("_", " ")
            texts.append(Text(f"{name}-{number}", title, joined))
        for at, (start, words, asked) in enumerate(pieces):
            id, offset = (f"{name}-{number}", start) if titled else (f"{name}-{number}-{at}", 0)
            if not titled:
                texts.append(Text(id, None, words))
            for each in asked:
                answers = (_stripped(answer["answer_start"], answer["text"]) for answer in each["answers"])
                spans = tuple(Span(a.start + offset, a.end + offset) for a in answers if a.end > a.start)
                questions.append(Labelled(each["id"], id, " ".join(each["question"].split()), spans))
    return TrainingSet(name, texts, questions)


def qamr(rows: list[dict[str, Any]]) -> TrainingSet:
    """Questions about single sentences; the sentences of one page make one text."""
    pages: dict[str, dict[str, None]] = {}
    for row in rows:
        pages.setdefault(_page(row["id"]), {})[undone(row["context"])[0]] = None
    texts = [Text(page, None, PARAGRAPH.join(sentences)) for page, sentences in pages.items()]
    by_id = {text.id: text.text for text in texts}
    questions = []
    for row in rows[::_QAMR_SAMPLE]:
        page = _page(row["id"])
        sentence = undone(row["context"])[0]
        start = by_id[page].index(sentence)
        spans = []
        for answer in (undone(each)[0] for each in row["answers"]):
            found = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", sentence)
            if found:
                spans.append(Span(start + found.start(), start + found.end()))
        if spans:
            questions.append(Labelled(row["id"], page, row["question"], tuple(spans)))
    return TrainingSet("qamr", texts, questions)


def timeqa(rows: list[dict[str, Any]]) -> TrainingSet:
    """Questions about whole pages, with a date in most of them; some without an answer."""
    texts: dict[str, Text] = {}
    questions = []
    for number, row in enumerate(rows):
        context, kept = undone(row["context"])
        title = row["paragraphs"][0]["title"]
        text = texts.setdefault(context, Text(f"timeqa-{len(texts)}", undone(title)[0], context))
        moved = {old: new for new, old in enumerate(kept)}
        spans = tuple(
            Span(moved[start], moved[end - 1] + 1)
            for start, end, target in zip(row["from"], row["end"], row["targets"], strict=True)
            if target and start in moved and end - 1 in moved
        )
        if spans or not any(row["targets"]):
            questions.append(Labelled(f"timeqa-{number}", text.id, row["question"], spans))
    return TrainingSet("timeqa", list(texts.values()), questions)


def undone(tokenised: str) -> tuple[str, list[int]]:
    """The text without the spaces that a tokeniser put in, and each character's old offset."""
    extra = {match.start() for match in _EXTRA_SPACE.finditer(tokenised)}
    kept = [at for at in range(len(tokenised)) if at not in extra]
    return "".join(tokenised[at] for at in kept), kept


def _page(id: str) -> str:
    return "-".join(id.split("#", maxsplit=1)[0].split(":")[1:3])


def _stripped(start: int, answer: str) -> Span:
    """Without the white space and the full stop that some people marked with it."""
    lead = len(answer) - len(answer.lstrip())
    return Span(start + lead, start + lead + len(answer.strip().rstrip(".,;:!?")))
