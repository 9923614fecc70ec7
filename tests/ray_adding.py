"""A program that adds a folder on Ray with an encoder that takes its time and writes down what it encoded.

python tests/ray_adding.py ARCHIVE FOLDER LOG SECONDS [HOST:PORT]
"""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from corpus.reading import read_paths
from embeddings.hashed_words import HashedWordsEncoder
from qa import Archive, adding
from qa.on_ray import dispatch
from qa.on_ray.cluster import joined
from qa.on_ray.encoding import encoding_on
from qa.on_ray.worker import PROBE

BATCH = 100  # passages of a commit
WORKERS = 2
TRIES = 2
POISON = "Whoever encodes this dies"


@dataclass(frozen=True)
class Logged:
    """What a worker calls for its encoder."""

    log: Path
    seconds: float  # of a text

    def __call__(self):
        return LoggedEncoder(self.log, self.seconds)


class LoggedEncoder(HashedWordsEncoder):
    """Hashed words, slowly; each text it has encoded is a line of the log after the process's number.

    The log is written as the last step of a block.
    """

    def __init__(self, log, seconds):
        super().__init__()
        self.log, self.seconds = log, seconds

    def encode_passages(self, texts, progress=None):
        if any(POISON in text for text in texts):
            os._exit(1)
        time.sleep(self.seconds * len(texts))
        vectors = super().encode_passages(texts, progress)
        if list(texts) == [PROBE]:  # every worker's first
            return vectors
        with self.log.open("ab", buffering=0) as log:
            log.write("".join(f"{os.getpid()} {text}\n" for text in texts).encode())
        return vectors


def main(folder, articles, log, seconds, address=None):
    adding._BATCH, dispatch.TRIES = BATCH, TRIES
    load = Logged(Path(log), float(seconds))
    with (
        joined(address, workers=WORKERS) as cluster,
        Archive.open(folder) as archive,
        encoding_on(cluster, lambda: archive.encoder, archive.path / "encoded", load=load) as encoding,
    ):
        report = archive.add_found(read_paths([articles]), encoding=encoding)
    for each in report.failed:
        print(each.path, each.reason)
    print(len(report.added), "added", len(report.unchanged), "unchanged", len(report.failed), "failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
