"""The sample archive: briefs written for this project, so that a first run has something to answer."""

import os
import shutil
from pathlib import Path

from corpus.errors import ArchiveError, ArchiveMissing
from embeddings.encoder import Encoder, Progress
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa.address import Address
from qa.archive import Archive
from qa.database import NAME as DATABASE
from qa.rows import article_origins

ARTICLES = Path(__file__).resolve().parent.parent / "corpus" / "articles"
QUESTIONS = Path(__file__).parent / "evaluate" / "sample.jsonl"  # 60 about the briefs, 18 without an answer
DEFAULT = Path("var") / "archive"


def named_address(named: str | Path | Address | None) -> Address:
    """Where the archive is that was named, else that a command uses: `$QA_ARCHIVE`, else `var/archive`."""
    return Address.parse(named or os.environ.get("QA_ARCHIVE") or DEFAULT)


def open_archive(
    named: str | Path | Address | None,
    *,
    model: str | Encoder = DEFAULT_MODEL,
    progress: Progress | None = None,
) -> Archive:
    """The archive that was named, else the default one, built from the sample if it is missing.

    Raises ArchiveMissing where one that was named, by the caller or by `$QA_ARCHIVE`, is not there.
    """
    if named is not None or os.environ.get("QA_ARCHIVE"):
        return Archive.open(named_address(named))
    try:
        return Archive.open(DEFAULT)
    except ArchiveMissing:
        build_sample(DEFAULT, model=model, progress=progress)
        return Archive.open(DEFAULT)


def build_sample(
    folder: Path, *, model: str | Encoder = DEFAULT_MODEL, progress: Progress | None = None
) -> None:
    """Makes the sample archive in `folder`, which appears only when it is whole.

    Raises ArchiveError where something else is in the way.
    """
    is_taken = (folder.is_dir() and any(folder.iterdir())) or folder.is_file()
    if is_taken and not (folder / DATABASE).is_file():
        raise ArchiveError(
            f"{folder} holds something that is no archive and is in the way; move it elsewhere"
        )
    new = folder.with_name(f"{folder.name}.building-{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    try:
        with Archive.create(new, model=model) as archive:
            archive.add(ARTICLES, progress=progress)
        new.rename(folder)
    except OSError:
        if not (folder / DATABASE).is_file():  # another process may have been first
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def sample_ids(archive: Archive) -> list[str]:
    """The ids of the sample's briefs in an archive."""
    with archive.reading() as connection:
        origins = article_origins(connection)
    return [id for id, origin in origins if is_brief(origin)]


def is_brief(origin: str) -> bool:
    """Whether an article of that origin (a path or URL) is one of the sample's briefs."""
    return Path(origin).parent == ARTICLES
