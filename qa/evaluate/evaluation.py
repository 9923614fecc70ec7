"""One call from a question set to a summary, for the command line, the page and Python."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from corpus.errors import InputError
from embeddings.encoder import Encoder, Progress
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa.archive import Archive
from qa.as_json import as_json
from qa.confidence import checked_threshold
from qa.evaluate.archives import archive_of
from qa.evaluate.check import faults
from qa.evaluate.question_set import QuestionSet, QuestionSetError
from qa.evaluate.reading import CACHE, read_question_set
from qa.evaluate.report import report_html
from qa.evaluate.row import Row
from qa.evaluate.running import Rows, Told, run_questions
from qa.evaluate.summary import Summary, summarise
from qa.evaluate.trec import write_qrels, write_run
from qa.parts import ALL, NAMES, Parts
from qa.reader.loading import load_reader
from qa.reader.onnx_reader import NAME as READER
from qa.retriever import MODES, Mode

_SAMPLE_SEED = 20_201_120


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run: its rows, one a question, and what they come to."""

    rows: Rows
    summary: Summary

    def write(self, folder: str | Path) -> None:
        """Writes `summary.json`, `rows.jsonl`, `run.trec`, `qrels.trec` and `report.html` to a folder."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "summary.json").write_text(as_json(self.summary.to_dict()) + "\n", encoding="utf-8")
        with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(_line(row) for row in self.rows.rows)
        write_run(folder / "run.trec", self.rows.ranked, "onrecord")
        write_qrels(folder / "qrels.trec", self.rows.judged)
        (folder / "report.html").write_text(report_html(self.summary, self.rows.rows), encoding="utf-8")


def evaluate(
    dataset: str | Path,
    *,
    archive: Archive | None = None,
    qrels: str | Path | None = None,
    split: str | None = None,
    sample: int | None = None,
    mode: Mode = "hybrid",
    threshold: float | None = None,
    reader: str = READER,
    calibration: str | Path | None = None,
    parts: Parts = ALL,
    on_off: bool = False,
    model: str | Encoder = DEFAULT_MODEL,
    cache: str | Path = CACHE,
    told: Told | None = None,
    encoding: Progress | None = None,
) -> Evaluation:
    """Measures retrieval and answers on a question set.

    A set with a corpus of its own is asked of an archive of that corpus, built once and kept in
    `cache`; any other needs `archive`. `reader` and `calibration` are as Retriever has them,
    `parts` as `ask` has. With `on_off`, each question is also asked without each of the parts that
    has to do with it.
    `sample` draws so many of its questions, the same each time; `told` hears how many questions are
    done, `encoding` how many passages.
    Raises QuestionSetError, naming file and line, where the set can't be measured on.
    """
    if mode not in MODES:
        raise InputError(f"{mode!r} is not a mode; take one of {', '.join(MODES)}")
    if threshold is not None:
        checked_threshold(threshold)
    questions = _sampled(read_question_set(dataset, qrels=qrels, split=split, cache=Path(cache)), sample)
    built = None
    if questions.corpus is not None:
        built = archive_of(questions.corpus, cache=Path(cache), model=model, progress=encoding)
        archive = built
    if archive is None:
        raise QuestionSetError(f"{questions.path} has no corpus of its own; name the archive to ask")
    try:
        wrong = faults(questions.questions, archive.article)
        if wrong:
            more = f" (and {len(wrong) - 1} more; see eval --check)" if len(wrong) > 1 else ""
            raise QuestionSetError(wrong[0] + more)
        chosen = load_reader(reader)
        rows = run_questions(
            questions,
            archive,
            mode=mode,
            threshold=threshold,
            reader=chosen,
            calibration=calibration,
            parts=parts,
            on_off=on_off,
            told=told,
        )
        about = {
            "set": questions.name,
            "path": str(questions.path),
            "archive": archive.name,
            "articles": len(archive),
            "encoder": archive.settings.encoder,
            "reader": chosen.name,
            "reader_sha256": chosen.weights_sha256,
            "mode": mode,
            "threshold": rows.threshold,
            **{name: getattr(parts, name) for name in NAMES},
            "sample": sample,
            "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        }
    finally:
        if built is not None:
            built.close()
    return Evaluation(rows, summarise(rows, about))


def _line(row: Row) -> str:
    return json.dumps(row.to_dict(), ensure_ascii=False, allow_nan=False) + "\n"


def _sampled(questions: QuestionSet, sample: int | None) -> QuestionSet:
    if sample is None or sample >= len(questions.questions):
        return questions
    if sample < 1:
        raise InputError(f"the sample is {sample}; draw at least 1 question")
    places = sorted(Random(_SAMPLE_SEED).sample(range(len(questions.questions)), sample))  # noqa: S311
    return QuestionSet(
        questions.name, questions.path, [questions.questions[at] for at in places], questions.corpus
    )
