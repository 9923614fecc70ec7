"""A large archive: its indexes are sealed, extended, and made anew only when they are outgrown."""

import json
import shutil

import faiss
import numpy as np
import pytest
from watching import telling

from corpus.reading import read_paths
from embeddings import index_size
from embeddings.exact_index import ExactIndex
from embeddings.faiss_index import FaissIndex
from embeddings.index_size import factory_for, lists_for
from embeddings.layered_index import LayeredIndex
from qa import Archive, Retriever, adding, derived_files, index_files, lexical
from qa import retriever as retriever_module
from qa.doctor import diagnose
from qa.lexical import LexicalIndex

EXACT = 30  # passages, in place of many thousands
WORDS = ["ferry", "crane", "harbour", "lamp", "buoy", "storm", "ribbon", "council", "bridge", "market", "library", "tram", "school", "lighthouse", "museum", "bakery"]  # fmt: skip


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """What counts as large."""
    for module in (index_size, index_files, derived_files, lexical, retriever_module):
        monkeypatch.setattr(module, "EXACT", EXACT)


def record(number):
    words = [WORDS[(number * step + step) % len(WORDS)] for step in (1, 3, 5, 7)]
    text = f"Notice {number}: the {words[0]} by the {words[1]} was moved. A {words[2]} met a {words[3]}."
    return {"id": f"{number:03}", "text": text, "source": "Gazette" if number % 3 else "Courier"}


def corpus(file, numbers):
    file.write_text("".join(json.dumps(record(number)) + "\n" for number in numbers))
    return file


@pytest.fixture
def large(tmp_path):
    """A large archive of 60 passages, its indexes sealed."""
    with Archive.create(tmp_path / "large", model="hashed-words") as made:
        made.add(corpus(tmp_path / "corpus.jsonl", range(60)))
    return tmp_path / "large"


def answers(folder, **filters):
    with Retriever.open(folder) as retriever:
        return {
            (question, mode): [
                (hit.article_id, hit.start, hit.score)
                for hit in retriever.search(question, 8, mode=mode, **filters)
            ]
            for question in ("Who moved the ferry?", "notice 7 of the lighthouse", "buoy 61")
            for mode in ("hybrid", "dense", "bm25")
        }


def fresh(folder, numbers, tmp_path):
    """What an archive built at once of those articles answers."""
    new = tmp_path / f"fresh-{len(list(tmp_path.iterdir()))}"
    with Archive.create(new, model="hashed-words") as made:
        made.add(corpus(tmp_path / "corpus.jsonl", numbers))
    return new


def sealed(folder):
    return json.loads((folder / "vectors.json").read_bytes())["generation"]


def test_what_is_added_is_found_without_sealing_anew(large, tmp_path):
    expected = answers(fresh(large, range(70), tmp_path))
    with Archive.open(large) as opened:
        opened.add(tmp_path / "corpus.jsonl")
        assert (opened.generation, sealed(large)) == (2, 1)
        assert opened.on_disk().lacking == []
        assert diagnose(opened).ok
    assert [each.name for each in (large / "lexical").iterdir()] == ["g2"]
    assert answers(large) == expected
    assert answers(large, source="Courier") == answers(tmp_path / "fresh-2", source="Courier")


def test_what_is_removed_is_gone_and_optimize_makes_all_as_if_built_at_once(large, tmp_path):
    with Archive.open(large) as opened:
        opened.remove(["007", "031"])
        opened.add(
            corpus(tmp_path / "corpus.jsonl", [number for number in range(65) if number not in (7, 31)])
        )
        assert (opened.generation, sealed(large)) == (3, 1)
        assert diagnose(opened).ok
        for found in answers(large).values():
            assert not {"007", "031"} & {id for id, *_ in found}
        dense = {key: found for key, found in answers(large).items() if key[1] == "dense"}
        opened.optimize()
        assert sealed(large) == 3
        assert diagnose(opened).ok
    kept = [number for number in range(65) if number not in (7, 31)]
    expected = answers(fresh(large, kept, tmp_path))
    assert answers(large) == expected
    assert dense == {key: found for key, found in expected.items() if key[1] == "dense"}


def test_what_has_outgrown_its_index_is_sealed_anew(large, tmp_path):
    with Archive.open(large) as opened:
        opened.add(corpus(tmp_path / "corpus.jsonl", range(60 + EXACT + 1)))
        assert sealed(large) == opened.generation == 2
    assert answers(large) == answers(fresh(large, range(60 + EXACT + 1), tmp_path))


def test_a_stop_in_a_long_add_leaves_little_to_be_indexed(tmp_path, monkeypatch):
    monkeypatch.setattr(adding, "_BATCH", 10)
    monkeypatch.setattr(derived_files, "_KEPT_UP", 20)

    def stopped():
        for number, found in enumerate(read_paths([corpus(tmp_path / "corpus.jsonl", range(90))])):
            if number == 85:
                raise KeyboardInterrupt
            yield found

    with Archive.create(tmp_path / "long", model="hashed-words") as made:
        with pytest.raises(KeyboardInterrupt):
            made.add_found(stopped())
        committed = len(made)
        ready = made.on_disk()
        assert ready.vectors_made is not None
        assert committed - ready.vectors_made.passages <= 20 + EXACT  # the rest lies beside it in memory
        (kept,) = (tmp_path / "long" / "lexical").iterdir()
        assert json.loads((kept / "manifest.json").read_bytes())["passages"] > committed - 20
        assert len(answers(made.path)["Who moved the ferry?", "hybrid"]) == 8
        assert diagnose(made).ok
        made.add(tmp_path / "corpus.jsonl")
    assert answers(tmp_path / "long") == answers(fresh(tmp_path / "long", range(90), tmp_path))


def test_an_archive_that_shrinks_is_small_again(large):
    with Archive.open(large) as opened:
        opened.remove([f"{number:03}" for number in range(40)])
        assert opened.on_disk().lacking == []
        assert "sealed" not in json.loads((large / "vectors.json").read_bytes())
        assert diagnose(opened).ok


@pytest.mark.parametrize("spoilt", ["vectors.faiss", "vectors.json", "lexical"])
def test_a_file_that_is_spoilt_after_additions_is_made_anew(large, tmp_path, spoilt):
    with Archive.open(large) as opened:
        opened.add(corpus(tmp_path / "corpus.jsonl", range(70)))
    expected = answers(large)
    if spoilt == "lexical":
        shutil.rmtree(large / spoilt)
    else:
        (large / spoilt).write_bytes(b"spoilt")
    assert answers(large) == expected
    with Archive.open(large) as opened:
        assert opened.on_disk().lacking == []


def test_files_of_a_database_that_was_put_back_are_not_used(large, tmp_path):
    """The copy has gone on another way: rows are numbered alike and stand for other passages."""
    copy = shutil.copytree(large, tmp_path / "copy")
    with Archive.open(large) as opened:
        opened.add(corpus(tmp_path / "corpus.jsonl", range(60 + EXACT + 1)))  # sealed anew
    with Archive.open(copy) as opened:
        opened.add(corpus(tmp_path / "corpus.jsonl", range(62)))
        opened.add(corpus(tmp_path / "corpus.jsonl", range(64)))
    expected = answers(copy)
    for name in ("vectors.faiss", "vectors.json"):
        shutil.copy(large / name, copy / name)
    with Archive.open(copy) as opened:
        assert opened.on_disk().lacking == ["vectors.faiss"]
    assert answers(copy) == expected


def test_words_that_most_passages_have_count_but_find_no_candidates(large, monkeypatch):
    """The words of any notice but its number are common; only the number finds candidates of words."""
    asked = []
    search = LexicalIndex.search

    def seen(self, *arguments, **options):
        asked.append(search(self, *arguments, **options))
        return asked[-1]

    monkeypatch.setattr(LexicalIndex, "search", seen)
    with Retriever.open(large) as retriever:
        found = retriever.search("Notice 7 was moved", 60)
        scores = retriever.snapshot().derived.lexical.scores("Notice 7 was moved", range(1, 61))
    assert [len(rows) for rows in asked] == [1]
    assert len(found) == 60
    assert {hit.lexical for hit in found} == set(scores.values())


def test_a_reader_meanwhile_finds_what_was_committed(large, tmp_path, monkeypatch):
    """A writer has committed and not yet written its indexes."""
    with Retriever.open(large) as reader, Archive.open(large) as writer:
        reader.search("ferry")
        with monkeypatch.context() as patch:
            patch.setattr("qa.derived_files.refresh", lambda *_: None)
            writer.add(corpus(tmp_path / "corpus.jsonl", range(63)))
            writer.remove("005")
        with writer.writing("something else"):
            found = {hit.article_id for hit in reader.search("Notice 62 of the market", 63, mode="dense")}
    assert found == {f"{number:03}" for number in range(63)} - {"005"}


def test_new_words_are_found_before_the_writer_has_indexed_them_and_exactly_after(
    large, tmp_path, monkeypatch
):
    monkeypatch.setattr("qa.latest._AGAIN", 0)
    new = tmp_path / "new.jsonl"
    new.write_text(json.dumps({"id": "new", "text": "A walrus slept on the quay."}) + "\n")
    with Retriever.open(large) as reader, Archive.open(large) as writer:
        reader.search("ferry")
        with monkeypatch.context() as patch:
            patch.setattr("qa.derived_files.refresh", lambda *_: None)
            writer.add(new)
        with writer.writing("something else"):
            meanwhile = reader.search("Where did the walrus sleep?", 3, mode="bm25")
            assert reader.snapshot().is_provisional
            assert reader.snapshot().derived.lexical.knows("english", "walrus")
            assert reader.snapshot() is reader.snapshot()
        writer.mend_derived()
        after = reader.search("Where did the walrus sleep?", 3)
        assert not reader.snapshot().is_provisional
    with Retriever.open(large) as fresh:
        assert after == fresh.search("Where did the walrus sleep?", 3)
    assert [hit.article_id for hit in meanwhile] == ["new"]
    assert after[0].article_id == "new"


# The parts of it.


def units(count, seed):
    vectors = np.random.default_rng(seed).normal(size=(count, 24)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("k", [1, 10, 80])
@pytest.mark.parametrize("share", [None, 0.02, 0.5])
def test_layers_are_searched_as_one(k, share):
    vectors, random = units(300, 1), np.random.default_rng(2)
    ids = np.arange(300, dtype=np.int64) * 3
    kept = np.sort(random.choice(ids[:200], 150, replace=False))
    base = FaissIndex.from_factory("Flat", vectors[:200], ids[:200])
    layers = LayeredIndex(
        base, kept, int(ids[199]), FaissIndex.from_factory("Flat", vectors[200:], ids[200:])
    )
    oracle = ExactIndex(24)
    held = np.concatenate([kept, ids[200:]])
    oracle.add(held, vectors[held // 3])
    assert len(layers) == len(oracle) == 250
    assert layers.ids() == set(held.tolist())
    allowed = None if share is None else np.sort(random.choice(held, int(share * 250), replace=False))
    for question in units(5, 3):
        found, expected = (each.search(question[None], k, allowed) for each in (layers, oracle))
        assert found[1].tolist() == expected[1].tolist()
        np.testing.assert_allclose(found[0], expected[0], atol=1e-6)


@pytest.mark.parametrize(("gone", "probed"), [(0, 96), (1, 97), (2_400, 108), (6_000, 272)])
def test_what_was_removed_is_no_filter_until_it_is_much(monkeypatch, gone, probed):
    vectors, ids = units(12_000, 6), np.arange(12_000, dtype=np.int64)
    base = FaissIndex.from_factory("IVF300,SQ8", vectors, ids)
    looked_at = []
    probe = FaissIndex._probe

    def watched(self, vectors, k, selector, *, probes):
        looked_at.append(probes)
        return probe(self, vectors, k, selector, probes=probes)

    monkeypatch.setattr(FaissIndex, "_probe", watched)
    nothing = FaissIndex.from_factory("Flat", vectors[:0], ids[:0])
    LayeredIndex(base, ids[gone:], 11_999, nothing).search(vectors[:1], 10)
    assert looked_at == [probed]


def test_a_question_is_encoded_while_a_large_archive_is_searched(large, monkeypatch):
    told = []
    with Retriever(Archive.open(large), watch=telling(told)) as retriever:
        beside = retriever.search("Where is the ferry?", 5)
        assert (told[0], told[-1], sorted(told)) == (
            "+search",
            "-search",
            ["+encode", "+search", "-encode", "-search"],
        )
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    told.clear()
    with Retriever(Archive.open(large), watch=telling(told)) as retriever:
        assert retriever.search("Where is the ferry?", 5) == beside
        assert told == ["+encode", "-encode", "+search", "-search"]


def test_lists_are_about_twice_the_square_root(monkeypatch):
    monkeypatch.setattr(index_size, "EXACT", 20_000)
    assert [lists_for(count) for count in (1, 20_001, 55_000, 1_000_000, 1_100_000)] == [
        2,
        256,
        512,
        2048,
        2048,
    ]
    assert (factory_for(20_000), factory_for(20_001)) == ("Flat", "IVF256,SQ8")


def test_an_index_of_lists_read_from_its_file_finds_what_it_found(tmp_path):
    vectors = units(4_000, 4)
    ids = np.arange(4_000, dtype=np.int64)
    index = FaissIndex.from_factory("IVF16,SQ8", vectors, ids)
    index.save(tmp_path / "index")
    mapped = FaissIndex.load(tmp_path / "index")
    lists = mapped._index.invlists
    assert faiss.downcast_InvertedLists(lists).prefetch_nthread == 0  # no search starts threads
    oracle = ExactIndex(24)
    oracle.add(ids, vectors)
    allowed = ids[::50]
    for question in units(20, 5):
        for filter in (None, allowed):
            found = [each.search(question[None], 10, filter)[1].tolist() for each in (index, mapped)]
            assert found[0] == found[1]
        exact = oracle.search(question[None], 10, allowed)[1][0]
        assert len(set(exact) & set(mapped.search(question[None], 20, allowed)[1][0])) == 10
