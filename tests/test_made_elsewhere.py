"""Files that other programs made, from file to verified quote. How they were made: `data/elsewhere/HOW.md`."""

import shutil

import pytest
from feedgen.feed import FeedGenerator
from made_elsewhere import SOURCES, by_chromium, by_libreoffice, by_wget

from corpus.article import Article
from corpus.reading import read_paths
from qa import Answerer, Archive, Retriever

PILES = (
    "Harbour master Ana Reyes said that the pier had been rebuilt on forty-two steel piles, "
    "and that it would carry lorries of up to thirty tonnes."
)
BOATS = "two of his neighbours sold their boats."
TOWER = "Engineers looked at the tower for three months and found its walls sound"


def only(path):
    [article] = read_paths([path])
    assert isinstance(article, Article), article
    return article


def check_ferry(folder, kind):
    article = only(folder / f"ferry.{kind}")
    assert (article.title, article.author, article.language) == (
        "Ferry to Sorn sails again",
        "Mira Oskel",
        "en-GB",
    )
    assert PILES in article.text
    assert BOATS in article.text
    assert "Page 1" not in article.text
    return article


@pytest.mark.parametrize("kind", ["docx", "pdf", "epub"])
def test_a_document_of_libreoffice_is_read_with_what_it_says_of_itself(kind):
    article = check_ferry(SOURCES, kind)
    # LibreOffice gives a PDF the day it was exported, an EPUB none.
    assert article.published == {"docx": "2021-03-18", "pdf": "2026-11-22", "epub": None}[kind]


def test_a_pdf_knows_its_pages():
    article = only(SOURCES / "ferry.pdf")
    assert article.page_at(article.text.index(PILES)) == 1
    assert article.page_at(article.text.index(BOATS)) == 2
    assert "The Vell Courier" not in article.text, "a running title is no part of the text"
    assert article.text.count("\f") == 2


@pytest.mark.parametrize("kind", ["html", "mhtml"])
def test_a_page_saved_by_chromium_is_read_without_its_menus(kind):
    check_page(SOURCES, kind)


def check_page(folder, kind):
    article = only(folder / f"page.{kind}")
    assert article.title == "Ostra opens its lighthouse to visitors"
    assert (article.source, article.author, article.published) == (
        "The Vell Courier",
        "Lena Holm",
        "2022-05-14",
    )
    assert (article.url, article.language[:2]) == ("https://courier.example/ostra-lighthouse", "en")
    assert TOWER in article.text, "what the page's script wrote is there"
    for word in ("Weather", "cookies", "newsletter", "Related", "All rights", "Contact us"):
        assert word not in article.text


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="soffice is not here: .ci/run installs LibreOffice")
def test_libreoffice_makes_them_so_today(tmp_path):
    by_libreoffice(tmp_path)
    for kind in ("docx", "pdf", "epub"):
        check_ferry(tmp_path, kind)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not here: .ci/run installs it")
def test_chromium_saves_it_so_today(tmp_path):
    by_chromium(tmp_path)
    for kind in ("html", "mhtml"):
        check_page(tmp_path, kind)


def check_saved_pages(folder):
    page, russian = read_paths([folder / "pages.warc.gz"])
    assert (page.title, page.author, page.published) == (
        "Ostra opens its lighthouse to visitors",
        "Lena Holm",
        "2022-05-14",
    )
    assert page.id.startswith("http://127.0.0.1:")
    assert page.id.endswith("/page")
    assert page.url == "https://courier.example/ostra-lighthouse", "what the page says of itself goes first"
    assert TOWER in page.text
    assert (russian.title, russian.language, russian.url) == ("Маяк в Остре", "ru", russian.id)
    assert "Инженеры три месяца осматривали башню" in russian.text
    return russian


def test_a_web_archive_of_wget_is_an_article_a_page():
    assert check_saved_pages(SOURCES).published is None, "the day it was saved is not its date"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("wget"), reason="wget is not here: .ci/run installs it")
def test_wget_saves_it_so_today(tmp_path):
    by_wget(tmp_path)
    check_saved_pages(tmp_path)


@pytest.fixture
def generated():
    feed = FeedGenerator()
    feed.id("https://courier.example/")
    feed.title("The Vell Courier")
    feed.link(href="https://courier.example/")
    feed.description("News of Vell")
    feed.language("en")
    for number, day in ((1, "2021-03-10T23:30:00+00:00"), (2, "2021-03-11T01:00:00+02:00")):
        entry = feed.add_entry(order="append")
        entry.id(f"urn:courier:{number}")
        entry.title(f"Ferry & pier, part {number}")
        entry.link(href=f"https://courier.example/{number}")
        entry.author(name="Ana Reyes", email="ana@courier.example")
        entry.published(day)
        entry.content(f"<p>{PILES}</p><p>It <b>will</b> sail.</p><script>no()</script>", type="html")
    return feed


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_each_entry_of_a_feed_of_feedgen_is_an_article(tmp_path, generated, kind):
    file = tmp_path / f"news.{kind}"
    file.write_bytes(generated.rss_str() if kind == "rss" else generated.atom_str())
    first, second = read_paths([file])
    assert (first.id, first.origin.line) == ("urn:courier:1", 1)
    assert (first.title, first.source, first.author) == (
        "Ferry & pier, part 1",
        "The Vell Courier",
        "Ana Reyes",
    )
    assert (first.published, second.published) == ("2021-03-10", "2021-03-11"), (
        "the day as it is written, not as it is in UTC"
    )
    assert (first.url, first.language) == ("https://courier.example/1", "en")
    assert first.text == f"{PILES}\n\nIt will sail."


@pytest.mark.parametrize("name", ["ferry.docx", "ferry.pdf", "ferry.epub", "page.html", "page.mhtml"])
def test_its_quotes_verify(tmp_path, name):
    question = "How many steel piles carry the pier?" if "ferry" in name else "Who looked at the tower?"
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        report = archive.add(SOURCES / name)
        assert report.added == [name]
        answer = Answerer(Retriever(archive), threshold=0.0).ask(question)
        assert (PILES if "ferry" in name else TOWER) in answer.quotes[0].text
        assert answer.verify().ok
        page = 1 if name.endswith("pdf") else None
        assert answer.to_dict()["quotes"][0]["page"] == page
        assert ("p. 1" in answer.to_markdown()) is (page == 1)
        assert archive.add(SOURCES / name).unchanged == [name]


def test_quotes_of_a_saved_page_verify(tmp_path):
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        assert len(archive.add(SOURCES / "pages.warc.gz").added) == 2
        answer = Answerer(Retriever(archive), threshold=0.0).ask("Who looked at the tower?")
        assert TOWER in answer.quotes[0].text
        assert answer.verify().ok
        assert len(archive.add(SOURCES / "pages.warc.gz").unchanged) == 2
