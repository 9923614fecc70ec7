"""SQuAD 1.1 and 2.0: JSON files of paragraphs, each with questions and answers at offsets."""

import hashlib
import json
from pathlib import Path
from typing import Any

from qa.evaluate.question_set import Question, QuestionSet, QuestionSetError


def read_squad(path: Path, *, corpus: Path) -> QuestionSet:
    """The questions in a SQuAD file; its paragraphs are written to `corpus` as BEIR JSONL.

    Raises QuestionSetError where the file is not SQuAD's.
    """
    questions, lines = [], {}
    for title, paragraph in _paragraphs(path):
        context = paragraph["context"]
        id = hashlib.sha256(context.encode("utf-8", "replace")).hexdigest()[:16]
        lines[id] = json.dumps({"_id": id, "title": title, "text": context}, ensure_ascii=False)
        questions += [_question(found, id, context, path) for found in paragraph["qas"]]
    corpus.parent.mkdir(parents=True, exist_ok=True)
    corpus.write_text("".join(f"{line}\n" for line in lines.values()), encoding="utf-8")
    return QuestionSet(path.stem, path, questions, corpus)


def _paragraphs(path: Path) -> list[tuple[str | None, dict[str, Any]]]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
        found = [
            (article.get("title"), paragraph)
            for article in whole["data"]
            for paragraph in article["paragraphs"]
        ]
        for _, paragraph in found:
            if not isinstance(paragraph["context"], str) or not isinstance(paragraph["qas"], list):
                raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise QuestionSetError(
            f"{path} is not a SQuAD file: expected data, paragraphs, context and qas"
        ) from None
    return found


def _question(found: dict[str, Any], id: str, context: str, path: Path) -> Question:
    try:
        answers = [(str(answer["text"]), int(answer["answer_start"])) for answer in found.get("answers", [])]
        name, text = str(found["id"]), str(found["question"])
    except (KeyError, TypeError, ValueError):
        raise QuestionSetError(
            f"{path}: a question of the paragraph {context[:40]!r} lacks a field"
        ) from None
    for answer, start in answers:
        if context[start : start + len(answer)] != answer:
            raise QuestionSetError(f"{path}: question {name!r}: its answer is not at offset {start}")
    impossible = bool(found.get("is_impossible", False)) or not answers
    return Question(
        id=name,
        text=text,
        answers=tuple(dict.fromkeys(answer for answer, _ in answers)),
        gold=(),
        judged={} if impossible else {id: 1},
        answerable=not impossible,
        kind=None,
        place=str(path),
    )
