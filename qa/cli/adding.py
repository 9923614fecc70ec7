"""The command add: articles from files, folders and the web, once or as a folder changes."""

import re
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

from corpus.changes import Change, Watch
from corpus.columns import read_columns
from corpus.errors import ArchiveLocked, ArchiveMissing, ArchiveThere, InputError
from corpus.found import Found, shown
from corpus.metadata import NAME as METADATA
from embeddings.loading import load_encoder
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa.adding import AddReport
from qa.address import Address
from qa.archive import Archive
from qa.cite import one_line
from qa.cli.output import count, note, note_unwritten, progress, write, write_json
from qa.cli.ray_options import cluster_of, encoding_of
from qa.expected import Expected
from qa.rows import article_origins
from qa.sample import DEFAULT, named_address, sample_ids

_WEB = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_STORED = re.compile(r"(?:s3|gs)://", re.IGNORECASE)
_NAMED = 5  # articles of a file that is gone
_LOOK = 1.0  # seconds between two looks at a watched folder


def add(options: Namespace) -> int:
    """Stores articles; the archive is made if it is missing."""
    place = named_address(options.archive)
    _check_watch(options)
    found = _found(options)  # a path that is not there is told before an archive is made
    watches = [Watch(Path(path)) for path in options.paths] if options.watch else []
    with ExitStack() as stack:
        cluster = stack.enter_context(cluster_of(options))
        archive, is_new = _opened_or_made(place, options.model)
        stack.enter_context(archive)
        with (
            progress("encoding") as (told, expecting),
            encoding_of(cluster, archive, options, told) as encoding,
        ):
            files = [path for path in options.paths if not _WEB.match(path)]
            expected = Expected(files, told=expecting)
            report = archive.add_found(found, progress=told, expected=expected, encoding=encoding)
        if place.truth == DEFAULT:
            report = _without_briefs(archive, report)
        if report.generation:
            note_unwritten(archive)
        if options.watch:
            _tell(options, report)
            _keep_watching(archive, options, watches)
    if is_new and report.generation == 0:
        with suppress(ArchiveLocked):
            archive.storage.discard()
    _tell(options, report)
    if not any((report.added, report.replaced, report.unchanged, report.failed)):
        raise InputError("no file of a kind that is read was found there; nothing was added")
    if not report.failed:
        return 0
    return 1 if report.added or report.replaced or report.unchanged else 2


def _found(options: Namespace) -> Iterator[Found]:
    from corpus.reading import read_paths  # noqa: PLC0415  (other commands read no files)

    columns = read_columns(options.column)
    addresses = [path for path in options.paths if _WEB.match(path)]
    files = [path for path in options.paths if not _WEB.match(path)]
    found = read_paths(files, prefix=options.prefix, columns=columns)
    stored = [address for address in addresses if _STORED.match(address)]
    if stored:
        from corpus.object_storage import read_storage  # noqa: PLC0415  (brings threads and pyarrow along)

        found = chain(found, read_storage(stored, prefix=options.prefix, columns=columns))
    pages = [address for address in addresses if not _STORED.match(address)]
    if pages:
        from corpus.web import read_addresses  # noqa: PLC0415  (brings http and ssl along)

        found = chain(found, read_addresses(pages, prefix=options.prefix, allowed=options.allow_private))
    return found


def _check_watch(options: Namespace) -> None:
    if options.watch and options.json:
        raise InputError("--watch goes on and on, --json is one document; leave one of them out")
    if options.watch:
        other = next((path for path in options.paths if not Path(path).is_dir()), None)
        if other is not None:
            raise InputError(f"{other} is no folder; --watch takes folders only")


def _keep_watching(archive: Archive, options: Namespace, watches: list[Watch]) -> None:
    """Adds what comes or changes, until interrupted; what is deleted is told, its articles are kept."""
    note("watching; Ctrl-C ends it")
    waiting: dict[Path, Change] = {}
    while True:
        sys.stdout.flush()
        time.sleep(_LOOK)
        for watch in watches:
            change = watch.look()
            _tell_gone(archive, change.gone)
            before = waiting.pop(watch.folder, Change())
            written = change.written | before.written
            if not written:
                continue
            try:
                _tell(options, archive.add_found(_changed(watch.folder, written, options)))
            except ArchiveLocked as error:
                note(f"{error}; trying again")
                waiting[watch.folder] = Change(written)


def _tell_gone(archive: Archive, files: frozenset[Path]) -> None:
    """Tells which files are gone, and the articles of each, which are kept."""
    if not files:
        return
    ids: dict[Path, list[str]] = {file: [] for file in sorted(files)}
    with archive.reading() as connection:
        for id, origin in article_origins(connection):
            for place in (Path(origin), *Path(origin).parents):  # of a ZIP's articles it is one above
                if place in ids:
                    ids[place].append(id)
    for file, held in ids.items():
        kept = ", ".join(held[:_NAMED]) + (f" and {len(held) - _NAMED:,} more" if len(held) > _NAMED else "")
        note(f"{shown(file)} is gone" + (f"; what it gave is kept until `remove ID`: {kept}" if held else ""))


def _changed(folder: Path, written: frozenset[Path], options: Namespace) -> Iterator[Found]:
    from corpus.reading import read_paths  # noqa: PLC0415  (as above)

    everything = any(file.name == METADATA for file in written)  # it tells of files that stayed as they were
    return read_paths(
        [folder],
        prefix=options.prefix,
        columns=read_columns(options.column),
        only=None if everything else written,
    )


def _without_briefs(archive: Archive, report: AddReport) -> AddReport:
    """The sample's briefs make way for the first articles that are not of the sample."""
    briefs = sample_ids(archive)
    if not briefs or not set(report.added) - set(briefs):
        return report
    note(f"the {count(len(briefs), 'sample brief')} made way for your own articles")
    return replace(report, generation=archive.remove(briefs))


def _opened_or_made(place: Address, model: str | None) -> tuple[Archive, bool]:
    """The archive, and whether it was made just now: by us, not by another who was faster."""
    try:
        archive = Archive.open(place)
    except ArchiveMissing:
        try:
            return Archive.create(place, model=model or DEFAULT_MODEL), True
        except ArchiveThere:
            archive = Archive.open(place)
    if model is not None and model != archive.settings.encoder:
        try:
            archive.settings.check_encoder(load_encoder(model))
        except BaseException:
            archive.close()
            raise
    return archive, False


def _tell(options: Namespace, report: AddReport) -> None:
    if options.json:
        write_json(
            {
                "added": report.added,
                "replaced": report.replaced,
                "unchanged": report.unchanged,
                "remarked": report.remarked,
                "failed": [{"path": each.path, "reason": each.reason} for each in report.failed],
                "generation": report.generation,
            }
        )
    else:
        for name in ("added", "replaced", "unchanged"):
            ids = getattr(report, name)
            if ids:
                write(f"{count(len(ids), 'article')} {name}")
        if report.remarked:
            write(f"{count(len(report.remarked), 'article')} marked anew by what their outlet repeats")
    for failure in report.failed:
        sys.stderr.write(f"failed: {one_line(failure.path)}: {one_line(failure.reason)}\n")
    if len(report.failed) > 1:
        note(f"{count(len(report.failed), 'failure')} in all")
    if report.skipped:
        kinds = sorted({Path(path).suffix or Path(path).name for path in report.skipped})
        note(f"{count(len(report.skipped), 'file')} of other kinds left alone ({', '.join(kinds[:8])})")
