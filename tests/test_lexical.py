"""BM25 by tantivy, against BM25 written out from its formula."""

import math
import string
from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import lexical
from qa.analysis import PLAIN, analyser, analyser_name, content_terms, terms
from qa.filters import Limits
from qa.lexical import Entry, LexicalIndex
from qa.lexical_question import K1, TITLE_WEIGHT

B = 0.75  # tantivy's constant
WORDS = ["gull", "pier", "tram", "ash", "quay", "fog"]


def entry(row, text, *, title=None, name=PLAIN, source=None, days=(None, None)):
    first, last = (day.toordinal() if day else None for day in days)
    return Entry(row, name, text, title, source, first, last)


def built(*entries):
    return LexicalIndex.build(entries, sorted({each.analyser for each in entries}))


def quantised(length):
    """The length that tantivy keeps in one byte: exact up to 40, then steps of 2, 4, 8…, eight of each."""
    kept, step = 40, 2
    if length <= kept:
        return length
    while True:
        for _ in range(8):
            if kept + step > length:
                return kept
            kept += step
        step *= 2


def slow_bm25(documents, query):
    """The formula of Robertson and Zaragoza, with Lucene's idf, over lists of words, by row."""
    average = sum(map(len, documents.values())) / len(documents)
    scores = dict.fromkeys(documents, 0.0)
    for term in query:
        idf = slow_idf(documents, term)
        for row, words in documents.items():
            often = Counter(words)[term]
            if often:
                length = K1 * (1 - B + B * quantised(len(words)) / average)
                scores[row] += idf * often * (K1 + 1) / (often + length)
    return scores


def slow_idf(documents, term):
    held = sum(term in words for words in documents.values())
    return math.log(1 + (len(documents) - held + 0.5) / (held + 0.5))


def slow_scores(entries, question):
    """Text and half the title, over the most that the question's terms could give."""
    query = list(dict.fromkeys(question.split()))
    texts = {each.row: each.text.split() for each in entries}
    titles = {each.row: (each.title or "").split() for each in entries}
    most = (K1 + 1) * sum(slow_idf(texts, term) for term in query)
    in_text, in_title = slow_bm25(texts, query), slow_bm25(titles, query) if any(titles.values()) else {}
    return {row: (in_text[row] + TITLE_WEIGHT * in_title.get(row, 0.0)) / most for row in texts}


def assert_scores_are(found, expected):
    expected = {row: score for row, score in expected.items() if score > 0}
    assert dict(found).keys() == expected.keys()
    for row, score in found:
        assert score == pytest.approx(expected[row], rel=1e-4, abs=1e-6)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_one_term_worked_out_by_hand():
    index = built(entry(1, "gull pier"), entry(2, "gull gull fog quay"), entry(3, "ash tram"))
    # N = 3, n = 2: idf = ln(1 + 1.5 / 2.5) = ln 1.6. Average length 8 / 3. The idf cancels against the bound.
    one = 1 / (1 + 1.2 * (0.25 + 0.75 * 2 / (8 / 3)))
    two = 2 / (2 + 1.2 * (0.25 + 0.75 * 4 / (8 / 3)))
    assert index.search("gull", 10) == [(2, pytest.approx(two, rel=1e-5)), (1, pytest.approx(one, rel=1e-5))]
    assert index.idf(PLAIN, "gull") == pytest.approx(math.log(1.6))
    assert index.idf(PLAIN, "walrus") == pytest.approx(math.log(1 + 3.5 / 0.5))


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)
articles = st.lists(st.tuples(texts, st.none() | texts), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(articles, st.lists(st.sampled_from([*WORDS, "walrus"]), min_size=1, max_size=4).map(" ".join))
def test_scores_are_those_of_the_formula(articles, question):
    entries = [entry(row, text, title=title) for row, (text, title) in enumerate(articles, 1)]
    index = built(*entries)
    expected = slow_scores(entries, question)
    assert_scores_are(index.search(question, 100), expected)
    rows = [each.row for each in entries][::2]
    found = index.scores(question, rows)
    assert found.keys() == {row for row in rows if expected[row] > 0}
    for row, score in found.items():
        assert score == pytest.approx(expected[row], rel=1e-4, abs=1e-6)


def test_long_texts_are_counted_with_the_length_that_a_byte_keeps():
    entries = [
        entry(row, " ".join(["gull"] + ["fog"] * (length - 1)))
        for row, length in enumerate((39, 41, 57, 101, 999), 1)
    ]
    assert [quantised(length) for length in (40, 41, 42, 57, 60, 101, 999)] == [40, 40, 42, 56, 60, 96, 984]
    assert_scores_are(built(*entries).search("gull", 10), slow_scores(entries, "gull"))


@given(articles, texts)
@settings(max_examples=20, deadline=None)
def test_a_score_is_not_below_zero_and_text_alone_never_reaches_its_bound(articles, question):
    index = built(*(entry(row, text) for row, (text, _) in enumerate(articles, 1)))
    assert all(0 < score < 1 for _, score in index.search(question, 100))


def test_the_same_entries_give_the_same_scores_to_the_last_bit(tmp_path):
    entries = [entry(row, f"gull {word} fog", title="pier") for row, word in enumerate(WORDS * 20, 1)]
    once = built(*entries).search("gull quay pier", 200)
    assert built(*entries).search("gull quay pier", 200) == once
    LexicalIndex.build(entries, [PLAIN], tmp_path)
    assert LexicalIndex.open(tmp_path).search("gull quay pier", 200) == once


def test_an_index_opened_from_disk_knows_its_analysers_and_rows(tmp_path):
    entries = [entry(1, "gulls flew", name="english"), entry(5, "чайки летели", name="russian")]
    LexicalIndex.build(entries, ["russian", "english"], tmp_path)
    index = LexicalIndex.open(tmp_path)
    assert index.analysers == ["english", "russian"]
    assert (len(index), index.rows()) == (2, {1, 5})
    assert [row for row, _ in index.search("gull", 5)] == [1]


def test_k_bounds_what_comes_back_and_the_best_come_first():
    index = built(*(entry(row, "gull " * row + "fog") for row in range(1, 8)))
    rows = [row for row, _ in index.search("gull", 100)]
    assert [row for row, _ in index.search("gull", 3)] == rows[:3]
    assert index.search("gull", 0) == []


@pytest.mark.parametrize("question", ["", "walrus", "?!", "—", "the"])
def test_nothing_shared_is_nothing_found(question):
    index = built(entry(1, "gull on a pier"))
    assert index.search(question, 5) == []
    assert index.scores(question, [1]) == {}


def test_an_empty_index_answers_nothing():
    index = LexicalIndex.build([], [])
    assert (len(index), index.rows(), index.search("gull", 5), index.scores("gull", [])) == (0, set(), [], {})
    assert not index.knows("english", "gull")


SYNTAX = ['"gull', "gull AND", "gull OR NOT", "title:gull", "text_plain:gull^9", "gull~2", "(gull", "gull)", "g* gull", "[a TO gull]", "gull\\", "+gull -pier", "row:1 gull", "{gull}", "gull && ||", "/gull/", "*", ":", "gull\n\tpier"]  # fmt: skip


@pytest.mark.parametrize("question", SYNTAX)
def test_query_syntax_is_only_words(question):
    index = built(entry(1, "gull by the pier"), entry(2, "fog"))
    plain = "".join(character if character.isalnum() else " " for character in question)
    assert index.search(question, 5) == index.search(plain.lower(), 5)


@given(st.text(max_size=50))
@settings(max_examples=100, deadline=None)
def test_no_question_breaks_the_search(question):
    index = built(entry(1, "gull by the pier", name="english"), entry(2, "чайка", name="russian"))
    assert {row for row, _ in index.search(question, 5)} <= {1, 2}


LIMITED = [
    entry(1, "gull gull gull gull", source="tern gazette", days=(date(2031, 4, 1), date(2031, 4, 30))),
    entry(2, "gull gull gull fog", source="tern gazette", days=(date(2031, 5, 1), date(2031, 5, 1))),
    entry(3, "gull gull fog fog", source="marrow post", days=(date(2031, 1, 1), date(2031, 12, 31))),
    entry(4, "gull fog fog fog", source="tern’s “own” post, вестник"),
    entry(5, "gull fog fog quay", days=(date(1, 1, 1), date(1, 1, 1))),
]


@pytest.mark.parametrize(
    ("within", "rows"),
    [
        (Limits(("tern gazette",)), {1, 2}),
        (Limits(("tern gazette", "marrow post")), {1, 2, 3}),
        (Limits(("tern’s “own” post, вестник",)), {4}),
        (Limits(("tern",)), set()),
        (Limits(since=date(2031, 4, 30)), {1, 2, 3}),
        (Limits(since=date(2031, 5, 1)), {2, 3}),
        (Limits(until=date(2031, 4, 30)), {1, 3, 5}),
        (Limits(until=date(2030, 12, 31)), {5}),
        (Limits(("tern gazette",), since=date(2031, 5, 1), until=date(2031, 5, 1)), {2}),
    ],
)
def test_limits_bind_before_the_search_and_leave_scores_alone(within, rows):
    index = built(*LIMITED)
    scores = dict(index.search("gull", 10))
    found = index.search("gull", 10, within)
    assert {row for row, _ in found} == rows
    assert dict(found) == {row: pytest.approx(scores[row]) for row in rows}
    # k of those allowed come back, however many others score higher.
    assert {row for row, _ in index.search("gull", len(rows), within)} == rows


@pytest.mark.parametrize("k", [1, 2, 3, 10])
@pytest.mark.parametrize("within", [Limits(("tern gazette", "marrow post")), Limits(since=date(2031, 5, 1))])
def test_where_limits_allow_much_of_a_large_index_the_same_is_found(monkeypatch, within, k):
    index = built(*LIMITED)
    narrow = index.search("gull", k, within)
    monkeypatch.setattr(lexical, "EXACT", 0)
    assert index.search("gull", k, within, rows=np.array(sorted(row for row, _ in narrow))) == narrow
    monkeypatch.setattr(lexical, "_SPARE", 0.01)  # too few of what is found first are allowed
    assert index.search("gull", k, within, rows=np.array([2, 3, 7, 900])) == index.search("gull", k, within)


many = st.lists(st.tuples(texts, st.none() | texts), min_size=8, max_size=30)


@pytest.mark.parametrize("most", [0.3, 1])
@settings(max_examples=40, deadline=None)
@given(articles=many, asked=texts, share=st.floats(0.2, 1), k=st.integers(1, 12), seed=st.integers(0, 9))
def test_what_filters_allow_is_found_as_if_nothing_else_were_looked_at(most, articles, asked, share, k, seed):
    index = built(*(entry(row, text, title=title) for row, (text, title) in enumerate(articles, 1)))
    rows = np.random.default_rng(seed).permutation(np.arange(1, len(articles) + 1))
    rows = rows[: max(1, int(share * len(articles)))]
    chosen = set(rows.tolist())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "EXACT", 0)
        found = index.search(asked, k, Limits(events=True), rows=rows, most=most)
        whole = [each for each in index.search(asked, 99, most=most) if each[0] in chosen]
    assert len(found) == min(k, len(whole))
    assert {row for row, _ in found} <= chosen
    assert [score for _, score in found] == pytest.approx([score for _, score in whole[:k]], abs=1e-6)


def test_rows_that_are_allowed_bind_in_a_large_index(monkeypatch):
    index = built(*(entry(row, "gull " * (row % 7 + 1) + "fog") for row in range(1, 200)))
    monkeypatch.setattr(lexical, "EXACT", 0)
    scores = dict(index.search("gull", 199))
    allowed = np.arange(1, 200, 2)
    found = index.search("gull", 20, Limits(events=True), rows=allowed)
    assert {row % 2 for row, _ in found} == {1}
    assert [score for _, score in found] == sorted((scores[row] for row in allowed), reverse=True)[:20]


def test_common_words_can_be_left_out_unless_all_are():
    index = built(*(entry(row, "gull fog" if row > 2 else "gull quay") for row in range(1, 11)))
    whole = dict(index.search("gull quay", 10))
    assert len(whole) == 10
    rare = dict(index.search("gull quay", 10, most=0.5))
    assert rare.keys() == {1, 2}
    assert rare[1] == pytest.approx(whole[1] - whole[3])  # what "gull" adds, which all have alike
    assert dict(index.search("gull", 10, most=0.5)) == dict(index.search("gull", 10))


def test_a_question_is_searched_in_every_language_and_stemmed_in_each():
    index = built(
        entry(1, "Police detained two fishermen.", name="english"),
        entry(2, "Полиция задержала двух рыбаков.", name="russian"),
        entry(3, "detained", name=PLAIN),
    )
    assert [row for row, _ in index.search("detaining fisherman", 5)] == [
        1
    ]  # not 3: plain words aren't stemmed
    assert {row for row, _ in index.search("detained", 5)} == {1, 3}
    assert [row for row, _ in index.search("рыбак", 5)] == [2]
    assert [row for row, _ in index.search("ЗАДЕРЖАЛИ", 5)] == [2]
    assert {row for row, _ in index.search("fishermen рыбаки", 5)} == {1, 2}


def test_accents_and_case_do_not_matter():
    index = built(entry(1, "Café Ölçer in Şırnak", name="english"), entry(2, "ёлка", name="russian"))
    assert [row for row, _ in index.search("CAFE olcer sirnak", 5)] == [1]


def test_a_title_counts_half_a_text():
    index = built(entry(1, "fog", title="gull"), entry(2, "gull", title="fog"), entry(3, "ash", title="ash"))
    (first, best), (second, less) = index.search("gull", 5)
    assert (first, second) == (2, 1)
    assert less == pytest.approx(best / 2)


def test_knows_tells_whether_text_or_title_holds_a_term():
    index = built(entry(1, "gulls", title="Piers", name="english"))
    assert index.knows("english", "gull")
    assert index.knows("english", "pier")
    assert not index.knows("english", "fog")
    assert not index.knows("russian", "gull")


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "любой текст", "english"),
        ("ru-RU", "any text", "russian"),
        ("RU", "any text", "russian"),
        ("kk", "кез келген мәтін", PLAIN),
        (None, "Police detained two fishermen.", "english"),
        (None, "Полиция задержала двух рыбаков на пирсе Vell.", "russian"),
        (None, "警方拘留了两名渔民", PLAIN),
        (None, "", "english"),
    ],
)
def test_the_analyser_is_that_of_the_language_else_of_the_script(language, text, name):
    assert analyser_name(language, text) == name


def test_content_terms_leave_out_stop_words_and_keep_the_word_as_written():
    assert [(term.term, term.word) for term in content_terms("english", "Who was Detained in Oral?")] == [
        ("detain", "Detained"),
        ("oral", "Oral"),
    ]
    assert [term.word for term in content_terms("russian", "Кто и когда закрыл мост?")][-2:] == [
        "закрыл",
        "мост",
    ]
    assert content_terms("english", "Who is it?") == []


def test_terms_are_distinct_in_order_of_first_use():
    assert terms("english", "Gulls and piers and a gull") == ["gull", "and", "pier", "a"]


@pytest.mark.parametrize(
    "name",
    [
        "arabic",
        "danish",
        "dutch",
        "english",
        "finnish",
        "french",
        "german",
        "greek",
        "hungarian",
        "italian",
        "norwegian",
        PLAIN,
        "portuguese",
        "romanian",
        "russian",
        "spanish",
        "swedish",
        "tamil",
        "turkish",
    ],
)
def test_every_analyser_can_be_made_and_folds_case(name):
    assert analyser(name).analyze("VELL") == analyser(name).analyze("vell")
    assert content_terms(name, string.ascii_letters * 10) == []  # a run of 520 letters is no word
