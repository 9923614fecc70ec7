import json

import pytest

from corpus.errors import InputError
from corpus.formats.web_page import read

BODY = (
    "<p>The ferry between Vell and Sorn sails again on Monday, the harbour office said on Thursday.</p>"
    "<p>Its repair cost four million crowns, of which the county of Ostra pays two thirds.</p>"
)


def page(head="", body=BODY, html="<html>"):
    return f"{html}<head>{head}</head><body><article>{body}</article></body></html>".encode()


def json_ld(**told):
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def test_a_page_that_says_nothing_of_itself_has_unknown_facts():
    [(facts, text)] = read(page())
    assert [getattr(facts, name) for name in facts.__dataclass_fields__] == [None] * 7
    assert text.startswith("The ferry between Vell and Sorn")
    assert text.endswith("pays two thirds.")


def test_what_json_ld_says_goes_before_what_other_tags_say():
    head = json_ld(
        **{"@graph": [{"@type": "WebSite", "name": "no"}, {
            "@type": ["NewsArticle"], "headline": "Ferry sails", "author": {"name": "Ana Reyes"},
            "datePublished": "2021-03-18T23:00:00Z", "publisher": {"name": "Courier"}}]}
    )  # fmt: skip
    head += '<meta property="og:title" content="other"><meta property="og:url" content="https://c.example/1">'
    [(facts, _)] = read(page(head))
    assert (facts.title, facts.author, facts.published) == ("Ferry sails", "Ana Reyes", "2021-03-18")
    assert (facts.source, facts.url) == ("Courier", "https://c.example/1")


def test_meta_tags_are_read_where_there_is_no_json_ld():
    head = (
        '<meta property="og:site_name" content="Courier"><meta name="author" content="Ana Reyes">'
        '<meta property="article:published_time" content="2021-03-18"><title>Ferry sails</title>'
    )
    [(facts, _)] = read(page(head, html='<html lang="en">'))
    assert (facts.title, facts.source, facts.author) == ("Ferry sails", "Courier", "Ana Reyes")
    assert (facts.published, facts.language) == ("2021-03-18", "en")


def test_broken_json_ld_is_passed_over():
    [(facts, _)] = read(page('<script type="application/ld+json">{"@type": "NewsArticle",</script>'))
    assert facts.title is None


def test_a_date_that_is_none_is_unknown():
    [(facts, _)] = read(page('<meta name="date" content="last Monday">'))
    assert facts.published is None


def test_the_text_that_only_json_ld_carries_is_taken():
    body = "The ferry sails again. " * 40
    [(_, text)] = read(page(json_ld(**{"@type": "NewsArticle", "articleBody": body}), body="<p>Loading</p>"))
    assert text == body.strip()


def test_the_address_that_a_browser_noted_as_it_saved_the_page_is_its_url():
    raw = b"<!-- saved from url=(0024)https://courier.example/ -->" + page()
    [(facts, _)] = read(raw)
    assert facts.url == "https://courier.example/"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "/relative"])
def test_an_address_that_is_not_of_the_web_is_unknown(address):
    [(facts, _)] = read(page(f'<link rel="canonical" href="{address}">'))
    assert facts.url is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251"])
def test_other_encodings_are_read_as_they_are_declared(encoding):
    declared = "utf-8" if encoding.startswith("utf") else encoding
    text = "Паром между Веллом и Сорном снова пойдёт в понедельник, сообщили в порту города в четверг."
    raw = f'<html><head><meta charset="{declared}"></head><body><p>{text}</p></body></html>'.encode(encoding)
    [(_, found)] = read(raw)
    assert found == text


RUSSIAN = (
    "Паром между Веллом и Сорном перевёз в понедельник 412 пассажиров, сообщила администрация порта. "
    "Начальник порта Анна Рейес сказала, что причал стоит на сорока двух сваях."
)
GERMAN = "Die Fähre nach Sörn fährt wieder, sagte der Hafenmeister. Größere Schiffe müssen noch warten."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "iso-8859-5"), (GERMAN, "windows-1252")],
)
def test_letters_that_nothing_declares_are_told_by_the_bytes(text, encoding):
    script = '<script charset="utf-8" src="menu.js"></script>'
    raw = f"<html><head>{script}<title>A</title></head><body><article><p>{text}</p></article></body></html>"
    [(_, found)] = read(raw.encode(encoding))
    assert found == text


@pytest.mark.parametrize("raw", [b"", b"   ", b"<html></html>", b"<script>1</script>"])
def test_a_page_without_an_article_is_refused(raw):
    with pytest.raises(InputError):
        read(raw)


def test_an_external_entity_is_not_read():
    raw = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page(
        body=BODY + "<p>&x; is here.</p>"
    )
    [(_, text)] = read(raw)
    assert "root:" not in text
