"""Collects the differences that answers show on a news archive, and tells how many of them are right.

    .venv/bin/python tests/bench/differences.py collect ARCHIVE QUESTIONS.txt… > pairs.jsonl
    .venv/bin/python tests/bench/differences.py precision ARCHIVE

`collect` asks each line, or each question of a BEIR folder, as a user would, and prints the pairs with
their words for whoever labels them. `precision` reads the labels in news-differences.json, which has
ids, hashes and offsets alone, and compares those pairs anew.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpus.article import Article, Span
from qa import Answerer, Archive, Retriever
from qa.answer import Quote
from qa.differences import compared
from qa.evaluate.reading import read_question_set
from qa.voices import voice_of

LABELS = Path(__file__).parents[1] / "data" / "parts" / "news-differences.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what is named; prints its findings."""
    parser = argparse.ArgumentParser(description="Measure differences on a news archive.")
    parser.add_argument("what", choices=("collect", "precision"))
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", nargs="*", type=Path, help="text files, or BEIR folders")
    options = parser.parse_args(arguments)
    with Archive.open(options.archive) as archive:
        if options.what == "collect":
            for question in asked(options.questions):
                for pair in pairs(archive, question):
                    print(json.dumps(pair, ensure_ascii=False), flush=True)
        else:
            for line in precision(archive):
                print(line)
    return 0


def asked(files: Sequence[Path]) -> Iterator[str]:
    """The questions in those files and folders."""
    for file in files:
        if file.is_dir():
            yield from (question.text for question in read_question_set(file).questions)
        else:
            yield from (line for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def pairs(archive: Archive, question: str) -> Iterator[dict[str, Any]]:
    """The differences of an answer, each side with article, offsets, score and words."""
    answer = Answerer(Retriever(archive)).ask(question)
    for each in answer.differences:
        sides = [side(answer.quotes[value.at]) for value in each.values]
        told = {"said": each.label, "kind": each.kind, "confidence": answer.confidence}
        yield {"question": question, **told, "sides": sides}


def side(quote: Quote) -> dict[str, Any]:
    """What places a quote and its short answer, and its words for who labels them."""
    span = quote.span or Span(quote.start, quote.start)
    return {
        "article": quote.article.id, "sha256": quote.article.sha256, "published": quote.article.published,
        "start": quote.start, "end": quote.end, "span": [span.start, span.end], "score": quote.score,
        "text": quote.text, "short": span.of(quote.article.text), "title": quote.article.title,
    }  # fmt: skip


def precision(archive: Archive) -> Iterator[str]:
    """Of the labelled pairs that are still shown, how many are rightly, by either reading, and which not."""
    for part, labelled in groupby(json.loads(LABELS.read_text(encoding="utf-8")), itemgetter("part")):
        pairs = list(labelled)
        said = [told(archive, pair) for pair in pairs]
        shown = [(pair, label) for pair, label in zip(pairs, said, strict=True) if label is not None]
        right = [pair for pair, label in shown if label == pair["expected"]]
        answers = sum(pair["answers"] for pair in right)
        yield (
            f"{part}: {len(pairs)} labelled, {len(shown)} shown; {len(right)} with the label that the days "
            f"and subjects call for, {answers} of them with two values that answer the question"
        )
        for pair, label in shown:
            if label != pair["expected"]:
                yield f"  {label}, not {pair['expected']}: {pair['question'][-100:]}"


def told(archive: Archive, pair: dict[str, Any]) -> str | None:
    """What is said of a labelled pair today; None where nothing is."""
    quotes = [quoted(archive.article(side["article"]), side) for side in pair["sides"]]
    quotes.append(replace(quotes[0], span=None, score=pair["confidence"]))  # the best of its answer
    differences, _ = compared(pair["question"], quotes)
    return differences[0].label if differences else None


def quoted(article: Article, side: dict[str, Any]) -> Quote:
    """The quote that was labelled, where the article is still the same."""
    if article.sha256 != side["sha256"]:
        raise SystemExit(f"the article {article.id!r} is not the one that was labelled")
    whole = Span(side["start"], side["end"])
    voice = voice_of(article, whole)
    return Quote(article, whole.start, whole.end, Span(*side["span"]), side["score"], voice=voice)


if __name__ == "__main__":
    sys.exit(main())
