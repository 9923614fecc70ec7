"""Ours, measured as the peers are: python our_peer.py DATASET FOLDER. An archive in the folder is opened."""

import sys
import time
from pathlib import Path

from common import load, report

dataset, folder = Path(sys.argv[1]), Path(sys.argv[2]) / "archive"
docs, queries, qrels = load(dataset)
start = time.perf_counter()
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from qa import Archive, Retriever  # noqa: E402  (its import is part of the start)

is_built = folder.is_dir()
archive = Archive.open(folder) if is_built else Archive.create(folder)
archive.encoder.encode_question("warm up")
load_s = time.perf_counter() - start
start = time.perf_counter()
if not is_built:
    archive.add(dataset / "corpus.jsonl")
index_s = time.perf_counter() - start
retriever = Retriever(archive, remembered=0)


def search(question):
    """Ids of the articles of the ten best passages, as the peers are asked for ten documents."""
    return [hit.article_id for hit in retriever.search(question)]


report("onrecord", search, queries, qrels, load_s=load_s, index_s=index_s, docs=len(docs))
