"""The commands that move an archive: export and import."""

from argparse import Namespace
from pathlib import Path

from qa.cli.output import count, opened, progress, write, write_json
from qa.exporting import export
from qa.importing import import_archive
from qa.sample import default_archive


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
    folder = Path(options.archive) if options.archive else default_archive()
    with (
        progress("encoding") as (told, _),
        import_archive(options.file, folder, model=options.model, progress=told) as archive,
    ):
        articles, generation = len(archive), archive.generation
    if options.json:
        write_json({"articles": articles, "generation": generation})
    else:
        write(f"imported {count(articles, 'article')} to {folder}")
    return 0
