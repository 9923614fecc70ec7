"""The commands that keep an archive: add, remove, list, show, info, optimize."""

import shutil
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ArchiveMissing, InputError
from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa.answer import article_facts
from qa.archive import Archive
from qa.cite import one_line, printable
from qa.cli.output import count, note, note_unwritten, opened, progress, write, write_json
from qa.database import NAME as DATABASE
from qa.rows import counts
from qa.sample import DEFAULT, default_archive, sample_ids

if TYPE_CHECKING:
    from qa.adding import AddReport


def add(options: Namespace) -> int:
    """Stores articles; the archive is made if it is missing."""
    folder = Path(options.archive) if options.archive else default_archive()
    missing = [path for path in options.paths if not Path(path).exists()]
    if missing:
        raise InputError(f"{missing[0]}: no such file or folder; check the path")
    is_new = not (folder / DATABASE).exists()
    with _opened_or_made(folder, options.model) as archive, progress("encoding") as (told, expecting):
        report = archive.add(options.paths, prefix=options.prefix, progress=told, expecting=expecting)
        if folder == DEFAULT:
            report = _without_briefs(archive, report)
        note_unwritten(archive)
    if is_new and report.generation == 0:
        shutil.rmtree(folder)
    _tell(options, report)
    if not report.failed:
        return 0
    return 1 if report.added or report.replaced or report.unchanged else 2


def remove(options: Namespace) -> int:
    """Removes articles."""
    with opened(options) as archive:
        generation = archive.remove(options.ids)
        note_unwritten(archive)
    removed = list(dict.fromkeys(options.ids))
    if options.json:
        write_json({"removed": removed, "generation": generation})
    else:
        write(f"removed {count(len(removed), 'article')}")
    return 0


def list_articles(options: Namespace) -> int:
    """Lists the articles by id."""
    with opened(options) as archive:
        listed = archive.articles()
    if options.json:
        write_json([{name: getattr(each, name) for name in each.__dataclass_fields__} for each in listed])
        return 0
    for each in listed:
        known = [each.id, each.published, each.source, each.title]
        write(" · ".join(one_line(fact) for fact in known if fact))
    if not listed:
        note("the archive is empty; add articles with `python -m qa add FOLDER`")
    return 0


def show(options: Namespace) -> int:
    """Shows one article."""
    with opened(options) as archive:
        article, furniture = archive.article(options.id), archive.furniture(options.id)
    if options.json:
        marks = [{"start": mark.start, "end": mark.end, "kind": mark.kind} for mark in furniture]
        facts = {**article_facts(article), "language": article.language, "origin": str(article.origin)}
        write_json({**facts, "text": article.text, "furniture": marks})
        return 0
    for name, value in {**article_facts(article), "origin": str(article.origin)}.items():
        if value is not None:
            write(f"{name + ':':<11}{one_line(value)}")
    write("")
    write("\n".join(map(printable, article.text.splitlines())))
    return 0


def info(options: Namespace) -> int:
    """Tells what the archive holds."""
    with opened(options) as archive:
        with archive.reading() as connection:
            numbers = counts(connection)
        facts: dict[str, Any] = {
            "archive": str(archive.path),
            **numbers,
            "encoder": archive.settings.encoder,
            "weights_sha256": archive.settings.weights_sha256,
            "dimension": archive.settings.dimension,
            "index": archive.settings.index,
            "passage_words": archive.settings.passage_words,
            "format": archive.settings.format,
            "generation": archive.generation,
            "bytes": sum(file.stat().st_size for file in archive.path.rglob("*") if file.is_file()),
        }
    if options.json:
        write_json(facts)
        return 0
    for name, value in facts.items():
        shown = ", ".join(map(one_line, value)) if isinstance(value, list) else one_line(str(value))
        write(f"{name + ':':<17}{shown}")
    return 0


def optimize(options: Namespace) -> int:
    """Makes the indexes anew."""
    with opened(options) as archive:
        archive.optimize()
        generation = archive.generation
    if options.json:
        write_json({"generation": generation})
    else:
        write("the indexes were made anew")
    return 0


def _without_briefs(archive: Archive, report: "AddReport") -> "AddReport":
    """The sample's briefs make way for the first articles that are not of the sample."""
    briefs = sample_ids(archive)
    if not briefs or not set(report.added) - set(briefs):
        return report
    note(f"the {count(len(briefs), 'sample brief')} made way for your own articles")
    return replace(report, generation=archive.remove(briefs))


def _opened_or_made(folder: Path, model: str | None) -> Archive:
    try:
        archive = Archive.open(folder)
    except ArchiveMissing:
        return Archive.create(folder, model=model or DEFAULT_MODEL)
    if model is not None and model != archive.settings.encoder:
        try:
            archive.settings.check_encoder(load_encoder(model))
        except BaseException:
            archive.close()
            raise
    return archive


def _tell(options: Namespace, report: "AddReport") -> None:
    if options.json:
        write_json(
            {
                "added": report.added,
                "replaced": report.replaced,
                "unchanged": report.unchanged,
                "failed": [{"path": each.path, "reason": each.reason} for each in report.failed],
                "generation": report.generation,
            }
        )
    else:
        for name in ("added", "replaced", "unchanged"):
            ids = getattr(report, name)
            if ids:
                write(f"{count(len(ids), 'article')} {name}")
    for failure in report.failed:
        sys.stderr.write(f"failed: {one_line(failure.path)}: {one_line(failure.reason)}\n")
    if report.skipped:
        kinds = sorted({Path(path).suffix or Path(path).name for path in report.skipped})
        note(f"{count(len(report.skipped), 'file')} of other kinds left alone ({', '.join(kinds[:8])})")
    if not (report.added or report.replaced or report.unchanged or report.failed):
        raise InputError("no .txt, .md or .jsonl file was found there; nothing was added")
