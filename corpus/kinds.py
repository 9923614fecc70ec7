"""Which files are read, and how: by the end of their names."""

TEXT, MARKDOWN = ".txt", ".md"
EXTRACTED = {  # one article each; the format, as `corpus.formats` names it
    ".html": "html", ".htm": "html", ".xhtml": "html", ".mhtml": "mhtml", ".mht": "mhtml",
    ".pdf": "pdf", ".docx": "docx", ".epub": "epub", ".eml": "mail",
}  # fmt: skip
EXTRACTED_LISTS = {".rss": "feed", ".atom": "feed", ".xml": "feed", ".jsonld": "json"}
JSONL, ZIP, MBOX = ".jsonl", ".zip", ".mbox"
TABLES = {".csv": None, ".tsv": "\t"}  # what stands between cells; None: to be seen from the first line

ONE_ARTICLE = frozenset([TEXT, MARKDOWN, *EXTRACTED])
KINDS = (TEXT, MARKDOWN, JSONL, *EXTRACTED, *EXTRACTED_LISTS, *TABLES, MBOX, ZIP)
