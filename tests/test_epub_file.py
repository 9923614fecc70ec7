import io
import zipfile

import pytest

from corpus.errors import InputError
from corpus.formats.epub_file import read

CONTAINER = '<container xmlns="c"><rootfiles><rootfile full-path="O/p.opf"/></rootfiles></container>'
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>Ferries</dc:title><dc:creator>Ana Reyes</dc:creator><dc:creator>Per Lund</dc:creator>
<dc:publisher>Courier</dc:publisher><dc:date>2021-03-18</dc:date><dc:language>en</dc:language></metadata>
<manifest><item id="a" href="a%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="z" href="../z.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="n"/><itemref idref="z"/><itemref idref="a"/></spine></package>"""


def epub(**changed):
    parts = {
        "META-INF/container.xml": CONTAINER,
        "O/p.opf": PACKAGE,
        "O/a b.xhtml": "<html><head><title>x</title></head><body><p>Two.</p></body></html>",
        "O/n.xhtml": "<html><body>Contents</body></html>",
        "z.xhtml": "<html><body><p>One.</p></body></html>",
        **changed,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            if text is not None:
                book.writestr(name, text)
    return file.getvalue()


def test_chapters_come_in_reading_order_with_the_books_facts():
    [(facts, text)] = read(epub())
    assert text == "One.\n\nTwo."
    assert (facts.title, facts.author, facts.source) == ("Ferries", "Ana Reyes, Per Lund", "Courier")
    assert (facts.published, facts.language) == ("2021-03-18", "en")


@pytest.mark.parametrize("name", ["META-INF/container.xml", "O/p.opf", "z.xhtml"])
def test_a_book_that_lacks_a_part_is_refused(name):
    with pytest.raises(InputError, match="lacks its part"):
        read(epub(**{name: None}))


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    with_bomb = PACKAGE.replace("Ferries", "&b;&x;")
    [(facts, _)] = read(epub(**{"O/p.opf": bomb + with_bomb}))
    assert "root:" not in (facts.title or "")
