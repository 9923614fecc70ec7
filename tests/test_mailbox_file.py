import mailbox
from email.message import EmailMessage

import pytest

from corpus import mailbox_file
from corpus.errors import InputError
from corpus.mailbox_file import letters
from corpus.reading import read_paths


@pytest.fixture
def box(tmp_path):
    """A mailbox that Python's own module wrote, with a line that looks like the start of a letter."""
    box = mailbox.mbox(tmp_path / "letters.mbox")
    for number in (1, 2):
        letter = EmailMessage()
        letter["Message-ID"] = f"<{number}@courier.example>"
        letter["From"] = "Ana Reyes <ana@courier.example>"
        letter["Subject"] = f"Ferry {number}"
        letter.set_content(f"The ferry sails, part {number}.\n\nFrom Vell it takes an hour.\n")
        box.add(letter)
    box.close()
    return tmp_path / "letters.mbox"


def test_each_letter_is_an_article(box):
    first, second = read_paths([box])
    assert (first.id, first.title, first.origin.line) == ("1@courier.example", "Ferry 1", 1)
    assert first.text == "The ferry sails, part 1.\n\nFrom Vell it takes an hour.\n"
    assert (second.id, second.origin.line) == ("2@courier.example", 2)


def test_a_letter_over_the_limit_is_told_and_the_next_one_is_read(box, monkeypatch):
    raw = box.read_bytes().replace(b"part 1.", b"part 1" + b"." * 5_000)
    box.write_bytes(raw)
    monkeypatch.setattr(mailbox_file, "MAX_LETTER", 2_000)
    (_, wrong), (_, right) = letters(box)
    assert "at most 2,000 are read" in str(wrong)
    assert b"part 2." in right


def test_what_is_no_mailbox_is_refused(tmp_path):
    (tmp_path / "a.mbox").write_text("Subject: A\n")
    with pytest.raises(InputError, match="it is no mailbox"):
        list(letters(tmp_path / "a.mbox"))
    (tmp_path / "a.mbox").write_text("")
    with pytest.raises(InputError, match="the file is empty"):
        list(letters(tmp_path / "a.mbox"))
