"""On real questions an archive in PostgreSQL answers as one in a folder does: the same bytes."""

import json

import pytest

from qa import Answerer, Archive, Retriever
from qa.retriever import MODES

QUESTIONS = 60  # of 486, evenly spread


@pytest.mark.slow
def test_onestopqa_is_answered_alike(shared, new_address, tmp_path):
    folder = shared / "data" / "dev" / "onestopqa"
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    with Archive.create(tmp_path / "archive") as archive, Archive.create(new_address()) as served:
        corpus = folder / "corpus.jsonl"
        assert archive.add(corpus).added == served.add(corpus).added
        ours = Retriever(archive)
        theirs = Retriever(served, reader=ours.reader)
        answerers = [Answerer(each, threshold=0) for each in (ours, theirs)]
        for question in questions[:: len(questions) // QUESTIONS][:QUESTIONS]:
            here, there = (answerer.ask(question).to_json() for answerer in answerers)
            assert here == there
            for mode in MODES:
                assert ours.search(question, mode=mode) == theirs.search(question, mode=mode)
