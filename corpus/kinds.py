"""Which files are read, and how: by the end of their names."""

from collections.abc import Callable

from corpus.article import Facts
from corpus.file import File
from corpus.markdown import read_markdown
from corpus.text_file import read_text_file

AS_TEXT: dict[str, Callable[[File], tuple[Facts, str]]] = {
    ".txt": read_text_file,
    ".md": read_markdown,
}
EXTRACTED = {  # one article each; the format, as `corpus.formats` names it
    ".html": "html", ".htm": "html", ".xhtml": "html", ".mhtml": "mhtml", ".mht": "mhtml",
    ".pdf": "pdf", ".docx": "docx", ".epub": "epub", ".eml": "mail",
}  # fmt: skip
EXTRACTED_LISTS = {".rss": "feed", ".atom": "feed", ".xml": "feed", ".jsonld": "json"}
JSONL, ZIP, MBOX = ".jsonl", ".zip", ".mbox"
TABLES = {".csv": None, ".tsv": "\t"}  # what stands between cells; None: to be seen from the first line

ONE_ARTICLE = frozenset([*AS_TEXT, *EXTRACTED])
KINDS = (*AS_TEXT, JSONL, *EXTRACTED, *EXTRACTED_LISTS, *TABLES, MBOX, ZIP)
