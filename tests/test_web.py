import json

from feedgen.feed import FeedGenerator
from serving import served

from corpus import fetching
from corpus.article import Article, Origin
from corpus.web import read_addresses
from qa.cli import main

TEXT = "The ferry between Vell and Sorn sails again on Monday, the harbour office of Vell said on Thursday."
PAGE = f"<html lang=en><head><title>Ferry</title></head><body><article><p>{TEXT}</p></article></body></html>"


def feed():
    feed = FeedGenerator()
    feed.title("Courier")
    feed.link(href="http://courier.example/")
    feed.description("News")
    entry = feed.add_entry()
    entry.id("urn:1")
    entry.title("Ferry")
    entry.content(TEXT, type="html")
    return feed.rss_str()


PAGES = {
    "/page": (200, {"Content-Type": "text/html"}, PAGE.encode()),
    "/moved": (301, {"Location": "/page"}, b""),
    "/feed": (200, {"Content-Type": "application/rss+xml"}, feed()),
    "/plain": (200, {"Content-Type": "text/plain"}, TEXT.encode()),
    "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/private": (302, {"Location": "http://10.0.0.1/"}, b""),
}


def test_pages_feeds_and_texts_become_articles_and_the_rest_is_told(monkeypatch):
    monkeypatch.setattr(fetching, "_PAUSE", 0.0)
    with served(PAGES) as (host, _):
        urls = [f"http://{host}{path}" for path in PAGES]
        found = list(read_addresses(urls, allowed={host}, prefix="web"))
    page, moved, entry, plain = [each for each in found if isinstance(each, Article)]
    assert (page.id, page.origin) == (f"web/{urls[0]}", Origin(urls[0]))
    assert (page.title, page.text, page.url) == ("Ferry", TEXT, urls[0])
    assert (moved.id, moved.url) == (f"web/{urls[1]}", urls[0])
    assert (entry.id, entry.source, entry.origin) == ("web/urn:1", "Courier", Origin(urls[2], 1))
    assert (plain.text, plain.language) == (TEXT, "en")
    picture, private = [each for each in found if not isinstance(each, Article)]
    assert "'image/png', which is not read" in picture.reason
    assert "no public address" in private.reason


def test_add_takes_an_address(tmp_path, capsys):
    with served(PAGES) as (host, _):
        arguments = [
            "add",
            f"http://{host}/page",
            "--archive",
            str(tmp_path / "a"),
            "--model",
            "hashed-words",
        ]
        assert main([*arguments, "--json"]) == 2
        assert "--allow-private" in json.loads(capsys.readouterr().out)["failed"][0]["reason"]
        assert main([*arguments, "--allow-private", host, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["added"] == [f"http://{host}/page"]
        assert main([*arguments, "--allow-private", host, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["unchanged"] == [f"http://{host}/page"]
