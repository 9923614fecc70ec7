"""The commands that move an archive: export, import and migrate."""

import sys
from argparse import Namespace

from qa.cite import one_line
from qa.cli.output import count, note, opened, progress, write, write_json
from qa.exporting import export
from qa.importing import import_archive
from qa.migrating import migrate
from qa.sample import named_address


def export_archive(options: Namespace) -> int:
    """Writes the archive as JSONL."""
    with opened(options) as archive:
        articles = export(archive, options.file, vectors=options.vectors)
    if options.json:
        write_json({"articles": articles, "vectors": options.vectors})
    else:
        write(f"exported {count(articles, 'article')} to {options.file}")
    return 0


def import_file(options: Namespace) -> int:
    """Makes a new archive of an export."""
    place = named_address(options.archive)
    with (
        progress("encoding") as (told, _),
        import_archive(options.file, place, model=options.model, progress=told) as archive,
    ):
        articles, generation = len(archive), archive.generation
    if options.json:
        write_json({"articles": articles, "generation": generation})
    else:
        write(f"imported {count(articles, 'article')} to {place}")
    return 0


def migrate_archive(options: Namespace) -> int:
    """Moves an archive to another address."""
    source, target = named_address(options.source), named_address(options.target)
    with progress("moving") as (told, _):
        moved = migrate(source, target, told=told)
    if options.json:
        facts = {name: getattr(moved, name) for name in moved.__dataclass_fields__}
        write_json({"ok": moved.ok, "from": str(source), "to": str(target), **facts})
    else:
        write(
            f"moved {count(moved.articles, 'article')}, {count(moved.passages, 'passage')} to {target}; "
            f"every row was compared, and {moved.searches} searches"
        )
    for fault in moved.faults:
        sys.stderr.write(f"differs: {one_line(fault)}\n")
    if moved.faults:
        note("it stays unfinished, and nobody reads it; the same command begins it anew")
    if moved.behind:
        note(f"{source} was written to meanwhile: what came since is not in {target}")
    return 0 if moved.ok else 1
