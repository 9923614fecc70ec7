"""SQuAD 1.1 and 2.0: JSON files of paragraphs, each with questions and answers at offsets."""

import hashlib
import json
from pathlib import Path
from typing import Any

from corpus.facts import check_unicode
from qa.evaluate.question_set import Gold, Question, QuestionSet, QuestionSetError


def read_squad(path: Path, *, corpus: Path) -> QuestionSet:
    """The questions in a SQuAD file; its paragraphs are written to `corpus` as BEIR JSONL.

    Raises QuestionSetError where the file is not SQuAD's.
    """
    questions, lines = [], {}
    for title, paragraph in _paragraphs(path):
        context = paragraph["context"]
        check_unicode(context, f"{path}: the paragraph {context[:40]!r}")
        id = hashlib.sha256(context.encode()).hexdigest()[:16]
        lines[id] = json.dumps({"_id": id, "title": title, "text": context}, ensure_ascii=False)
        questions += [_question(found, id, context, path) for found in paragraph["qas"]]
    corpus.parent.mkdir(parents=True, exist_ok=True)
    corpus.write_text("".join(f"{line}\n" for line in lines.values()), encoding="utf-8")
    return QuestionSet(path.stem, path, questions, corpus)


def _paragraphs(path: Path) -> list[tuple[str | None, dict[str, Any]]]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise QuestionSetError(f"{path}: the file is not JSON ({error}); mend or export it anew") from None
    try:
        found = [
            (article.get("title"), paragraph)
            for article in whole["data"]
            for paragraph in article["paragraphs"]
        ]
        for _, paragraph in found:
            if not isinstance(paragraph["context"], str) or not isinstance(paragraph["qas"], list):
                raise TypeError
    except (KeyError, TypeError, AttributeError):
        raise QuestionSetError(
            f"{path} is not a SQuAD file: expected data, paragraphs, context and qas"
        ) from None
    return found


def _question(found: dict[str, Any], id: str, context: str, path: Path) -> Question:
    try:
        name, text = str(found["id"]), str(found["question"])
        given = [] if found.get("is_impossible") else found["answers"]
        answers = [(str(answer["text"]), int(answer["answer_start"])) for answer in given]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise QuestionSetError(
            f"{path}: a question of the paragraph {context[:40]!r} lacks its id, question or answers"
        ) from None
    place = f"{path}: question {name!r}"
    check_unicode(name + text, place)
    for answer, start in answers:
        if start < 0 or context[start : start + len(answer)] != answer:
            raise QuestionSetError(f"{place}: its answer {answer[:40]!r} is not at offset {start}")
    return Question(
        id=name,
        text=text,
        answers=tuple(dict.fromkeys(answer for answer, _ in answers)),
        gold=tuple(Gold(id, answer, start) for answer, start in dict.fromkeys(answers)),
        judged={id: 1} if answers else {},
        answerable=bool(answers),
        kind=None,
        place=place,
        judged_at={id: place} if answers else {},
    )
