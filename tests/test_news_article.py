import json

import pytest

from corpus.errors import InputError
from corpus.formats.news_article import read

ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ferry sails",
    "articleBody": "The ferry sails.",
    "author": [{"@type": "Person", "name": "Ana Reyes"}, "Per Lund"],
    "publisher": {"name": "Courier"},
    "datePublished": "2021-03-18",
    "inLanguage": {"@type": "Language", "alternateName": "en"},
    "mainEntityOfPage": {"@id": "https://courier.example/1"},
}


@pytest.mark.parametrize("whole", [ARTICLE, [ARTICLE], {"@graph": [{"@type": "Person"}, ARTICLE]}])
def test_an_article_is_found_wherever_it_stands(whole):
    [(facts, text)] = read(json.dumps(whole).encode())
    assert (facts.title, facts.author, facts.source) == ("Ferry sails", "Ana Reyes, Per Lund", "Courier")
    assert (facts.published, facts.language) == ("2021-03-18", "en")
    assert (facts.url, text) == ("https://courier.example/1", "The ferry sails.")


def test_markup_in_the_body_is_taken_off():
    [(_, text)] = read(json.dumps({**ARTICLE, "articleBody": "<p>One.</p><p>Two.</p>"}).encode())
    assert text == "One.\n\nTwo."


def test_a_file_without_an_article_is_refused():
    [error] = read(b'{"@type": "Person", "name": "Ana"}')
    assert isinstance(error, InputError)
    with pytest.raises(InputError, match="not JSON"):
        read(b"{")
