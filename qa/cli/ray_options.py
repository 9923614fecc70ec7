"""The options by which `add` encodes on Ray, and what they ask for."""

import os
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError
from embeddings.encoder import Progress
from qa.archive import Archive
from qa.cite import one_line
from qa.encoding import OpensEncoding
from qa.spool import FOLDER

if TYPE_CHECKING:
    from qa.on_ray.cluster import Cluster

_OWN = ""  # in place of an address: a cluster of this machine's own
_ADDRESS = re.compile(r"(?:\[[0-9a-f:]+\]|[a-z0-9._-]+):\d{1,5}", re.IGNORECASE)


def take_options(add: ArgumentParser) -> None:
    """Adds the options."""
    add.add_argument(
        "--ray",
        metavar="HOST:PORT",
        help="encode with the workers of that Ray cluster, or (without an address) of this machine; "
        "needs requirements-scale.txt",
    )
    add.add_argument(
        "--workers", type=int, metavar="N", help="how many workers --ray uses (default: one a core)"
    )
    add.add_argument(
        "--spool",
        metavar="DIR",
        help="a folder that all machines see, for what --ray has encoded and not stored yet "
        "(default: in the archive's folder)",
    )


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """The arguments, with `--ray=` for a `--ray` that no address follows."""
    if arguments[:1] != ["add"]:
        return list(arguments)
    spelled: list[str] = []
    for at, argument in enumerate(arguments):
        if argument == "--":
            return [*spelled, *arguments[at:]]
        following = arguments[at + 1] if at + 1 < len(arguments) else ""
        alone = argument == "--ray" and not (_ADDRESS.fullmatch(following) and not Path(following).exists())
        spelled.append(f"--ray={_OWN}" if alone else argument)
    return spelled


@contextmanager
def cluster_of(options: Namespace) -> Iterator["Cluster | None"]:
    """The cluster that is asked for, while in the block; None where none is.

    Raises InputError where the options don't go together, ClusterError where there is no such cluster.
    """
    if options.ray is None:
        if options.workers is not None or options.spool is not None:
            raise InputError("--workers and --spool go with --ray; add --ray, or leave them out")
        yield None
        return
    if options.ray != _OWN and not _ADDRESS.fullmatch(options.ray):
        raise InputError(
            f"{one_line(options.ray)!r} is no HOST:PORT of a Ray cluster; leave it out for this machine alone"
        )
    if options.workers is not None and options.workers < 1:
        raise InputError(f"--workers is {options.workers}, expected 1 or more")
    if options.spool is not None and not Path(options.spool).is_dir():
        raise InputError(f"--spool {options.spool}: no such folder; make it, and mount it on every machine")
    if options.watch:
        raise InputError("--watch adds a few articles at a time, without Ray; leave one of them out")
    from qa.on_ray.cluster import joined  # noqa: PLC0415  (only who asks for it)

    # Ray tells of lost workers on stdout, which is for results alone.
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        joined(options.ray or None, workers=options.workers) as cluster,
    ):
        yield cluster


@contextmanager
def encoding_of(
    cluster: "Cluster | None", archive: Archive, options: Namespace, told: Progress | None
) -> Iterator[OpensEncoding | None]:
    """What encodes for the archive there; None where there is no cluster."""
    if cluster is None:
        yield None
        return
    from qa.on_ray.encoding import encoding_on  # noqa: PLC0415  (as above)

    folder = Path(options.spool) if options.spool else archive.path / FOLDER
    with encoding_on(
        cluster, lambda: archive.encoder, folder, must_share=options.spool is not None, progress=told
    ) as encoding:
        yield encoding
