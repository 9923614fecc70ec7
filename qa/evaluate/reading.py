"""A question set from whatever a user names: BEIR folder, SQuAD file, TREC pair or our own JSONL."""

import hashlib
from pathlib import Path

from qa.evaluate.beir import QUERIES, read_beir
from qa.evaluate.own import questions_or_errors, read_own
from qa.evaluate.question_set import Question, QuestionSet, QuestionSetError, checked, repeated_ids
from qa.evaluate.squad import read_squad
from qa.evaluate.trec import read_trec

CACHE = Path("var") / "eval"


def read_question_set(
    path: str | Path, *, qrels: str | Path | None = None, split: str | None = None, cache: Path = CACHE
) -> QuestionSet:
    """The set at `path`, whatever its form; `qrels` goes with a TREC topics file.

    Raises QuestionSetError where there is none, or it can't be measured on.
    """
    path = Path(path)
    if not path.exists():
        raise QuestionSetError(f"{path}: no such file or folder; check the path")
    try:
        return checked(_read(path, None if qrels is None else Path(qrels), split, cache))
    except UnicodeDecodeError:
        raise QuestionSetError(f"{path} is not UTF-8; save it as UTF-8") from None


def read_what_can_be(
    path: str | Path, *, qrels: str | Path | None = None, split: str | None = None, cache: Path = CACHE
) -> tuple[QuestionSet, list[str]]:
    """The set at `path`, and what is wrong with it: of our own form every line, of others the first."""
    path = Path(path)
    if path.suffix == ".jsonl" and path.is_file() and qrels is None:
        found = list(questions_or_errors(path))
        questions = [each for each in found if isinstance(each, Question)]
        wrong = [str(each) for each in found if isinstance(each, QuestionSetError)]
        wrong += repeated_ids(questions)
        if wrong:
            return QuestionSet(path.stem, path, questions, corpus=None), wrong
    try:
        return read_question_set(path, qrels=qrels, split=split, cache=cache), []
    except QuestionSetError as error:
        return QuestionSet(path.stem, path, [], corpus=None), [str(error)]


def _read(path: Path, qrels: Path | None, split: str | None, cache: Path) -> QuestionSet:
    if split is not None and not path.is_dir():
        raise QuestionSetError(f"{path}: --split chooses among a BEIR folder's qrels; leave it out")
    if path.is_dir():
        if qrels is not None:
            raise QuestionSetError(f"{path}: --qrels goes with a TREC topics file; leave it out")
        if not (path / QUERIES).is_file():
            raise QuestionSetError(f"{path}: there is no {QUERIES} in it; name a BEIR folder")
        return read_beir(path, split=split)
    if qrels is not None:
        if not qrels.is_file():
            raise QuestionSetError(f"{qrels}: no such file; name the qrels that go with {path.name}")
        return read_trec(path, qrels)
    if path.suffix == ".json":
        key = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        return read_squad(path, corpus=cache / f"{path.stem}-{key}" / "corpus.jsonl")
    if path.suffix == ".jsonl":
        return read_own(path)
    raise QuestionSetError(
        f"{path}: a question set is a BEIR folder, a SQuAD .json, our own .jsonl, "
        "or a TREC topics file with --qrels"
    )
