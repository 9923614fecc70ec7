import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml

from corpus.errors import InputError
from corpus.formats.docx_file import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_insertions_count_and_deletions_do_not():
    document = Document()
    document.element.body.insert(0, parse_xml(
        f'<w:p {W}><w:r><w:t xml:space="preserve">The ferry </w:t></w:r><w:ins><w:r><w:t>sails.</w:t></w:r></w:ins>'
        "<w:del><w:r><w:delText> No.</w:delText></w:r></w:del></w:p>"
    ))  # fmt: skip
    assert read(saved(document))[0][1] == "The ferry sails."


def test_a_table_stands_where_it_stands():
    document = Document()
    document.add_paragraph("Before.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Vell", "07:10"
    document.add_paragraph("After.")
    assert read(saved(document))[0][1] == "Before.\n\nVell\t07:10\n\nAfter."


def test_what_is_no_docx_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        container.writestr("a.txt", "A.")
    with pytest.raises(InputError, match="no DOCX"):
        read(file.getvalue())


def test_a_part_that_unpacks_beyond_measure_is_refused_unread():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("word/document.xml", " " * 50_000_000)
    with pytest.raises(InputError, match="which no honest file does"):
        read(file.getvalue())
