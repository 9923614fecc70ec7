"""Formats that programs write by the standard library or feedgen: from file to verified quote.

Documents and saved pages of other programs are in `test_made_elsewhere.py`.
"""

import csv
import json
import mailbox
import zipfile
from email.message import EmailMessage

import pytest
from feedgen.feed import FeedGenerator

from corpus.columns import read_columns
from corpus.reading import read_paths
from qa import Answerer, Archive, Retriever

TEXT = (
    "The harbour office said that the ferry carried 412 passengers on its first day.\n\n"
    "Engineers had looked at the pier for three months."
)
QUOTE = "The harbour office said that the ferry carried 412 passengers on its first day."
FACTS = {
    "id": "ferry-1",
    "title": "Паром снова пойдёт",
    "source": "The Vell Courier",
    "author": "Анна Рейес",
    "published": "2021-03-18",
    "url": "https://courier.example/ferry",
    "language": "en",
}
RECORD = {**FACTS, "text": TEXT}
OTHERS = {
    "text": "Artikel",
    "title": "Überschrift",
    "published": "Tag",
    "id": "Nr",
}  # a newsroom's own columns
COLUMNS = tuple(f"{fact}={name}" for fact, name in OTHERS.items())


def table(file, record, separator):
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows([record.keys(), record.values()])


def letter():
    letter = EmailMessage()
    letter["Message-ID"] = "<ferry-1@courier.example>"
    letter["Subject"] = FACTS["title"]
    letter["From"] = f"{FACTS['author']} <anna@courier.example>"
    letter["Date"] = "Thu, 18 Mar 2021 23:30:00 +0500"
    letter["Content-Language"] = "en"
    letter.set_content(TEXT, charset="utf-8", cte="base64")
    letter.add_alternative(f"<p>{TEXT}</p>", subtype="html")
    letter.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="отчёт.pdf")
    return letter


def feed():
    feed = FeedGenerator()
    feed.id("https://courier.example/")
    feed.title(FACTS["source"])
    feed.link(href="https://courier.example/")
    feed.description("News")
    feed.language("en")
    entry = feed.add_entry()
    entry.id(FACTS["id"])
    entry.title(FACTS["title"])
    entry.link(href=FACTS["url"])
    entry.author(name=FACTS["author"], email="anna@courier.example")
    entry.published("2021-03-18T23:30:00+05:00")
    entry.content("".join(f"<p>{part}</p>" for part in TEXT.split("\n\n")), type="html")
    return feed


def as_json_ld():
    return {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Courier"},
            {
                "@type": "NewsArticle",
                "headline": FACTS["title"],
                "articleBody": TEXT,
                "author": [{"@type": "Person", "name": FACTS["author"]}],
                "publisher": {"@type": "Organization", "name": FACTS["source"]},
                "datePublished": "2021-03-18T23:30:00+05:00",
                "url": FACTS["url"],
                "inLanguage": "en",
            },
        ],
    }


def made(folder, kind):
    """A file of that kind with the one article, and the map of columns it needs."""
    file = folder / f"articles.{kind.removeprefix('mapped ')}"
    record = {OTHERS.get(name, name): value for name, value in RECORD.items()} if "mapped" in kind else RECORD
    columns = COLUMNS if "mapped" in kind else ()
    match kind.removeprefix("mapped "):
        case "csv" | "tsv" as suffix:
            table(file, record, "\t" if suffix == "tsv" else ";")
        case "jsonl":
            file.write_text(json.dumps(record) + "\n")
        case "jsonld":
            file.write_text(json.dumps(as_json_ld(), ensure_ascii=False), encoding="utf-8")
        case "eml":
            file.write_bytes(bytes(letter()))
        case "mbox":
            box = mailbox.mbox(file)
            box.add(letter())
            box.close()
        case "rss":
            file.write_bytes(feed().rss_str())
        case "atom":
            file.write_bytes(feed().atom_str())
        case "zip":
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
                container.writestr("Статьи/паром.txt", TEXT)
                container.writestr(
                    "Статьи/metadata.jsonl", json.dumps({"file": "паром.txt", **FACTS}, ensure_ascii=False)
                )
    return file, columns


KINDS = ["csv", "mapped csv", "tsv", "mapped tsv", "jsonl", "mapped jsonl", "jsonld", "eml", "mbox", "rss",
         "atom", "zip"]  # fmt: skip
OF_A_LETTER = {"title", "author", "published", "language"}


@pytest.mark.parametrize("kind", KINDS)
def test_facts_come_along_and_quotes_verify(tmp_path, kind):
    file, columns = made(tmp_path, kind)
    with Archive.create(tmp_path / "archive", model="hashed-words") as archive:
        found = list(read_paths([file], columns=read_columns(columns)))
        [id] = archive.add_found(found).added
        article = archive.article(id)
        known = OF_A_LETTER if kind in ("eml", "mbox") else FACTS.keys() - {"id"}
        assert {name: getattr(article, name) for name in known} == {name: FACTS[name] for name in known}
        assert article.text.strip() == TEXT
        answer = Answerer(Retriever(archive), threshold=0.0).ask("How many passengers did the ferry carry?")
        assert answer.quotes[0].text == QUOTE
        assert answer.verify().ok
        assert archive.add_found(found).unchanged == [id]
