import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Origin, Span, sha256_of

SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Span(min(pair), max(pair)))


@given(st.text(), SPANS)
def test_span_is_a_slice(text, span):
    assert span.of(text) == text[span.start : span.end]


def test_offsets_count_code_points_not_bytes_or_utf16_units():
    assert Span(2, 6).of("😀 Орал") == "Орал"


@given(SPANS, SPANS)
def test_overlap_and_holding_agree_with_sets_of_offsets(one, other):
    inside, outside = set(range(one.start, one.end)), set(range(other.start, other.end))
    if inside and outside:
        assert one.overlaps(other) == bool(inside & outside)
        assert one.holds(other) == (outside <= inside)


def test_spans_that_touch_do_not_overlap():
    assert not Span(0, 5).overlaps(Span(5, 9))


def test_spans_sort_by_start_then_end():
    assert sorted([Span(3, 4), Span(0, 9), Span(0, 2)]) == [Span(0, 2), Span(0, 9), Span(3, 4)]


def test_an_article_takes_its_facts_and_hashes_its_text():
    facts = Facts(id="ignored", title="T", source="S", author="A", published="2012", url="U", language="kk")
    article = Article.from_facts(facts, id="given", text="Орал", origin=Origin("/a.txt"))
    assert (article.id, article.title, article.source, article.author) == ("given", "T", "S", "A")
    assert (article.published, article.url, article.language) == ("2012", "U", "kk")
    # The bytes of О, р, а, л in UTF-8, by the Unicode tables.
    assert article.sha256 == hashlib.sha256(b"\xd0\x9e\xd1\x80\xd0\xb0\xd0\xbb").hexdigest()


def test_sha256_of_a_published_example():
    # FIPS 180-2, appendix B.1.
    assert sha256_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_line_ends_change_the_hash():
    assert sha256_of("a\n") != sha256_of("a\r\n")


@pytest.mark.parametrize(
    ("origin", "shown"), [(Origin("/x/a.txt"), "/x/a.txt"), (Origin("/x/c.jsonl", 7), "/x/c.jsonl:7")]
)
def test_an_origin_is_shown_with_its_line(origin, shown):
    assert str(origin) == shown
