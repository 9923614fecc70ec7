from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Furniture, Origin, Span
from corpus.furniture import find_furniture
from corpus.passages import WORDS, context_text, split
from corpus.reading import read_paths
from corpus.sentences import paragraphs, sentences

NOTE = "Ana Reyes is a journalist based in Sorn."


def article_of(text, **facts):
    return Article.from_facts(Facts(**facts), id="a", text=text, origin=Origin("/a"))


def sentence(words, first="Word"):
    """A sentence of so many words."""
    return " ".join([first, *["word"] * (words - 1)]) + "."


def passages(text, furniture=(), words=WORDS):
    return [passage.span.of(text) for passage in split(article_of(text), list(furniture), words=words)]


def test_what_fits_is_one_passage_across_paragraphs():
    text = "One two three. Four five.\n\nSix seven.\n"
    [passage] = split(article_of(text), [], words=7)
    assert (passage.article_id, passage.start, passage.end, passage.is_note) == ("a", 0, 37, False)
    assert [span.of(text) for span in passage.sentences] == ["One two three.", "Four five.", "Six seven."]


def test_a_text_over_the_limit_is_cut_in_about_equal_parts():
    # 12 sentences of 10 words: at 50 words a passage 3 are needed, and 4 sentences each leave no crumb.
    text = " ".join([sentence(10)] * 12)
    found = split(article_of(text), [], words=50)
    assert [len(passage.sentences) for passage in found] == [4, 4, 4]


def test_a_sentence_over_the_limit_is_a_passage_by_itself():
    long = sentence(30)
    assert passages(f"One two. {long} Three four.", words=10) == ["One two.", long, "Three four."]


def test_furniture_parts_passages_and_is_in_none():
    text = "One two.\n\nplease wait\n\nThree four. Sign up now. Five six."
    wait = Furniture(10, 21, "navigation")
    call = Furniture(text.index("Sign"), text.index(" Five"), "call")
    assert passages(text, [wait, call]) == ["One two.", "Three four.", "Five six."]


def test_furniture_at_the_edges_leaves_the_rest_whole():
    text = "Home\nOne two.\nThree four.\nShare"
    edges = [Furniture(0, 4, "navigation"), Furniture(len(text) - 5, len(text), "navigation")]
    assert passages(text, edges) == ["One two.\nThree four."]


def test_nothing_but_furniture_has_no_passage():
    assert passages("Home", [Furniture(0, 4, "navigation")]) == []


def test_an_authors_note_is_a_passage_of_its_own():
    text = f"{sentence(40)}\n\n{sentence(40)}\n\n{NOTE}"
    assert [(passage.span.of(text), passage.is_note) for passage in split(article_of(text), [])] == [
        (f"{sentence(40)}\n\n{sentence(40)}", False),
        (NOTE, True),
    ]


def test_a_script_without_spaces_is_measured_by_its_characters():
    # A run of 18 letters counts as one word and 9 more: 24 sentences are 240 words, two passages.
    text = ("他们在广场上等了三个小时才走回家去的" + "。") * 24
    found = split(article_of(text, language="zh"), [], words=120)
    assert [len(passage.sentences) for passage in found] == [12, 12]


def test_a_run_of_letters_without_end_is_no_single_word():
    # A run of 199 letters and a full stop is as long as 10 words: 12 of them fill a passage.
    text = " ".join(["X" * 199 + "."] * 24)
    assert [len(passage.sentences) for passage in split(article_of(text), [], words=120)] == [12, 12]


LINES = st.lists(
    st.sampled_from(
        [
            *(
                "One.",
                "Home",
                "please wait",
                "0:00 1:25",
                "***",
                NOTE,
                "“Why?” Ana Reyes asked. Nobody knew.",
            ),
            *(sentence(9), sentence(30), " ".join([sentence(5)] * 20), "Орал. Қала.", "你好。再见。", ""),
            *(
                "Sign up for our newsletter.",
                "word " * 300,
                f"{sentence(9)} Sign up here for our newsletter. Go.",
            ),
        ]
    )
    | st.text(max_size=10),
    max_size=10,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\n\n"]), st.integers(1, 60))
def test_passages_are_every_sentence_that_is_not_furniture_once_and_in_order(lines, end, words):
    article = article_of(end.join(lines))
    furniture = find_furniture(article)
    found = split(article, furniture, words=words)
    all_sentences = [
        span
        for paragraph in paragraphs(article.text)
        for span in sentences(article.text, paragraph, None)
        if not any(mark.span.overlaps(span) for mark in furniture)
    ]
    assert [span for passage in found for span in passage.sentences] == all_sentences
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert not any(mark.span.overlaps(passage.span) for mark in furniture for passage in found)
    for passage in found:
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        between = [article.text[one.end : other.start] for one, other in pairwise(passage.sentences)]
        assert not "".join(between).strip()


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), st.integers(5, 60))
def test_no_passage_of_several_sentences_is_over_the_limit(lengths, words):
    text = " ".join(map(sentence, lengths))
    for passage in split(article_of(text), [], words=words):
        count = len(passage.span.of(text).split())
        assert count <= words or len(passage.sentences) == 1


@pytest.mark.parametrize("language", [None, "xx-weird", "12", "klingon", "", "😀", "zh", "ar", "kk", "ru"])
def test_any_language_is_split(language):
    text = "Он ждал. 他走了。 وصل الوفد. One two."
    found = split(article_of(text, language=language), [])
    assert [passage.span for passage in found] == [Span(0, len(text))]


def test_the_five_articles_are_covered_but_for_their_furniture(shared):
    for article in read_paths([shared / "articles"]):
        furniture = find_furniture(article)
        covered = set()
        for span in [*furniture, *split(article, furniture)]:
            covered.update(range(span.start, span.end))
        assert not [
            at for at, letter in enumerate(article.text) if not letter.isspace() and at not in covered
        ]


@pytest.mark.slow
def test_a_news_archive_is_split_in_seconds(shared):
    import time

    corpus = shared / "data" / "dev" / "realtimeqa-2022" / "corpus.jsonl"
    if not corpus.exists():
        pytest.skip(f"{corpus} is not here")
    articles = [each for each in read_paths([corpus]) if isinstance(each, Article)]
    assert len(articles) == 3748
    started = time.process_time()
    for article in articles:
        split(article, find_furniture(article))
    assert time.process_time() - started < 30


@pytest.mark.parametrize(
    ("title", "text"), [("Ferry sails", "Ferry sails. One two."), (None, "One two."), ("", "One two.")]
)
def test_the_title_stands_before_a_passage_that_is_encoded(title, text):
    assert context_text(title, "One two.") == text
