"""Archives of any size for measuring: mixed vectors, words drawn as real passages have them.

A passage's vector is a mixture of two real ones plus noise, no two of the same pair: copies of real
ones would be found too easily. Beside the archive lie questions with their exact nearest passages,
of all articles and of those of each source. Nothing is encoded but the questions, so a million
passages take minutes.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from measuring import DATA, REPOSITORY
from numpy.typing import NDArray

from corpus.article import Article, Origin, Span, sha256_of
from corpus.passages import Passage, context_text
from embeddings.encoder import Encoder, Vectors
from qa import Archive, database, repeated, rows
from qa.evaluate.archives import archive_of
from qa.settings import next_generation

PASSAGES = 15  # of each article
WORDS = 60  # of each passage
NOISE = 0.3  # length of the noise beside the mixture's 1
NEAREST = 10
# Source of an article by its number modulo 1,000: the share of all that a filter by it allows.
SOURCES = {"0.1 %": range(1), "1 %": range(1, 11), "10 %": range(11, 111), "50 %": range(111, 611)}
_AT_ONCE = 1_000  # articles of a commit
_DRAWN = 1_000_000  # words
_SEED = 7
_CACHE = REPOSITORY / "var" / "eval"


def real_archive(named: Path | None = None) -> Archive:
    """The archive that was named, else that of real news, built the first time: some 56,000 passages."""
    if named is not None:
        return Archive.open(named)
    return archive_of(DATA / "realtimeqa-2022" / "corpus.jsonl", cache=_CACHE)


def real_passages(named: Path | None = None) -> tuple[list[str], Vectors]:
    """What the encoder is given for each passage of real news, and their vectors."""
    with real_archive(named) as archive:
        return _passages(archive)


def squad_passages() -> tuple[list[str], Vectors]:
    """The same of a smaller set."""
    with squad_archive() as archive:
        return _passages(archive)


def squad_archive() -> Archive:
    """The archive of squad2-half, built the first time: some 1,000 passages."""
    return archive_of(DATA / "squad2-half" / "corpus.jsonl", cache=_CACHE)


def _passages(archive: Archive) -> tuple[list[str], Vectors]:
    texts, vectors = [], []
    with archive.reading() as connection:
        for *_, text, title, vector in rows.all_passages(connection):
            texts.append(context_text(title, text))
            vectors.append(vector)
    return texts, np.array(vectors)


def questions() -> list[str]:
    """Those of real news."""
    lines = (DATA / "realtimeqa-2022" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def make(
    folder: Path, count: int, texts: Sequence[str], real: Vectors, questions: Sequence[str], encoder: Encoder
) -> None:
    """Makes an archive of `count` passages in `folder`, and `truth.json` beside its database.

    `texts` give the words and `real` the vectors that are mixed; there must be pairs enough of these.
    """
    random = np.random.default_rng(_SEED)
    real, steps = _paired(real, count, random)
    asked = np.stack([encoder.encode_question(question) for question in questions])
    best = {name: _Best(len(questions)) for name in ("all", *SOURCES)}
    words = _Words(texts, random)
    articles = -(-count // PASSAGES)
    with Archive.create(folder, model=encoder) as archive, archive.writing("make") as connection:
        repeated.bring_up(connection)  # else the first add goes through all articles once
        for first in range(0, articles, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, articles))
            block = min(count - first * PASSAGES, len(numbers) * PASSAGES)
            vectors = _mixed(real, np.arange(first * PASSAGES, first * PASSAGES + block), steps, random)
            scores = asked @ vectors.T
            made = [_article(each, min(PASSAGES, count - each * PASSAGES), words) for each in numbers]
            with database.transaction(connection):
                for at, (article, passages) in enumerate(made):
                    of = slice(at * PASSAGES, at * PASSAGES + len(passages))
                    rows.insert_article(connection, article, [], passages, vectors[of])
                next_generation(connection)
            names = np.array([f"{article.id} {each.start}" for article, held in made for each in held])
            sources = np.array([article.source for article, held in made for _ in held])
            for name, nearest in best.items():
                of_it = np.flatnonzero((sources == name) | (name == "all"))
                nearest.see(names[of_it], scores[:, of_it])
            sys.stderr.write(f"\r{folder.name}: {first * PASSAGES + block:,} of {count:,} passages")
    sys.stderr.write("\n")
    truth = {
        "questions": list(questions),
        "nearest": {name: found.names() for name, found in best.items()},
    }
    (folder / "truth.json").write_text(json.dumps(truth))


def _article(number: int, passages: int, words: "_Words") -> tuple[Article, list[Passage]]:
    id, text, found = f"{number:06}", "", []
    for _ in range(passages):
        start = len(text) + bool(text)
        text += " " * bool(text) + words.sentence()
        found.append(Passage(id, start, len(text), (Span(start, len(text)),), is_note=False))
    source = next((name for name, numbers in SOURCES.items() if number % 1_000 in numbers), "other")
    article = Article(
        id=id, text=text, title=words.title(), source=source, author=None, published=None, url=None,
        language="en", sha256=sha256_of(text), origin=Origin("made", number + 1),
    )  # fmt: skip
    return article, found


def mixtures(real: Vectors, count: int) -> Vectors:
    """So many vectors, each mixed of two real ones."""
    random = np.random.default_rng(_SEED)
    real, steps = _paired(real, count, random)
    return _mixed(real, np.arange(count), steps, random)


def _paired(real: Vectors, count: int, random: np.random.Generator) -> tuple[Vectors, NDArray[np.int64]]:
    """The vectors in another order, and how far apart in it those stand that are mixed in each round."""
    steps = 1 + random.permutation((len(real) - 1) // 2)[: -(-count // len(real))]
    if len(steps) * len(real) < count:
        raise ValueError(f"{len(real)} vectors have too few pairs for {count} passages")
    return real[random.permutation(len(real))], steps


def _mixed(
    real: Vectors, numbers: NDArray[np.int64], steps: NDArray[np.int64], random: np.random.Generator
) -> Vectors:
    """A vector for each number, of a real one and the one so many `steps` on: each pair comes once."""
    one = numbers % len(real)
    other = (one + steps[numbers // len(real)]) % len(real)
    share = random.uniform(0.3, 0.7, size=(len(numbers), 1)).astype(np.float32)
    mixed = random.standard_normal(size=(len(numbers), real.shape[1]), dtype=np.float32)
    mixed *= NOISE / np.linalg.norm(mixed, axis=1, keepdims=True)
    mixed += share * real[one] + (1 - share) * real[other]
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    return mixed


class _Words:
    """Sentences of words as frequent as in some texts."""

    def __init__(self, texts: Sequence[str], random: np.random.Generator) -> None:
        counted = Counter(word for text in texts for word in re.findall(r"\w+", text))
        self._known = np.array(list(counted))
        shares = np.array(list(counted.values()), dtype=np.float64)
        self._bounds = np.cumsum(shares) / shares.sum()
        self._random = random
        self._drawn: list[str] = []

    def sentence(self) -> str:
        """WORDS words and a full stop."""
        return " ".join(self._next(WORDS)).capitalize() + "."

    def title(self) -> str:
        """Five words."""
        return " ".join(self._next(5)).capitalize()

    def _next(self, count: int) -> list[str]:
        if len(self._drawn) < count:
            self._drawn = self._known[np.searchsorted(self._bounds, self._random.random(_DRAWN))].tolist()
        taken, self._drawn[-count:] = self._drawn[-count:], []
        return taken


class _Best:
    """The passages nearest to each question, of all that were seen."""

    def __init__(self, questions: int) -> None:
        self._scores: NDArray[np.float64] = np.full((questions, NEAREST), -2.0)
        self._names = np.full((questions, NEAREST), "", dtype="<U24")

    def see(self, names: NDArray[np.str_], scores: Vectors) -> None:
        """Takes in further passages; `scores` has a row for each question."""
        for at, row in enumerate(scores):
            top = np.argpartition(-row, NEAREST)[:NEAREST] if len(row) > NEAREST else np.arange(len(row))
            together = np.concatenate([self._scores[at], row[top]])
            order = np.argsort(-together, kind="stable")[:NEAREST]
            self._scores[at] = together[order]
            self._names[at] = np.concatenate([self._names[at], names[top]])[order]

    def names(self) -> list[list[str]]:
        """Article id and start of each, nearest first."""
        return [[name for name in row if name] for row in self._names.tolist()]
