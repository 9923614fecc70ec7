"""What must always hold, whatever is asked and however the archive was filled."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import sha256_of
from qa import Answerer, Archive, Retriever
from qa.doctor import diagnose
from qa.retriever import MODES

ROOT = Path(__file__).parent.parent
VELL = ROOT / "tests" / "data" / "vell"
SENTENCES = [
    "Mayor Ona Brisk opened the harbour of Vell on Tuesday.",
    "The harbour of Vell was opened on Tuesday by Mayor Ona Brisk.",
    "She said that the wall had cost 48 million crowns.",
    "Nobody counted the gulls on the pier.",
    "Tram drivers in Marrow walked out for three days.",
    "They want more pay for night shifts.",
    "Мэр Она Бриск открыла мост во вторник.",
    "“We lost two summers,” said Tam Reddick.",
    "Sign up for our newsletter and never miss a tide.",
    "Pia Corder is a journalist and author of a book on storms.",
]
QUESTIONS = [
    "Who opened the harbour of Vell?",
    "How many crowns did the wall cost?",
    "Кто открыл мост?",
    "Did tram drivers lose summers, said Reddick?",
    "newsletter journalist storms",
    "What did nobody foresee?",
]
SOURCES = [None, "Tern Gazette", "Marrow Post"]
DATES = [None, "2031", "2031-04", "2031-04-02"]

texts = (
    st.lists(st.sampled_from([*SENTENCES, "\n\n"]), min_size=1, max_size=14).map(" ".join).filter(str.strip)
)
records = st.fixed_dictionaries(
    {
        "text": texts,
        "title": st.sampled_from([None, "Harbour", "Trams"]),
        "source": st.sampled_from(SOURCES),
        "published": st.sampled_from(DATES),
    }
)
collections = st.dictionaries(st.sampled_from("abcdefgh"), records, min_size=1, max_size=6)


def write(folder, id, record):
    """An article in a file of its own, which is its origin in every archive."""
    (folder / f"{id}.jsonl").write_text(json.dumps({"id": id, **record}), encoding="utf-8")
    return folder / f"{id}.jsonl"


def made(folder, collection, place=None):
    """An archive of the collection, made in one go."""
    (folder / "articles").mkdir(exist_ok=True)
    files = [write(folder / "articles", id, record) for id, record in collection.items()]
    archive = Archive.create(place or folder / "archive", model="hashed-words")
    archive.add(files)
    return archive


def rows_of(archive):
    """All that is stored, whatever stores it."""
    tables = ("settings", "articles", "furniture", "passages", "forms", "form_articles")
    with archive.reading() as connection:
        return [sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in tables]


def everything_said(archive):
    """All answers, byte for byte, and all rankings with their scores."""
    retriever = Retriever(archive)
    said = [
        Answerer(retriever, threshold=share).ask(question).to_json()
        for question in QUESTIONS
        for share in (0, 1)
    ]
    for question in QUESTIONS:
        for mode in MODES:
            hits = retriever.search(question, 7, mode=mode)
            said.append(
                [(hit.article_id, hit.start, hit.end, hit.score, hit.dense, hit.lexical) for hit in hits]
            )
    return said


@given(collection=collections, threshold=st.sampled_from([0, 0.2, 0.5]))
@settings(max_examples=15)
def test_a_quote_is_a_slice_of_its_article_and_its_hash_matches(
    tmp_path_factory, new_place, collection, threshold
):
    with made(tmp_path_factory.mktemp("slices"), collection, new_place()) as archive:
        for question in QUESTIONS:
            answer = json.loads(Answerer(Retriever(archive), threshold=threshold).ask(question).to_json())
            for shown in [*answer["quotes"], *answer["related"]]:
                text = collection[shown["article"]["id"]]["text"]
                assert shown["text"] == text[shown["start"] : shown["end"]]
                assert shown["article"]["sha256"] == sha256_of(text)
                assert SENTENCES[8] not in shown["text"]
            # Every number shown is that of exactly one quote, and no two quotes share a character.
            assert [quote["n"] for quote in answer["quotes"]] == list(range(1, len(answer["quotes"]) + 1))
            places = sorted(
                (quote["article"]["id"], quote["start"], quote["end"]) for quote in answer["quotes"]
            )
            assert all(one[0] != two[0] or one[2] <= two[1] for one, two in pairwise(places))
            assert (
                answer["abstained"] is (answer["confidence"] < answer["threshold"]) is (not answer["quotes"])
            )


@given(collection=collections)
@settings(max_examples=4)
def test_the_same_question_gives_the_same_bytes(tmp_path_factory, collection):
    with made(tmp_path_factory.mktemp("same"), collection) as archive:
        once = everything_said(archive)
        assert everything_said(archive) == once
        with Archive.open(archive.path) as again:
            assert everything_said(again) == once


@pytest.mark.slow
@given(collection=collections)
@settings(max_examples=4)
def test_a_server_gives_the_same_bytes_as_a_folder(tmp_path_factory, new_address, collection):
    folder = tmp_path_factory.mktemp("both")
    with made(folder, collection) as archive, made(folder, collection, new_address()) as served:
        assert everything_said(served) == everything_said(archive)
        assert rows_of(served)[1:] == rows_of(archive)[1:]  # but for a setting, `sealed`
        assert diagnose(served).ok


def test_the_same_question_gives_the_same_bytes_in_every_process(tmp_path):
    """Also where strings hash otherwise."""
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        expected = (
            Answerer(Retriever(archive)).ask("Who cut the ribbon in the harbour of Vell?").to_json() + "\n"
        )
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "qa", "ask", "Who cut the ribbon in the harbour of Vell?", "--json", "--archive", str(tmp_path / "archive")],
            cwd=ROOT, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert done.stdout.decode("utf-8") == expected


steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("abcde"), records),
        st.tuples(st.just("remove"), st.sampled_from("abcde"), st.none()),
        st.tuples(st.just("again"), st.none(), st.none()),
        st.tuples(st.just("optimize"), st.none(), st.none()),
    ),
    min_size=1,
    max_size=10,
)


@given(steps=steps)
@settings(max_examples=12)
def test_any_order_of_adds_replacements_and_removals_answers_as_one_built_fresh(
    tmp_path_factory, new_place, steps
):
    folder = tmp_path_factory.mktemp("order")
    (folder / "articles").mkdir()
    kept = {}
    with Archive.create(new_place(), model="hashed-words") as archive:
        retriever = Retriever(archive)
        for step, id, record in steps:
            if step == "add":
                report = archive.add(write(folder / "articles", id, record))
                assert [*report.added, *report.replaced, *report.unchanged] == [id]
                assert (id in report.added) is (id not in kept)
                assert (id in report.unchanged) is (kept.get(id) == record)
                kept[id] = record
            elif step == "remove" and id in kept:
                archive.remove(id)
                (folder / "articles" / f"{id}.jsonl").unlink()
                del kept[id]
            elif step == "again":
                assert sorted(archive.add(folder / "articles").unchanged) == sorted(kept)
            elif step == "optimize":
                archive.optimize()
            retriever.search("harbour of Vell", 3)  # a reader that looks in between changes nothing
        assert diagnose(archive).ok
        fresh_folder = folder / "fresh"
        fresh_folder.mkdir()
        with Archive.create(fresh_folder / "archive", model="hashed-words") as fresh:
            fresh.add([folder / "articles" / f"{id}.jsonl" for id in sorted(kept, reverse=True)])
            assert everything_said(archive) == everything_said(fresh)
            assert archive.articles() == fresh.articles()


@given(collection=collections)
@settings(max_examples=10)
def test_adding_the_same_again_changes_nothing(tmp_path_factory, new_place, collection):
    folder = tmp_path_factory.mktemp("twice")
    with made(folder, collection, new_place()) as archive:
        before = rows_of(archive)
        files = {
            file: file.read_bytes()
            for file in archive.path.rglob("*")
            if file.name != "archive.db-shm" and file.is_file()
        }
        report = archive.add(folder / "articles")
        assert sorted(report.unchanged) == sorted(collection)
        assert rows_of(archive) == before
        assert {file: file.read_bytes() for file in files} == files


@given(collection=collections, data=st.data())
@settings(max_examples=8)
def test_removing_an_article_removes_every_trace_of_it_at_once(tmp_path_factory, new_place, collection, data):
    gone = data.draw(st.sampled_from(sorted(collection)))
    with (
        made(tmp_path_factory.mktemp("trace"), collection, new_place()) as archive,
        Retriever.open(archive.name) as reader,
    ):
        answerer = Answerer(reader, threshold=0)
        for question in QUESTIONS:  # the reader is warm
            answerer.ask(question)
        archive.remove(gone)
        for question in QUESTIONS:
            for mode in MODES:
                assert gone not in [hit.article_id for hit in reader.search(question, 50, mode=mode)]
            for share in (0, 1):
                answer = Answerer(reader, threshold=share).ask(question)
                assert gone not in [shown.article.id for shown in [*answer.quotes, *answer.related]]
        with archive.reading() as connection:
            for table in ("furniture", "passages"):
                (left,) = connection.execute(
                    f"SELECT count(*) FROM {table} WHERE article NOT IN (SELECT row FROM articles)"
                ).fetchone()
                assert left == 0
        if len(collection) > 1:
            known = {record["source"] for id, record in collection.items() if id != gone}
            with archive.reading() as connection:
                found = connection.execute("SELECT DISTINCT source FROM articles").fetchall()
            assert {source for (source,) in found} == known
