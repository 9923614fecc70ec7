"""What the conformance suite runs on: engines by name, each with the address of an archive in a folder.

A further engine is a line in ENGINES: a function from an empty folder to an archive's address. It may skip.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpus.article import sha256_of
from qa import Answerer, Archive, Retriever
from qa.hit import Hit
from qa.retriever import MODES

REFERENCE = "embedded"
TIE = 2e-6  # two roundings to six decimals


def _embedded(folder: Path) -> str:
    return str(folder / "archive")


def _milvus_lite(folder: Path) -> str:
    pytest.importorskip("pymilvus", reason="pymilvus is missing: requirements-scale.txt")
    pytest.importorskip("milvus_lite", reason="milvus-lite is missing: requirements-scale.txt")
    return f"file:{folder / 'archive'}?search={folder / 'passages.db'}"


ENGINES: dict[str, Callable[[Path], str]] = {REFERENCE: _embedded, "milvus-lite": _milvus_lite}

SENTENCES = [
    "Mayor Ona Brisk opened the harbour of Vell on Tuesday.",
    "The harbour of Vell was opened on Tuesday by Mayor Ona Brisk.",
    "She said that the wall had cost 48 million crowns.",
    "Nobody counted the gulls on the pier.",
    "Tram drivers in Marrow walked out for three days in March 2031.",
    "They want more pay for night shifts.",
    "Мэр Она Бриск открыла мост во вторник.",
    "“We lost two summers,” said Tam Reddick.",
    "Captain Anna Brysk sold her boats to the \\ harbour master.",
]
QUESTIONS = [
    "Who opened the harbour of Vell?",
    "How many crowns did the wall cost?",
    "Кто открыл мост?",
    "What did Brysk sell?",
    "What happened in March 2031?",
    "newsletter journalist storms",
]
SOURCES = [None, "Tern Gazette", 'Marrow "Late" Post', "Café \\ Größe"]
DATES = [None, "2031", "2031-04", "2031-04-02", "2029"]


def written(folder: Path, id: str, record: dict[str, object]) -> Path:
    """An article in a file of its own, which is its origin in every archive."""
    folder.mkdir(exist_ok=True)
    (folder / f"{id}.jsonl").write_text(json.dumps({"id": id, **record}), encoding="utf-8")
    return folder / f"{id}.jsonl"


def drawn(rng, sentences: int = 10) -> dict[str, object]:
    """An article put together by chance."""
    return {
        "text": " ".join(rng.choices(SENTENCES, k=rng.randint(1, sentences))),
        "title": rng.choice([None, "Harbour", "Trams"]),
        "source": rng.choice(SOURCES),
        "published": rng.choice(DATES),
    }


def rankings(archive: Archive, questions: Sequence[str] = QUESTIONS, k: int = 7) -> list[list[tuple]]:
    """What every way of searching finds."""
    retriever = Retriever(archive)
    return [
        [
            (hit.article_id, hit.start, hit.end, hit.score, hit.dense)
            for hit in retriever.search(q, k, mode=mode)
        ]
        for q in questions
        for mode in MODES
    ]


def everything_said(archive: Archive) -> list[object]:
    """All answers, byte for byte, and all rankings with their scores."""
    retriever = Retriever(archive)
    said: list[object] = [
        Answerer(retriever, threshold=share).ask(question).to_json()
        for question in QUESTIONS
        for share in (0, 1)
    ]
    return [*said, *rankings(archive)]


def check_slices(answer: dict, texts: dict[str, str]) -> None:
    """Each quote and related passage is a slice of its article, whose hash it has."""
    for shown in [*answer["quotes"], *answer["related"]]:
        text = texts[shown["article"]["id"]]
        assert shown["text"] == text[shown["start"] : shown["end"]]
        assert shown["article"]["sha256"] == sha256_of(text)


def place(hit: Hit) -> tuple[str, int]:
    """Where a hit's passage is."""
    return hit.article_id, hit.start


def traced(question: str, expected: Sequence[Hit], found: Sequence[Hit]) -> str:
    """Why two rankings differ: a tie, or a passage that one of them doesn't have, with its scores."""
    for rank, (one, other) in enumerate(zip(expected, found, strict=False), 1):
        if place(one) != place(other):
            if abs(one.score - other.score) <= TIE:
                return f"tie at {rank}: {place(one)} and {place(other)}, {one.score:.6f}: {question}"
            lacking = "lacks" if place(one) not in map(place, found) else "has elsewhere"
            return (
                f"at {rank} it {lacking} {place(one)} (score {one.score:.6f}, cosine {one.dense:.6f}, "
                f"words {one.lexical:.6f}), has {place(other)} (score {other.score:.6f}, cosine "
                f"{other.dense:.6f}, words {other.lexical:.6f}): {question}"
            )
    return f"{len(expected)} hits and {len(found)}: {question}"
