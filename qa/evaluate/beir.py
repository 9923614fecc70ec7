"""Question sets in BEIR's layout: a folder with `queries.jsonl`, `qrels*.tsv` and maybe a corpus."""

from collections.abc import Iterator
from pathlib import Path

from corpus.errors import InputError
from corpus.jsonl import records
from qa.evaluate.fields import optional_text, required_text, strings
from qa.evaluate.question_set import Gold, Question, QuestionSet, QuestionSetError

QUERIES, CORPUS = "queries.jsonl", "corpus.jsonl"


def read_beir(folder: Path, *, split: str | None = None) -> QuestionSet:
    """The set in a folder; `split` chooses among several qrels files (`qrels/test.tsv`).

    A question's `selected_sentences` and `evidence_span` are gold quotes; one without qrels is
    unanswerable only if it says so, and answerable only if a document of the corpus is relevant.
    Raises QuestionSetError, naming file and line.
    """
    judgements, qrels = _judgements(folder, split)
    corpus = folder / CORPUS
    known = _ids(corpus) if corpus.is_file() else None
    questions = []
    for number, record in records(folder / QUERIES):
        place = f"{folder / QUERIES}:{number}"
        if isinstance(record, InputError):
            raise QuestionSetError(f"{place}: {record}")
        id = required_text(record, "_id" if "_id" in record else "id", place)
        judged = judgements.pop(id, {})
        questions.append(_question(record, id, judged, qrels, place))
        for document, (_, line) in judged.items():
            if known is not None and document not in known:
                raise QuestionSetError(
                    f"{qrels}:{line}: the document {document!r} is not in {corpus.name}; "
                    "add it or remove the line"
                )
    for id, judged in judgements.items():
        line = next(iter(judged.values()))[1]
        raise QuestionSetError(
            f"{qrels}:{line}: the question {id!r} is not in {QUERIES}; add it or remove the line"
        )
    return QuestionSet(folder.resolve().name, folder, questions, corpus if corpus.is_file() else None)


def _question(
    record: dict[str, object], id: str, judged: dict[str, tuple[int, int]], qrels: Path, place: str
) -> Question:
    quotes = [*strings(record, "selected_sentences", place), *strings(record, "evidence_span", place)]
    answerable = record.get("answerable")
    if answerable is not None and not isinstance(answerable, bool):
        raise QuestionSetError(f"{place}: 'answerable' is {answerable!r}, expected true or false")
    relevant = any(relevance > 0 for relevance, _ in judged.values())
    return Question(
        id=id,
        text=required_text(record, "text", place),
        answers=strings(record, "answers", place),
        gold=tuple(Gold(None, quote, None) for quote in quotes),
        judged={document: relevance for document, (relevance, _) in judged.items()},
        answerable=answerable if answerable is False else relevant or None,
        kind=optional_text(record, "kind") or optional_text(record, "type"),
        place=place,
        judged_at={document: f"{qrels}:{line}" for document, (_, line) in judged.items()},
    )


def _judgements(folder: Path, split: str | None) -> tuple[dict[str, dict[str, tuple[int, int]]], Path]:
    """Relevance and line by question and document, and the file they are from."""
    path = _qrels_file(folder, split)
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for number, question, document, relevance in _rows(path):
        if document in found.setdefault(question, {}):
            raise QuestionSetError(f"{path}:{number}: {question!r} and {document!r} are judged twice")
        found[question][document] = (relevance, number)
    return found, path


def _qrels_file(folder: Path, split: str | None) -> Path:
    found = sorted([*folder.glob("qrels*.tsv"), *folder.glob("qrels/*.tsv")])
    if split is None and folder / "qrels.tsv" in found:
        return folder / "qrels.tsv"
    if split is not None:
        found = [path for path in found if path.stem in (split, f"qrels-{split}", f"qrels.{split}")]
    if len(found) != 1:
        named = "" if split is None else f" for the split {split!r}"
        there = ", ".join(path.name for path in found) or "none"
        raise QuestionSetError(
            f"{folder}: expected one qrels file{named}, found {there}; "
            + ("choose one with --split" if found else "add qrels.tsv, or qrels/NAME.tsv for --split NAME")
        )
    return found[0]


def _rows(path: Path) -> Iterator[tuple[int, str, str, int]]:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        fields = line.split("\t")
        if not line.strip() or (number == 1 and fields[0] == "query-id"):
            continue
        if len(fields) != 3:
            raise QuestionSetError(
                f"{path}:{number}: expected question, document and score between tabs, "
                f"found {len(fields)} fields"
            )
        try:
            yield number, fields[0], fields[1], int(float(fields[2]))
        except (ValueError, OverflowError):
            raise QuestionSetError(f"{path}:{number}: the score {fields[2]!r} is not a number") from None


def _ids(corpus: Path) -> set[str]:
    return {
        str(record.get("_id", record.get("id")))
        for _, record in records(corpus)
        if not isinstance(record, InputError)
    }
