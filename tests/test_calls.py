import pytest

from corpus.article import Article, Facts, Origin, Span
from corpus.calls import calls_in, opens_with_call


def calls(text, *, within_body, source=None):
    article = Article.from_facts(Facts(source=source), id="a", text=text, origin=Origin("/a"))
    return [span.of(text) for span in calls_in(article, Span(0, len(text)), within_body=within_body)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign up for our free weekly newsletter.",
        "Please subscribe to our newsletter here.",
        "Get the day’s stories in your inbox.",
        "Follow us on Facebook!",
        "Click here to donate.",
        "• Join our Telegram channel",
        "Become a subscriber and read our paper.",
    ],
)
def test_calls_that_only_the_page_can_make_are_found_anywhere(sentence):
    assert calls(sentence, within_body=False) == [sentence]
    assert calls(sentence, within_body=True) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign up for the newsletter of your town.",
        "Support The Courier: Help keep our journalism open to all.",
        "Become a member today.",
        "Please support our work.",
    ],
)
def test_calls_that_may_be_the_articles_own_words_are_found_outside_its_body_only(sentence):
    assert calls(sentence, within_body=False) == [sentence]
    assert calls(sentence, within_body=True) == []


def test_a_call_that_names_the_outlet_is_the_pages_anywhere():
    sentence = "Sign up for Vell Courier’s free newsletter."
    assert calls(sentence, within_body=True) == []
    assert calls(sentence, within_body=True, source="Sorn Herald") == []
    for source in ("VellCourier.org", "Vell Courier", "vellcourier.com"):
        assert calls(sentence, within_body=True, source=source) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Residents must sign up for the newsletter by Friday.",
        "“Sign up for our newsletter,” the mayor said.",
        "Sign up for our newsletter, the mayor told residents.",
        "Support for the strike grew on our Facebook page.",
        "Follow-up to our reporting led to two arrests.",
        "Share prices fell after our coverage.",
        "Download speeds fell and our app stopped.",
        "Join us on Saturday at the square.",
        "Get a film subscription for ten crowns a year.",
        "Register offices are closed.",
        "Our newsletter is read in nine towns.",
        "The paper's newsletter was banned.",
        "Subscribe to the view that the sea is rising.",
    ],
)
def test_sentences_of_articles_are_no_calls(sentence):
    assert calls(sentence, within_body=False) == []


def test_a_long_sentence_is_no_call():
    long = "Sign up for our newsletter " + "and read what is new in Vell " * 5 + "today."
    assert calls(long, within_body=False) == []


def test_a_call_broken_over_lines_is_one():
    assert calls("Sign\nup for our\r\nnewsletter.", within_body=True) == ["Sign\nup for our\r\nnewsletter."]


def test_only_the_call_is_taken_from_its_paragraph():
    text = "The bridge opens on Monday. Sign up for our newsletter."
    assert calls(text, within_body=True) == ["Sign up for our newsletter."]


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("Sign up for our newsletter. It is free and comes every week.", True),
        ("The bridge opens on Monday. Sign up for our newsletter.", False),
        ("The bridge opens on Monday.", False),
    ],
)
def test_a_paragraph_that_opens_with_a_call(text, opens):
    article = Article.from_facts(Facts(), id="a", text=text, origin=Origin("/a"))
    assert opens_with_call(article, Span(0, len(text))) is opens


LINKS = ["Watch the video of the rescue here.", "Answers here.", "You can read the whole study here"]
FUNDED = "Coverage of the harbour is made possible in part by a grant from the Holm Foundation."


@pytest.mark.parametrize("sentence", LINKS)
def test_a_link_in_the_words_of_a_sentence_is_a_call_where_nothing_else_is_on_the_line(sentence):
    assert calls(sentence, within_body=True) == [sentence]
    assert calls(f"The crane fell in March. {sentence}", within_body=True) == []


def test_words_that_end_in_here_without_a_link_stay():
    for sentence in ("Find your way out of here.", "“Watch the pier from here.”", "The ferry is here."):
        assert calls(sentence, within_body=False) == []


def test_who_pays_for_a_series_is_a_call_anywhere():
    assert calls(FUNDED, within_body=True) == [FUNDED]
    said = "The museum was made possible by a grant from the county."
    assert calls(said, within_body=True) == []


def test_a_call_to_visit_the_outlets_own_page_is_found_outside_the_body_only():
    sentence = "To find more recalls of cars, toys and lamps, visit Vell Courier’s recalls page."
    assert calls(sentence, within_body=False, source="Vell Courier") == [sentence]
    assert calls(sentence, within_body=True, source="Vell Courier") == []
