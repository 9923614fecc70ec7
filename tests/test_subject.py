"""Whether a quote is of what a question asks about, by its names and words."""

import pytest

from corpus.article import Article, Facts, Origin, Span
from qa.answer import Quote
from qa.subject import is_of_it, named_in, names_another


def quoted(text, *, before="", title=None, value="12"):
    """A quote of a text that stands after other words of its article, and where its value is."""
    whole = f"{before}{text}"
    article = Article.from_facts(
        Facts(title=title, language="en"), id="one", text=whole, origin=Origin("/invented")
    )
    start = whole.index(value, len(before))
    span = Span(start, start + len(value))
    return Quote(article, len(before), len(whole), span, 0.9), span


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("How many boats has Reddick?", "Reddick has 12 boats.", False),
        ("How many boats has Tam Reddick?", "Reddick has 12 boats.", False),
        ("How many boats has Tam Reddick?", "Ona Brisk has 12 boats.", True),
        ("How many boats has Vell?", "The Vellish have 12 boats.", False),
        ("How many boats has Ukraine?", "The Ukrainian navy has 12 boats.", False),
        ("How many boats has Toqaev?", "Tokayev has 12 boats.", False),
        ("How long is the Petrel Line?", "A line of 12 miles is not built yet.", True),
        ("How many boats are there?", "Ona Brisk has 12 boats.", False),
        ("How old is Tam Reddick?", "Reddick met the 12-year-old Ona Brisk.", True),
        ("How old is Tam Reddick?", "The 12-year-old Reddick met Ona Brisk.", False),
        ("How many boats did Brisk sell to Marrow?", "Brisk sold 12 boats to Vell.", True),
    ],
)
def test_a_quote_that_names_others_is_of_another(question, text, another):
    value = "12-year" if "12-year" in text else "12"
    assert names_another(question, *quoted(text, value=value), spellings=True) is another


def test_a_name_may_stand_in_the_title_or_just_before_where_no_other_is_named():
    asked = "How many boats has Reddick?"
    text = "In Vell he has 12 boats."
    assert names_another(asked, *quoted(text), spellings=True)
    assert not names_another(asked, *quoted(text, title="Reddick’s boats"), spellings=True)
    assert not names_another(asked, *quoted(text, before="Reddick is rich. "), spellings=True)
    assert names_another(
        asked, *quoted("Then Brisk had 12 boats.", before="Reddick is rich. "), spellings=True
    )
    assert names_another(
        asked, *quoted(text, before=f"Reddick is rich. {'It rained. ' * 40}"), spellings=True
    )


def test_spellings_are_one_only_where_they_count():
    quote, value = quoted("Tokayev has 12 boats.")
    assert names_another("How many boats has Toqaev?", quote, value, spellings=False)


@pytest.mark.parametrize(
    ("question", "text", "enough", "most"),
    [
        ("How many boats sank in the storm?", "The storm sank 12 boats.", True, True),
        ("How many workers did the fire at the mill injure?", "It injured 12 workers.", True, False),
        ("When did the Petrel sail?", "The Petrel was built in 12.", True, False),
        ("How many threatened trees burned in the fire?", "It has 12 leaves.", False, False),
        ("How much is it?", "It is 12.", True, False),
    ],
)
def test_a_quote_has_enough_of_the_words_of_a_question(question, text, enough, most):
    quote, _ = quoted(text)
    assert is_of_it(question, quote, whole=False, spellings=True) is enough
    assert is_of_it(question, quote, whole=True, spellings=True) is most


def test_the_names_in_a_quote_are_not_its_value_nor_days():
    quote, value = quoted("Brisk met Reddick in Vell on Monday with 12 Marrow men.", value="12 Marrow")
    assert named_in(quote, value) == {"reddick", "vell"}
    assert named_in(quote, value, places=False) == {"reddick"}
