"""The retriever, against every passage scored one by one in plain Python."""

import itertools
import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from corpus.passages import context_text
from corpus.reading import read_paths
from embeddings.hashed_words import HashedWordsEncoder
from qa import Archive, Retriever
from qa.adding import add_found
from qa.derived import build_lexical
from qa.parts import NONE
from qa.pool import with_ties
from qa.retriever import MODES, READ

VELL = Path(__file__).parent / "data" / "vell"
WORDS = ["gull", "pier", "tram", "ash", "quay", "fog", "oar", "net"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.create(tmp_path_factory.mktemp("retriever") / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        yield archive


@pytest.fixture(scope="module")
def retriever(archive):
    return Retriever(archive)


def oracle(archive, question, mode):
    """Every passage with its score: (-score, id, start), best first. BM25 is test_lexical's business."""
    encoder = HashedWordsEncoder()
    with archive.reading() as connection:
        passages = connection.execute(
            'SELECT passages.row, id, title, text, start, "end" FROM passages JOIN articles ON article = articles.row'
        ).fetchall()
        lexical = build_lexical(connection)
    bm25 = dict(lexical.search(question, len(passages)))
    scored = []
    for row, id, title, text, start, end in passages:
        left = encoder.encode_question(question).astype(np.float64)
        right = encoder.encode_question(context_text(title, text[start:end])).astype(np.float64)
        dense = sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))
        words = bm25.get(row, 0.0)
        if mode == "dense":
            score = round(dense, 6)
        elif mode == "bm25":
            score = round(words, 6)
        else:
            score = round(0.4 * max(0, round(dense, 6)) + 0.6 * min(1, words), 6)
        if mode != "bm25" or row in bm25:
            scored.append((-score, id, start))
    return sorted(scored)


def ranked(hits):
    return [(-hit.score, hit.article_id, hit.start) for hit in hits]


def assert_ranked_as(found, expected):
    """The same passages in the same order; scores may differ in the last of their six digits."""
    assert [(id, start) for _, id, start in found] == [(id, start) for _, id, start in expected]
    assert [score for score, _, _ in found] == pytest.approx([score for score, _, _ in expected], abs=2e-6)


QUESTIONS = [
    "Who cut the ribbon in the harbour of Vell?",
    "How many drivers joined the strike?",
    "Кто обещал открыть мост через Ясень?",
    "storm of 2029",
    "rents in Vell doubled",
    "Vell",
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_ranking_is_that_of_every_passage_scored(archive, retriever, question, mode):
    expected = oracle(archive, question, mode)
    for k in (1, 3, 50):
        found = retriever.search(question, k, mode=mode, parts=NONE)
        assert_ranked_as(ranked(found), expected[:k])


archives = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=15)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(archives, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), st.integers(1, 20))
def test_the_ranking_is_total_on_archives_full_of_ties(tmp_path_factory, texts, words, k):
    folder = tmp_path_factory.mktemp("ties")
    corpus = folder / "corpus.jsonl"
    # Ids in another order than rows: ties go by id, not by when an article was stored.
    records = [{"id": f"{-number % 7}-{number}", "text": " ".join(text)} for number, text in enumerate(texts)]
    corpus.write_text("\n".join(map(json.dumps, records)))
    with Archive.create(folder / "archive", model="hashed-words") as archive:
        archive.add(corpus)
        retriever = Retriever(archive)
        question = " ".join(words)
        for mode in MODES:
            found = ranked(retriever.search(question, k, mode=mode))
            assert found == sorted(found)
            assert_ranked_as(found, oracle(archive, question, mode)[:k])


def test_ties_at_the_cut_go_by_article_id_however_many_there_are(tmp_path):
    """150 passages score the same, more than either search's pool of 100."""
    corpus = tmp_path / "corpus.jsonl"
    records = [
        {"id": f"{(number * 37) % 150:03}", "text": "The gull sat on the pier."} for number in range(150)
    ]
    corpus.write_text("\n".join(map(json.dumps, records)))
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(corpus)
        for mode in MODES:
            hits = Retriever(archive).search("gull", 7, mode=mode)
            assert [hit.article_id for hit in hits] == ["000", "001", "002", "003", "004", "005", "006"]


@pytest.mark.parametrize("mode", MODES)
def test_filters_bind_before_the_search(archive, retriever, mode):
    """k come back whenever k match, though a hundred others score higher."""
    expected = [
        each
        for each in oracle(archive, "harbour ribbon Vell", mode)
        if each[1] in ("letter-1", "letter-2", "strike")
    ]
    found = retriever.search("harbour ribbon Vell", 2, mode=mode, source="Marrow Post")
    assert_ranked_as(ranked(found), expected[:2])


def test_k_come_back_whenever_k_match_among_many_that_score_higher(tmp_path):
    corpus = tmp_path / "corpus.jsonl"
    near = [{"id": f"near-{n:03}", "text": f"gull gull gull {n}", "source": "Tern"} for n in range(300)]
    far = [
        {"id": f"far-{n}", "text": "fog and nothing else but a gull far out", "source": "Marrow"}
        for n in range(6)
    ]
    corpus.write_text("\n".join(map(json.dumps, near + far)))
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(corpus)
        retriever = Retriever(archive)
        for mode in MODES:
            hits = retriever.search("gull", 6, mode=mode, source="marrow")
            assert [hit.article_id for hit in hits] == [f"far-{n}" for n in range(6)]
        assert len(retriever.search("gull", 306)) == 306
        assert len(retriever.search("gull", 10**9)) == 306


def test_bm25_alone_finds_only_what_shares_a_word_and_the_others_find_k(retriever):
    assert retriever.search("walrus", 5, mode="bm25") == []
    assert len(retriever.search("walrus", 5, mode="dense")) == 5
    assert len(retriever.search("walrus", 5)) == 5


def test_a_hit_tells_both_scores_and_its_words(archive, retriever):
    hit = retriever.search("Who cut the ribbon?", 1)[0]
    assert hit.article == archive.article("harbour")
    assert hit.text == hit.article.text[hit.start : hit.end]
    assert "Mayor Ona Brisk cut the ribbon" in hit.text
    assert hit.score == round(0.4 * hit.dense + 0.6 * hit.lexical, 6)
    (alone,) = retriever.search("Who cut the ribbon?", 1, mode="dense")
    assert (alone.score, alone.lexical) == (alone.dense, 0.0)
    (alone,) = retriever.search("Who cut the ribbon?", 1, mode="bm25")
    assert (alone.score, alone.dense) == (round(alone.lexical, 6), 0.0)


def test_a_passage_that_one_search_found_gets_its_true_score_on_the_other(tmp_path, monkeypatch):
    """With pools of one, the words find `all` and the vectors `often`; both are scored by both."""
    from qa import pool
    from qa import retriever as module

    for searching in (module, pool):  # by words, and by vectors
        monkeypatch.setattr(searching, "with_ties", lambda search, _: search(1))
    corpus = tmp_path / "corpus.jsonl"
    texts = {
        "all": "gull pier tram fog oar net",
        "often": "gull pier " * 4,
        "fog": "fog gull",
        "oar": "oar pier",
    }
    corpus.write_text("\n".join(json.dumps({"id": id, "text": text}) for id, text in texts.items()))
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(corpus)
        question = "gull pier tram"
        assert oracle(archive, question, "bm25")[0][1] == "all"
        assert oracle(archive, question, "dense")[0][1] == "often"
        expected = [each for each in oracle(archive, question, "hybrid") if each[1] in ("all", "often")]
        assert_ranked_as(ranked(Retriever(archive).search(question)), expected)


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (1, ["a"]),
        (2, ["a", "b", "c", "d"]),
        (3, ["a", "b", "c", "d"]),
        (4, ["a", "b", "c", "d"]),
        (5, "abcde"),
        (9, "abcde"),
    ],
)
def test_a_cut_keeps_all_that_tie_with_the_last(k, expected):
    """Scores tie when they are the same to six decimals."""
    ranked = [("a", 0.9), ("b", 0.5000001), ("c", 0.5), ("d", 0.4999999), ("e", 0.1)]
    asked = []

    def search(n):
        asked.append(n)
        return ranked[:n]

    assert [row for row, _ in with_ties(search, k)] == list(expected)
    assert min(asked) == k + 1
    assert list(with_ties(lambda _: [], k)) == []


def test_rerank_puts_what_was_read_first_and_keeps_the_rest_in_order(retriever):
    question = "What did the council plan to decide on compensation?"
    plain = retriever.search(question, 12)
    reranked = retriever.search(question, 12, rerank=True)
    assert set(reranked[:READ]) == set(plain[:READ])
    assert reranked[READ:] == plain[READ:]
    assert retriever.search(question, 2, rerank=True) == reranked[:2]


def test_rerank_puts_the_passage_of_the_best_sentence_first(tmp_path):
    """`apart` has more of the words, `together` has them all in one sentence."""
    corpus = tmp_path / "corpus.jsonl"
    records = [
        {"id": "apart", "text": "The keeper smiled. Oster came in March. The keeper left. Oster sang in March. Someone else retires."},
        {"id": "rain", "text": "Nothing was said that day. Rain fell on the roofs."},
        {"id": "together", "text": "Oster spoke to the keeper. The keeper spoke to Oster. A bell rang in March. In March the keeper retired Oster."},
    ]  # fmt: skip
    corpus.write_text("\n".join(map(json.dumps, records)))
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(corpus)
        retriever = Retriever(archive)
        question = "keeper Oster retires March"
        assert [hit.article_id for hit in retriever.search(question)] == ["apart", "together", "rain"]
        for k in (1, 2, 3):
            found = [hit.article_id for hit in retriever.search(question, k, rerank=True)]
            assert found == ["together", "apart", "rain"][:k]


def test_an_article_removed_between_search_and_reading_is_dropped_and_k_still_come(tmp_path, monkeypatch):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL)
        reader = Retriever.open(archive.path)
        expected = [hit for hit in ranked(reader.search("harbour of Vell", 20)) if hit[1] != "harbour"][:5]
        overtake(monkeypatch, reader, lambda: archive.remove(["harbour"]))
        found = reader.search("harbour of Vell", 5)
        assert [(id, start) for _, id, start in ranked(found)] == [
            (id, start) for _, id, start in oracle(archive, "harbour of Vell", "hybrid")[:5]
        ]
        assert len(found) == len(expected) == 5
        reader.close()


def test_an_article_replaced_between_search_and_reading_is_found_in_its_new_state(tmp_path, monkeypatch):
    file = tmp_path / "walrus.md"
    file.write_text("---\nsource: Tern\n---\nA walrus slept on the pier.")
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add([VELL, file])

        def replace():
            file.write_text("---\nsource: Marrow\n---\nA walrus slept on the pier.")
            assert archive.add(file).replaced == ["walrus.md"]

        with Retriever.open(archive.path) as reader:
            overtake(monkeypatch, reader, replace)
            assert reader.search("walrus on the pier", 1)[0].article.source == "Marrow"


def test_a_writer_that_never_rests_does_not_keep_a_question_waiting(tmp_path, monkeypatch):
    """Each look at the archive is overtaken by a commit; the answer comes all the same."""
    files = [tmp_path / f"{number}.txt" for number in range(50)]
    for file in files:
        file.write_text(f"A gull was seen on pier {file.stem}.")
    left = iter(files)
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        archive.add(VELL)

        def add_one():
            with archive.writing("test") as connection:
                add_found(connection, read_paths([next(left)]), words=120, encoder=HashedWordsEncoder)

        with Retriever.open(archive.path) as reader:
            taken = reader.archive.snapshot

            def overtaken(**options):
                snapshot = taken(**options)
                add_one()
                return snapshot

            monkeypatch.setattr(reader.archive, "snapshot", overtaken)
            assert reader.search("gull on the pier", 1)[0].article_id == "0.txt"
        assert len(list(left)) >= 45


def overtake(monkeypatch, reader, change):
    """Lets `change` happen once, after the reader took its snapshot and before it reads the rows."""
    taken, todo = reader.snapshot, [change]

    def snapshot():
        found = taken()
        if todo:
            todo.pop()()
        return found

    monkeypatch.setattr(reader, "snapshot", snapshot)


def test_an_empty_archive_finds_nothing(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        for mode, rerank in itertools.product(MODES, (False, True)):
            assert Retriever(archive).search("harbour", mode=mode, rerank=rerank) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"k": 0}, "k is 0; ask for at least 1 passage"),
        ({"k": -3}, "k is -3"),
        ({"mode": "fuzzy"}, "'fuzzy' is not a mode; take one of hybrid, dense, bm25"),
    ],
)
def test_options_that_cannot_be_used_are_told(retriever, options, told):
    with pytest.raises(InputError, match=told):
        retriever.search("harbour", **options)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "is empty"),
        (" \n\t ", "is empty"),
        ("?!… —", "no letter or digit"),
        ("x" * 100_000, "100,000 characters, at most 2,000"),
        ("harbour \ud83d", "lone surrogate"),
        ("har\0bour", "NUL"),
    ],
)
def test_questions_that_cannot_be_used_are_told(retriever, question, told):
    with pytest.raises(InputError, match=told):
        retriever.search(question)


def test_the_longest_question_is_searched(retriever):
    question = ("Who cut the ribbon in the harbour? " * 100)[:2_000].strip()
    assert retriever.search(question, 1)[0].article_id == "harbour"


def test_threads_get_the_answers_one_would(retriever):
    expected = {question: retriever.search(question, 5) for question in QUESTIONS}
    found, threads = [], []
    for question in QUESTIONS * 3:
        thread = threading.Thread(
            target=lambda question=question: found.append((question, retriever.search(question, 5)))
        )
        threads.append(thread)
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(QUESTIONS) * 3
    assert all(hits == expected[question] for question, hits in found)


def test_a_search_that_holds_the_archive_still_waits_for_no_other_search(retriever, monkeypatch):
    """A writer was faster than its first try; meanwhile another thread asks for the new state."""
    archive, question = retriever.archive, QUESTIONS[0]
    expected = retriever.search(question, 5)
    search_in, snapshot, tries = retriever._search_in, archive.snapshot, []

    def late_once(*given):
        tries.append(given)
        return search_in(*given) if len(tries) > 1 else None

    monkeypatch.setattr(retriever, "_search_in", late_once)
    other = threading.Thread(target=retriever.snapshot, daemon=True)

    def held_still(*, mend=True):
        if not mend:
            other.start()
            while not retriever._latest._turn.locked():
                time.sleep(0.01)
        return snapshot(mend=mend)

    monkeypatch.setattr(archive, "snapshot", held_still)
    found = []
    one = threading.Thread(target=lambda: found.append(retriever.search(question, 5)), daemon=True)
    one.start()
    one.join(10)
    other.join(10)
    assert found == [expected]


@pytest.mark.parametrize("index", ["Flat", "SQ8", "IVF4,Flat"])
def test_every_kind_of_index_ranks_by_the_true_scores(tmp_path, index):
    """What is found in a quantised or clustered index is scored from the stored vectors."""
    corpus = tmp_path / "corpus.jsonl"
    texts = [f"{WORDS[n % 8]} {WORDS[n // 8 % 8]} {WORDS[n // 64 % 8]}" for n in range(200)]
    corpus.write_text("\n".join(json.dumps({"id": f"{n:03}", "text": text}) for n, text in enumerate(texts)))
    with Archive.create(tmp_path / "archive", model="hashed-words", index=index) as archive:
        archive.add(corpus)
        expected = oracle(archive, "gull pier tram", "hybrid")
        assert_ranked_as(ranked(Retriever(archive).search("gull pier tram", 5)), expected[:5])
