"""The labelled sentences on which voices are measured: invented ones, and QAMR's of Wikinews by their ids."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article, Facts, Origin, Span
from qa.speaker import Speaker
from qa.voices import voice_of

DATA = Path(__file__).parent
LABELS = json.loads((DATA / "data" / "parts" / "voices.json").read_text(encoding="utf-8"))
QAMR = Path("data") / "train" / "qamr-dev-test"
_WRITTEN = ((r"``\s*", "“"), (r"\s*''", "”"), (r"\s+([,.;:?!%]|'s\b|n't\b|'ll\b|'re\b|'ve\b|'d\b|'m\b)", r"\1"),
            (r"-L[RS]B-\s*", "["), (r"\s*-R[RS]B-", "]"))  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A sentence at the end of a text; `kinds` and `speakers` are those that count as right."""

    article: Article
    sentence: Span
    kinds: Sequence[str]
    speakers: Sequence[str]


def invented():
    """The invented sentences."""
    return [_labelled(each["before"], each["sentence"], each) for each in LABELS["invented"]]


def of_wikinews(shared, part):
    """QAMR's sentences of one part, `qamr` or `unseen`, written as in print: its tokens are apart."""
    labels = {each["id"]: each for each in LABELS[part]}
    texts = {}
    for name in ("qamr_dev.jsonl", "qamr_test.jsonl"):
        with (shared / QAMR / name).open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                texts.setdefault(record["id"].split("#")[0], record["context"])
    found = []
    for id, label in labels.items():
        text = texts[id]
        for pattern, written in _WRITTEN:
            text = re.sub(pattern, written, text)
        found.append(_labelled("", text.strip(), label))
    return found


def measured(sentences):
    """Precision and recall of speech found and of its kind, and of speakers: (right, of)."""
    counts = {name: [0, 0] for name in ("speech precision", "speech recall", "kind precision", "speaker precision", "speaker recall")}  # fmt: skip
    wrong = []
    for each in sentences:
        voice = voice_of(each.article, each.sentence)
        speaker = voice.speaker.of(each.article.text) if voice.speaker else None
        named = speaker is not None and any(Speaker(speaker).is_named(name) for name in each.speakers)
        is_speech = voice.kind != "own"
        if is_speech:
            _count(counts["speech precision"], each.kinds != ["own"])
            _count(counts["kind precision"], voice.kind in each.kinds)
        if "own" not in each.kinds:
            _count(counts["speech recall"], is_speech)
        if speaker is not None:
            _count(counts["speaker precision"], named)
        if each.speakers and "own" not in each.kinds:
            _count(counts["speaker recall"], named)
        if voice.kind not in each.kinds or (speaker is not None and not named):
            wrong.append((voice.kind, speaker, each))
    return counts, wrong


def _count(pair, right):
    pair[0] += right
    pair[1] += 1


def _labelled(before, sentence, label):
    text = before + sentence
    article = Article.from_facts(Facts(language="en"), id="one", text=text, origin=Origin("/invented"))
    speakers = [] if label["speaker"] is None else label["speaker"].split("|")
    return Labelled(article, Span(len(before), len(text)), label["kind"].split("|"), speakers)
