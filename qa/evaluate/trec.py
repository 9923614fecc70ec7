"""TREC: a topics file and a qrels file, asked of an archive; and files that trec_eval and ranx read."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from qa.evaluate.question_set import Question, QuestionSet, QuestionSetError

_TOPIC = re.compile(r"<top>(.*?)</top>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*(.*?)\s*(?=<|\Z)", re.DOTALL | re.IGNORECASE)


def read_trec(topics: Path, qrels: Path) -> QuestionSet:
    """The topics (`<top>` records, or `id<TAB>question` lines) with the qrels' judgements.

    Raises QuestionSetError, naming file and line.
    """
    judged: dict[str, dict[str, int]] = {}
    places: dict[str, dict[str, str]] = {}
    for number, line in enumerate(qrels.read_text(encoding="utf-8-sig").splitlines(), 1):
        fields = line.split()
        if not fields:
            continue
        if len(fields) != 4 or not re.fullmatch(r"-?\d+", fields[3]):
            raise QuestionSetError(
                f"{qrels}:{number}: expected `topic 0 document relevance`, found {line[:60]!r}"
            )
        topic, _, document, relevance = fields
        if document in judged.setdefault(topic, {}):
            raise QuestionSetError(f"{qrels}:{number}: {topic!r} and {document!r} are judged twice")
        judged[topic][document] = int(relevance)
        places.setdefault(topic, {})[document] = f"{qrels}:{number}"
    questions = [
        Question(
            id=id,
            text=text,
            answers=(),
            gold=(),
            judged=judged.get(id, {}),
            answerable=any(relevance > 0 for relevance in judged.get(id, {}).values()) or None,
            kind=None,
            place=place,
            judged_at=places.get(id, {}),
        )
        for id, text, place in _topics(topics)
    ]
    known = {question.id for question in questions}
    for topic, of in places.items():
        if topic not in known:
            place = next(iter(of.values()))
            raise QuestionSetError(
                f"{place}: the topic {topic!r} is not in {topics.name}; add it or remove the line"
            )
    return QuestionSet(topics.stem, topics, questions, corpus=None)


def write_run(path: Path, ranked: Mapping[str, Iterable[tuple[str, float]]], name: str) -> None:
    """A TREC run: `topic Q0 document rank score name`; scores strictly decrease within a topic."""
    with path.open("w", encoding="utf-8") as file:
        for topic, documents in ranked.items():
            for rank, (document, score) in enumerate(documents, 1):
                file.write(f"{_field(topic)} Q0 {_field(document)} {rank} {score:.6f} {name}\n")


def write_qrels(path: Path, judged: Mapping[str, Mapping[str, int]]) -> None:
    """TREC qrels: `topic 0 document relevance`."""
    with path.open("w", encoding="utf-8") as file:
        for topic, documents in judged.items():
            for document, relevance in documents.items():
                file.write(f"{_field(topic)} 0 {_field(document)} {relevance}\n")


def _topics(path: Path) -> list[tuple[str, str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    if not _TOPIC.search(text):
        return _lines(path, text)
    found = []
    for match in _TOPIC.finditer(text):
        place = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
        number, title = _NUMBER.search(match.group(1)), _TITLE.search(match.group(1))
        if number is None or title is None or not title.group(1).strip():
            raise QuestionSetError(f"{place}: the topic has no <num> or no <title>")
        found.append((number.group(1), " ".join(title.group(1).split()), place))
    return found


def _lines(path: Path, text: str) -> list[tuple[str, str, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        id, tab, question = line.partition("\t")
        if line.strip() and not (tab and id.strip() and question.strip()):
            raise QuestionSetError(f"{path}:{number}: expected an id, a tab and a question")
        if line.strip():
            found.append((id.strip(), question.strip(), f"{path}:{number}"))
    return found


def _field(id: str) -> str:
    """The id with white space percent-encoded, as TREC's files can't carry it."""
    return re.sub(r"\s", lambda found: quote(found.group()), id)
