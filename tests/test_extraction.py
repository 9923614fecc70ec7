import sys

import pytest

from corpus.errors import InputError
from corpus.extraction import MAX_BYTES, Extractor

PAGE = b"<html lang=en><body><article><p>The ferry sails again on Monday.</p></article></body></html>"


@pytest.fixture(scope="module")
def extractor():
    with Extractor() as extractor:
        yield extractor


def test_a_file_is_read_in_another_process(extractor):
    [(facts, text)] = extractor.documents("html", PAGE)
    assert (facts.language, text) == ("en", "The ferry sails again on Monday.")
    assert not {"lxml", "trafilatura"} & set(sys.modules) or "feedgen" in sys.modules


@pytest.mark.parametrize("format", ["pdf", "docx", "epub", "feed", "json", "mail", "mhtml"])
@pytest.mark.parametrize(
    "raw", [b"", b"\0\1\2", b"PK\x03\x04 and no more", b"<a" * 5_000, b"%PDF-1.7\n%%EOF"]
)
def test_what_is_no_such_file_is_refused_in_words(extractor, format, raw):
    with pytest.raises(InputError) as told:
        raise extractor.documents(format, raw)[0]
    assert "broke the program" not in str(told.value)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_file_that_takes_too_much_memory_is_told_and_the_next_one_is_read():
    with Extractor(megabytes=400) as extractor:
        assert extractor.documents("html", PAGE)
        with pytest.raises(InputError, match=r"memory|broke the program|can be read"):
            extractor.documents("html", b"<p>a</p>" * 9_000_000)
        assert extractor.documents("html", PAGE)


def test_a_file_that_takes_too_long_is_told_and_the_next_one_is_read():
    extractor = Extractor(seconds=0.01)  # not enough to start in
    with extractor:
        with pytest.raises(InputError, match=r"it took more than 0\.01 s"):
            extractor.documents("html", PAGE)
        extractor.seconds = 60
        assert extractor.documents("html", PAGE)


def test_a_file_over_the_limit_is_not_read(extractor):
    with pytest.raises(InputError, match="at most 100,000,000 are read"):
        extractor.documents("pdf", bytes(MAX_BYTES + 1))


def test_a_fault_that_no_reader_foresaw_is_told_with_its_last_words(extractor):
    with pytest.raises(InputError, match=r"it broke the program that reads such files \(KeyError: 'odt'\)"):
        extractor.documents("odt", b"")
    assert extractor.documents("html", PAGE)
