"""Tokens, term counts, holes and scores as Milvus's side has them, against the embedded index."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from qa.analysis import analyser, content_terms
from qa.lexical import Entry, LexicalIndex
from qa.milvus.bm25 import Bm25, stored_length
from qa.milvus.holes import holes_in, packed, unpacked, within
from qa.milvus.term_counts import TermCounts
from qa.milvus.tokens import LETTERS, MOST_BYTES, token, tokens, words
from qa.names.widening import Name

ENGLISH = [
    ("Mayor Ona Brisk opened the harbour of Vell.", "Harbour opened"),
    ("The harbour wall cost 48 million crowns, and the harbour master resigned.", None),
    ("Brisk said she would not resign.", "Brisk stays"),
    ("Nobody counted the gulls on the pier of Vell or the boats.", "Gulls"),
    ("Ana Brysk, a baker, opened a shop.", "Brisk business"),
]
RUSSIAN = [("Мэр Она Бриск открыла гавань во вторник.", "Гавань"), ("Чайки кричали.", None)]


def entries():
    found = [
        Entry(row, "english", text, title, None, None, None) for row, (text, title) in enumerate(ENGLISH, 1)
    ]
    return found + [
        Entry(row, "russian", text, title, None, None, None) for row, (text, title) in enumerate(RUSSIAN, 10)
    ]


def counted(some):
    counts = TermCounts()
    for entry in some:
        counts.count(words(entry.analyser, tokens(entry.analyser, entry.text, entry.title)))
    return counts


def test_a_token_is_one_ascii_word_for_each_field_language_and_term():
    assert token("english", "harbour", in_title=False) == "eaharbour"
    assert token("english", "harbour", in_title=True) == "echarbour"
    # U+0448 is D1 88 in UTF-8: in fives of bits 11010 00110 00100 00, digits 26, 6, 4, 0 of base 32.
    assert token("russian", "ш", in_title=False) == "ob2gea"
    every = {
        token(name, term, in_title=in_title)
        for name in LETTERS
        for term in ("a", "b", "aa", "ca", "гаван", "ш", "٣")
        for in_title in (False, True)
    }
    assert len(every) == len(LETTERS) * 7 * 2
    assert all(each.isascii() and each.isalnum() and each == each.lower() for each in every)


@given(st.text(max_size=60), st.none() | st.text(max_size=20), st.sampled_from(sorted(LETTERS)))
def test_tokens_are_the_terms_of_text_and_title(text, title, name):
    found = words(name, " ".join(tokens(name, text, title)).split())
    terms = analyser(name).analyze
    assert found.text == len(terms(text))
    assert found.title == len(terms(title or ""))
    assert found.times == Counter(
        [token(name, term, in_title=False) for term in terms(text)]
        + [token(name, term, in_title=True) for term in terms(title or "")]
    )


def test_more_tokens_than_milvus_takes_are_cut_at_a_token():
    found = tokens("english", "harbour " * 20_000, None)
    assert set(found) == {"eaharbour"}
    assert len(" ".join(found)) <= MOST_BYTES < len(" ".join(found)) + 10


def test_counts_are_those_worked_out_by_hand():
    counts = counted(entries())
    assert len(counts) == 7
    assert counts.analysers == ["english", "russian"]
    assert counts.held["eaharbour"] == 2  # twice in one of them
    assert counts.held["echarbour"] == 1
    assert counts.passages == {"e": 5, "o": 2}
    # Gulls, Brisk business, Brisk stays, Harbour opened: 7 words of titles, over all 7 passages.
    assert counts.mean_length("e", in_title=True) == 1


def test_what_is_counted_off_leaves_what_was_there_before():
    every = entries()
    counts = counted(every)
    for entry in every[2:]:
        counts.count(words(entry.analyser, tokens(entry.analyser, entry.text, entry.title)), -1)
    assert not counts.differs(counted(every[:2]))
    assert counts.analysers == ["english"]
    assert counts.differs(counted(every[:1]))


def test_packed_counts_are_the_same_counts_in_texts_that_milvus_takes():
    counts = counted(entries())
    rng = random.Random(0)
    for _ in range(60_000):
        counts.held[f"ea{rng.randrange(1 << 60):x}"] += 1
    texts = counts.packed()
    assert max(len(text.encode()) for text in texts) < 65_535
    assert not TermCounts.unpacked(texts).differs(counts)
    with pytest.raises(ValueError, match="damaged"):
        TermCounts.unpacked([texts[0], texts[1][:-7]])


def test_counts_that_went_below_nothing_are_kept_so():
    less = TermCounts()
    less.held["eaharbour"] -= 1
    counts = counted(entries()[:2])
    counts.add(TermCounts.unpacked(less.packed()))
    assert counts.held["eaharbour"] == 1


@given(st.sets(st.integers(1, 60)), st.integers(0, 70))
def test_holes_are_the_rows_that_are_missing(rows, last):
    found = holes_in(np.array(sorted(rows), dtype=np.int64), last)
    assert within(found).tolist() == [row for row in range(1, last + 1) if row not in rows]
    assert unpacked(packed(found)) == found


def test_many_holes_are_packed_into_texts_that_milvus_takes():
    holes = [(row * 10, row * 10 + 3) for row in range(1, 20_000)]
    texts = packed(holes)
    assert len(texts) > 1
    assert max(map(len, texts)) < 65_535
    assert unpacked(texts) == holes


def test_lengths_are_stored_as_tantivy_stores_them():
    """Its table: exact to 40, then ever coarser."""
    assert [stored_length(length) for length in (0, 39, 40, 41, 42, 43, 56, 59, 60, 63, 64)] == [
        0, 39, 40, 40, 42, 42, 56, 56, 60, 60, 64,
    ]  # fmt: skip


QUESTIONS = [
    "Who opened the harbour of Vell?",
    "Brisk",
    "harbour harbour gulls",
    "Кто открыл гавань Vell?",
    "what did nobody ever foresee",
    "...?",
]
NAMES = [
    (),
    (Name(Span(0, 9), "Ona Brisk", ("Ana Brysk", "Brisk"), attested=True),),
    (Name(Span(0, 5), "Brisk", ("Brysk",), attested=True),),
    (Name(Span(0, 4), "Vell", ("Vellport Harbour",), attested=False),),
]


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_those_of_the_embedded_index(question, names):
    """Tantivy is the oracle: it computes in float32."""
    every = entries()
    index = LexicalIndex.build(every, ["english", "russian"])
    bm25 = Bm25(counted(every))
    asked = bm25.asked(question, names)
    found = {
        entry.row: score
        for entry in every
        if (score := asked.score(words(entry.analyser, tokens(entry.analyser, entry.text, entry.title)))) > 0
    }
    expected = index.scores(question, [entry.row for entry in every], names)
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, abs=1e-6)


def test_idf_and_what_is_known_are_those_of_the_embedded_index():
    every = entries()
    index = LexicalIndex.build(every, ["english", "russian"])
    bm25 = Bm25(counted(every))
    for name in ("english", "russian"):
        for question in QUESTIONS:
            for term in content_terms(name, question):
                assert bm25.idf(name, term.term) == pytest.approx(index.idf(name, term.term))
                assert bm25.knows(name, term.term) == index.knows(name, term.term)
