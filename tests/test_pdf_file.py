import io

import pytest
from pypdf import PdfWriter

from corpus.errors import InputError
from corpus.formats.pdf_file import _set, _without_running_titles, read

WIDE = "The ferry between Vell and Sorn sails again on Monday, the harbour office"  # as wide as a line gets


def blank(**options):
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    if options:
        writer.encrypt(**options)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_pictures_without_text_are_refused():
    with pytest.raises(InputError, match="it holds no text, perhaps pictures of pages"):
        read(blank())


def test_a_locked_file_is_refused():
    with pytest.raises(InputError, match="locked"):
        read(blank(user_password="secret", algorithm="RC4-128"))


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7", b"%PDF-1.7\n1 0 obj\n<<\n"])
def test_a_damaged_file_is_refused(raw):
    with pytest.raises(InputError):
        read(raw)


def test_lines_are_set_as_paragraphs():
    page = [
        WIDE,
        "of Vell said.",
        "The pier",
        "Engineers rebuilt it on forty-two steel piles, and it will carry all",
        "lorries.",
    ]
    assert _set([page]) == (
        f"{WIDE} of Vell said.\n\nThe pier\n\n"
        "Engineers rebuilt it on forty-two steel piles, and it will carry all lorries.\n\f"
    )


def test_a_sentence_goes_on_over_the_page():
    assert _set([[WIDE], ["of Vell said."]]) == f"{WIDE}\fof Vell said.\n\f"


def test_pages_without_text_are_counted():
    assert _set([[], ["One."], [], ["Two."]]) == "\fOne.\f\fTwo.\n\f"


def test_a_word_broken_at_a_line_end_is_whole_again():
    assert _set([[f"{WIDE} of the inter-", "national union."]]).endswith("the international union.\n\f")


def test_a_word_with_a_hyphen_of_its_own_keeps_it():
    lines = [f"{WIDE} runs a well-", "known line; a well is known too."]
    assert "a well-known line" in _set([lines])


def test_running_titles_and_page_numbers_are_no_part_of_the_text():
    pages = [["The Courier", f"Text {word}.", f"Page {number}"] for number, word in enumerate("abcd", 1)]
    assert _without_running_titles(pages) == [[f"Text {word}."] for word in "abcd"]


def test_one_page_has_no_running_title():
    assert _without_running_titles([["The Courier", "Text."]]) == [["The Courier", "Text."]]
