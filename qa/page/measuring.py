"""Question sets, ours and those that visitors bring, and what measuring on one gave."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from qa.archive import Archive
from qa.page import texts
from qa.sample import QUESTIONS, sample_ids

FOLDER = "questions"
KIND = ".jsonl"
MOST_BYTES = 20_000_000
_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measured:
    """A report as an HTML document of its own, and what the page shows of it."""

    document: str

    @property
    def shown(self) -> str:
        """The document's body: its words are escaped there."""
        body = _BODY.search(self.document)
        words = body[1] if body else ""
        return f'<section class="measured" aria-label="{texts.REPORT}" tabindex="0">{words}</section>'


def question_sets(archive: Archive) -> list[str]:
    """The names of the sets to choose from: those that were brought, and ours on the sample archive."""
    ours = [texts.SAMPLE_SET] if sample_ids(archive) else []
    return ours + sorted(file.name for file in (archive.path / FOLDER).glob(f"*{KIND}"))


def bring(archive: Archive, file: Path) -> str:
    """Keeps a question set beside the archive; one of the same name makes way. Returns its name.

    Raises InputError where it is no such file, or measures nothing here.
    """
    from qa.evaluate.reading import read_question_set  # noqa: PLC0415  (slow to import)

    if file.suffix.lower() != KIND:
        raise InputError(f"{file.name} is no question set; bring a {KIND} file as the template has it")
    if file.stat().st_size > MOST_BYTES:
        raise InputError(f"{file.name} has more than {MOST_BYTES:,} bytes")
    try:
        read_question_set(file)
    except InputError as error:
        raise InputError(str(error).replace(f"{file.parent}/", "")) from None
    folder = archive.path / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        shutil.copyfile(file, folder / file.name)
    except OSError as error:
        raise InputError(f"{file.name} can't be kept in the archive: {error.strerror}") from None
    return file.name


def measure(archive: Archive, name: str, told: Callable[[int, int], None]) -> Measured:
    """Asks the archive every question of a set; `told` hears how far it is.

    Raises InputError where there is no such set, or it can't be measured on.
    """
    from qa.evaluate import evaluate  # noqa: PLC0415  (slow to import)
    from qa.evaluate.report import report_html  # noqa: PLC0415

    if name not in question_sets(archive):
        raise InputError(texts.NO_SET)
    file = QUESTIONS if name == texts.SAMPLE_SET else archive.path / FOLDER / name
    try:
        found = evaluate(file, archive=archive, told=told)
    except InputError as error:
        raise InputError(str(error).replace(f"{archive.path / FOLDER}/", "")) from None
    return Measured(report_html(found.summary, found.rows.rows))


def template() -> str:
    """A question set to start from."""
    from qa.evaluate.own import TEMPLATE  # noqa: PLC0415

    return TEMPLATE.read_text(encoding="utf-8")
