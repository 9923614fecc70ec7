"""A file of every kind that is read, to be spoilt; and how each is read, with what may come of it."""

import io
import json
import tempfile
import zipfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from docx import Document
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from test_epub_file import epub

from corpus.article import Article
from corpus.errors import InputError
from corpus.facts import check_unicode
from corpus.formats.__main__ import _READERS
from corpus.found import Failure, Skipped
from corpus.furniture import find_furniture
from corpus.mailbox_file import letters
from corpus.passages import split
from corpus.reading import read_paths

STORY = "The ferry between Vell and Sorn sails again on Monday, the harbour office said. Nobody was hurt."
# What a reader may raise: the process that extracts turns these into words for the user.
TOLD = (InputError, MemoryError, RecursionError)


def docx():
    document = Document()
    document.core_properties.title = "Ferries"
    document.add_paragraph(STORY)
    document.add_table(1, 2).rows[0].cells[0].text = "a cell"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf():
    writer = PdfWriter()
    page = writer.add_blank_page(width=600, height=800)
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
         NameObject("/BaseFont"): NameObject("/Helvetica")}
    )  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 72 720 Td ({STORY}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": "Ferries", "/CreationDate": "D:20310409120000"})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def packed(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        for name, raw in parts.items():
            container.writestr(name.replace("_", "."), raw)
    return file.getvalue()


PAGE = (
    '<!doctype html><html lang="en"><head><title>Ferries</title><meta property="og:site_name" content="Tern">'
    '<meta name="date" content="2031-04-09"><script type="application/ld+json">{"@type": "NewsArticle",'
    f'"headline": "Ferries", "articleBody": "{STORY}"}}</script></head><body><article><h1>Ferries</h1>'
    f"<p>{STORY}</p><p>{STORY}</p></article></body></html>"
).encode()
LETTER = (
    f"From: Ana <a@b.example>\r\nDate: Wed, 09 Apr 2031 12:00:00 +0000\r\nSubject: =?utf-8?q?Ferries?=\r\n"
    f"Message-ID: <1@b.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{STORY}\r\n"
).encode()
EXTRACTED = {
    "html": PAGE,
    "mhtml": b"Snapshot-Content-Location: https://a.example/x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
    b'boundary="xx"\r\n\r\n--xx\r\nContent-Type: text/html; charset=utf-8\r\n\r\n' + PAGE + b"\r\n--xx--\r\n",
    "pdf": pdf(),
    "docx": docx(),
    "epub": epub(),
    "mail": LETTER,
    "feed": f'<?xml version="1.0"?><rss version="2.0"><channel><title>Tern</title><item><title>Ferries</title>'
    f"<guid>1</guid><pubDate>Wed, 09 Apr 2031 12:00:00 GMT</pubDate><description>&lt;p&gt;{STORY}&lt;/p&gt;"
    "</description></item></channel></rss>".encode(),
    "json": json.dumps({"@type": "NewsArticle", "headline": "Ferries", "articleBody": STORY}).encode(),
}
OTHERS = {
    ".txt": STORY.encode(),
    ".md": f"---\ntitle: Ferries\npublished: 2031-04\nauthors: [Ana, Per]\n---\n# Ferries\n\n{STORY}\n".encode(),
    ".jsonl": json.dumps(
        {"_id": "a", "title": "Ferries", "text": STORY, "date": "2031-04-09T01:02:03"}
    ).encode(),
    ".csv": f'id,title,text\na,Ferries,"{STORY}"\nb,"x","y"\n'.encode(),
    ".tsv": f"id\ttitle\ttext\na\tFerries\t{STORY}\n".encode(),
    ".mbox": b"From a@b.example Wed Apr  9 12:00:00 2031\r\n" + LETTER + b"\r\n",
    ".zip": packed(
        a_txt=STORY,
        metadata_jsonl=json.dumps({"file": "a.txt", "title": "T"}),
        b_zip=packed(c_md=f"# C\n{STORY}"),
    ),
}
KINDS = [*EXTRACTED, *OTHERS]


def sample(kind):
    """A whole file of that kind."""
    return EXTRACTED[kind] if kind in EXTRACTED else OTHERS[kind]


def inside(kind):
    """The parts of a container, by name."""
    with zipfile.ZipFile(io.BytesIO(sample(kind))) as container:
        return {info.filename: container.read(info) for info in container.infolist()}


def feed(kind, raw):
    """Reads the bytes as a file of that kind, in this process; what comes of it must be fit to store.

    Raises whatever no reader foresaw.
    """
    if kind in EXTRACTED:
        try:
            for found in import_module(f"corpus.formats.{_READERS[kind]}").read(raw):
                assert isinstance(found, InputError) or isinstance(found[1], str)
        except TOLD:
            return
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"file{kind}"
        file.write_bytes(raw)
        if kind == ".mbox":  # each of its letters by itself, without the other process
            with suppress(InputError):
                for _, letter in letters(file):
                    feed("mail", letter)
            return
        for found in read_paths([file]):
            if isinstance(found, Article):
                check_article(found)
            else:
                assert isinstance(found, Failure | Skipped)


def check_article(article):
    """What is stored of an article must be text, and its passages lie in it."""
    for told in (article.id, article.text, article.title, article.source, article.author, article.url):
        if told is not None:
            check_unicode(told, "a fact")
    for passage in split(article, find_furniture(article)):
        assert 0 <= passage.start < passage.end <= len(article.text)
