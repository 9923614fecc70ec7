"""Which files are read, and how: by the end of their names."""

from pathlib import PurePath

TEXT, MARKDOWN = ".txt", ".md"
EXTRACTED = {  # one article each; the format, as `corpus.formats` names it
    ".html": "html", ".htm": "html", ".xhtml": "html", ".mhtml": "mhtml", ".mht": "mhtml",
    ".pdf": "pdf", ".docx": "docx", ".epub": "epub", ".eml": "mail",
}  # fmt: skip
EXTRACTED_LISTS = {".rss": "feed", ".atom": "feed", ".xml": "feed", ".jsonld": "json"}
JSONL, ZIP, MBOX = ".jsonl", ".zip", ".mbox"
WARC, WARC_GZ = ".warc", ".warc.gz"
TABLES = {".csv": None, ".tsv": "\t"}  # what stands between cells; None: to be seen from the first line

ONE_ARTICLE = frozenset([TEXT, MARKDOWN, *EXTRACTED])
KINDS = (TEXT, MARKDOWN, JSONL, *EXTRACTED, *EXTRACTED_LISTS, *TABLES, MBOX, WARC, WARC_GZ, ZIP)


def kind_of(file: PurePath) -> str:
    """The end of a file's name by which it is read, in small letters."""
    return WARC_GZ if file.name.lower().endswith(WARC_GZ) else file.suffix.lower()
