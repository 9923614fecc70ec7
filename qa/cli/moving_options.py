"""What can be typed after `export`, `import` and `migrate`."""

from argparse import ArgumentParser


def take_options(export: ArgumentParser, import_: ArgumentParser, migrate: ArgumentParser) -> None:
    """Gives the commands their arguments."""
    export.add_argument("file", metavar="FILE", help="the JSONL file to write")
    export.add_argument(
        "--vectors", action="store_true", help="with the vectors, so that an import encodes nothing"
    )
    import_.add_argument("file", metavar="FILE", help="what `export` wrote")
    import_.add_argument(
        "--model", metavar="NAME", help="another encoder, by name or folder (default: the export's)"
    )
    migrate.add_argument("source", metavar="FROM", help="the archive to move: its folder, or postgresql://…")
    migrate.add_argument("target", metavar="TO", help="a new folder, or a database without one")
