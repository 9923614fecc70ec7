from email.message import EmailMessage

import pytest

from corpus.errors import InputError
from corpus.formats.mail import read


@pytest.fixture
def letter():
    letter = EmailMessage()
    letter["Message-ID"] = "<1@courier.example>"
    letter["Subject"] = "Паром снова пойдёт"
    letter["From"] = "Ana Reyes <ana@courier.example>"
    letter["Date"] = "Thu, 18 Mar 2021 23:30:00 +0200"
    letter.set_content("The ferry sails.\n")
    return letter


def test_a_letter_is_read_with_its_heading(letter):
    [(facts, text)] = read(letter.as_bytes())
    assert (facts.id, facts.title, facts.author) == ("1@courier.example", "Паром снова пойдёт", "Ana Reyes")
    assert (facts.published, text) == ("2021-03-18", "The ferry sails.\n")


def test_plain_text_goes_before_html_and_attachments_are_left_out(letter):
    letter.add_alternative("<p>The <b>other</b> text.</p>", subtype="html")
    letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    assert read(letter.as_bytes())[0][1] == "The ferry sails.\n"


def test_html_alone_is_taken_as_text(letter):
    letter.set_content("<p>The <b>ferry</b>.</p><p>It sails.</p>", subtype="html")
    assert read(letter.as_bytes())[0][1] == "The ferry.\n\nIt sails."


@pytest.mark.parametrize("raw", [b"", b"just words", b"From: a@b.example\nContent-Type: image/png\n\nxx"])
def test_what_is_no_letter_with_a_text_is_refused(raw):
    with pytest.raises(InputError, match="no letter with a sender and a text"):
        read(raw)


def test_an_unknown_character_set_is_read_as_utf_8():
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=klingon\n\n" + "Паром.".encode()
    assert read(raw)[0][1] == "Паром."


def test_letters_that_nothing_declares_are_told_by_the_bytes():
    text = "Паром между Веллом и Сорном перевёз в понедельник 412 пассажиров, сообщила администрация порта."
    raw = b"From: a@b.example\n\n" + text.encode("windows-1251")
    assert read(raw)[0][1] == text
