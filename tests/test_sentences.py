import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from corpus.reading import read_paths
from corpus.sentences import MAX_SENTENCE, ends_sentence, is_body, paragraphs, sentences

MARKS = ".!?…,;:\"'“”‘’«»()[]-–—。！？،؟।\n\r\t \u00a0\u2028"
WORDS = ["the", "Police", "Mr", "J", "Alga!", "1.7", "Орал", "қала", "你好", "سلام", "e\u0301", "😀", "U.S."]
TEXTS = st.lists(st.sampled_from([*WORDS, *MARKS]) | st.text(max_size=3), max_size=60).map("".join)
LANGUAGES = st.sampled_from(
    [None, "en", "ru", "kk", "ar", "zh", "xx-weird", "12", "klingon", "en_US", "", "😀"]
)


def cut(text, language="en"):
    """The sentences of a text's paragraphs, as text."""
    return [
        [span.of(text) for span in sentences(text, paragraph, language)] for paragraph in paragraphs(text)
    ]


def solid(words):
    return [character for character in words if not character.isspace()]


@given(TEXTS)
def test_paragraphs_cover_every_character_that_is_not_white_space(text):
    spans = paragraphs(text)
    assert solid(text) == [character for span in spans for character in solid(span.of(text))]
    assert all(span.of(text).strip() == span.of(text) for span in spans)
    assert all(one.end <= next_one.start for one, next_one in pairwise(spans))
    assert all(span.start < span.end for span in spans)


@given(TEXTS, LANGUAGES)
def test_sentences_cover_every_character_of_their_paragraph_that_is_not_white_space(text, language):
    for paragraph in paragraphs(text):
        spans = sentences(text, paragraph, language)
        words = [character for span in spans for character in solid(span.of(text))]
        assert words == solid(paragraph.of(text))
        assert all(paragraph.holds(span) for span in spans)
        assert all(one.end <= next_one.start for one, next_one in pairwise(spans))
        assert all(span.of(text).strip() == span.of(text) for span in spans)


@given(TEXTS, st.integers(2, 12))
def test_pieces_cover_their_paragraph_and_keep_to_the_limit(text, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus.sentences.MAX_SENTENCE", most)
        patch.setattr("corpus.sentences._MAX_PART", 2 * most)
        pieces = [piece for paragraph in cut(text) for piece in paragraph]
    assert [character for piece in pieces for character in solid(piece)] == solid(text)
    assert all(0 < len(piece) <= most for piece in pieces)


def test_every_sentence_of_the_five_articles_covers_its_paragraph(shared):
    articles = [each for each in read_paths([shared / "articles"]) if isinstance(each, Article)]
    assert len(articles) == 5
    for article in articles:
        for paragraph in paragraphs(article.text):
            spans = sentences(article.text, paragraph, article.language)
            joined = "".join(span.of(article.text) for span in spans)
            assert solid(joined) == solid(paragraph.of(article.text))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_is_a_paragraph_and_so_is_a_block(end):
    text = end.join(["One ends here.", "Two ends here.", "", "  ", "Three ends here.", ""])
    assert [span.of(text) for span in paragraphs(text)] == [
        *("One ends here.", "Two ends here.", "Three ends here."),
    ]


def test_lines_broken_at_a_width_are_one_paragraph():
    lines = [
        "The harbour of Vell was closed on Monday after the crane at the eastern",
        "pier fell into the water, and the ferry to Sorn will not sail until the",
        "wreck is lifted.",
    ]
    text = "Before.\n\n" + "\n".join(lines) + "\n\nAfter."
    assert [span.of(text) for span in paragraphs(text)] == ["Before.", "\n".join(lines), "After."]


def test_the_lines_of_a_poem_are_not_joined():
    text = "The gull is back\nabove the pier\nand nobody\nhas counted it"
    assert [span.of(text) for span in paragraphs(text)] == text.split("\n")


def test_white_space_alone_has_no_paragraph():
    assert paragraphs(" \n\r\n\t\u00a0\n") == []
    assert paragraphs("") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mr. Smith met Dr. J. Lind in the U.S. on Feb. 5. They spoke.",
            ["Mr. Smith met Dr. J. Lind in the U.S. on Feb. 5.", "They spoke."],
        ),
        ("It won 1.7 percent. It lost.", ["It won 1.7 percent.", "It lost."]),
        # A cry within a sentence, and who cried.
        (
            "They shouted “Freedom!” as they ran. It rained.",
            ["They shouted “Freedom!” as they ran.", "It rained."],
        ),
        ("“Why now?” Ana Reyes asked. Nobody spoke.", ["“Why now?” Ana Reyes asked.", "Nobody spoke."]),
        ('"Go home!" Lind told the crowd. It stayed.', ['"Go home!" Lind told the crowd.', "It stayed."]),
        ("The Alga! party met. It voted.", ["The Alga! party met.", "It voted."]),
        # What is said in a whole sentence and then told is two sentences.
        ("He called it “a gift.” Lind said no.", ["He called it “a gift.”", "Lind said no."]),
        # A name with full stops inside.
        ("She is of the Rukh.Pen.Til group. She left.", ["She is of the Rukh.Pen.Til group.", "She left."]),
        ("The rally was over.The police left.", ["The rally was over.", "The police left."]),
        # An opening quotation mark goes with what it opens, also where the one before was never closed.
        ("It was late. “Come in. It rains,’ he said.", ["It was late.", "“Come in.", "It rains,’ he said."]),
        ('"We won," Lind said. "Nobody knows how. ', ['"We won," Lind said.', '"Nobody knows how.']),
        ("The palace was full. “Ms. Reyes came.", ["The palace was full.", "“Ms. Reyes came."]),
        # Other languages.
        ("Он приехал в г. Орал. Его ждали.", ["Он приехал в г. Орал.", "Его ждали."]),
        ("Ол Оралға келді. Оны күтті!", ["Ол Оралға келді.", "Оны күтті!"]),
        ("他来了。他走了！真的吗？", ["他来了。", "他走了！", "真的吗？"]),
        ("وصل الوفد. هل غادر؟ نعم.", ["وصل الوفد.", "هل غادر؟", "نعم."]),
    ],
)
def test_sentences_of_one_paragraph(text, expected):
    languages = {"О": "ru", "他": "zh", "و": "ar"}
    assert cut(text, languages.get(text[0], "en")) == [expected]


def test_without_a_language_other_scripts_are_still_cut():
    assert cut("他来了。他走了！", None) == [["他来了。", "他走了！"]]
    assert cut("Его ждали. Он приехал.", None) == [["Его ждали.", "Он приехал."]]


def test_a_run_without_an_end_is_cut_at_spaces():
    text = "word " * 1000
    [pieces] = cut(text)
    assert all(set(piece.split()) == {"word"} for piece in pieces)
    # As many words as fit: 200 words of 4 letters with a space between them are 999 characters.
    assert [len(piece.split()) for piece in pieces] == [200] * 5
    assert max(map(len, pieces)) <= MAX_SENTENCE


def test_a_run_without_spaces_is_cut_at_the_limit():
    assert [len(piece) for piece in cut("x" * 2500)[0]] == [MAX_SENTENCE, MAX_SENTENCE, 500]


def test_a_long_quote_is_cut_after_a_sentence():
    text = "“" + "We came to the square to be seen. " * 60 + "We left,” she said."
    [pieces] = cut(text)
    assert len(pieces) == -(-len(text) // MAX_SENTENCE)
    assert all(piece.endswith("seen.") for piece in pieces[:-1])


def test_a_long_quote_without_spaces_is_cut_after_a_sentence_too():
    text = "“" + "他们在广场上等了三个小时。" * 200 + "”"
    [pieces] = cut(text, "zh")
    assert len(pieces) > 2
    assert all(piece.endswith("。") for piece in pieces[:-1])


def test_no_article_without_punctuation_is_one_sentence():
    text = "\r".join(["the ferry sails again tomorrow " * 100] * 3)
    assert max(len(piece) for pieces in cut(text) for piece in pieces) <= MAX_SENTENCE


@pytest.mark.parametrize(
    ("unit", "length"),
    [
        *[(unit, 200_000) for unit in ("a! ", "“a b. ", "Ab.", "a\n", "( ", '"" ', ". ", "\r\n \t", "Mr. ")],
        ("«a. ", 800_000),  # quotes that are never closed: sentencex alone takes half a minute
    ],
)
def test_time_grows_with_the_length_and_not_with_its_square(unit, length):
    text = unit * (length // len(unit))
    started = time.process_time()
    cut(text)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "words", ["It ended.", "Did it?", "He said:", "“No.”", "Done.) ", "。", "نعم؟", "so…", "é।"]
)
def test_marks_that_end_a_sentence(words):
    assert ends_sentence(words)


@pytest.mark.parametrize(
    "words", ["", "Breaking News", "1.7 percent", "so,", "U.S. dollar", "(aside)", "“word”"]
)
def test_what_does_not_end_as_a_sentence(words):
    assert not ends_sentence(words)


def test_a_body_paragraph_has_eight_words_and_an_end():
    assert is_body("One two three four five six seven eight.")
    assert not is_body("One two three four five six seven.")
    assert not is_body("One two three four five six seven eight")
