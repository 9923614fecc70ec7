"""Which words of a text are names."""

from qa.names.attested import WORD, Kind, attested, is_name

TEXT = "Police stopped Mamai. The police said “Somebody saw Mamai’s wife”. Harbour closed: Wardens left."


def test_a_capital_counts_where_no_word_would_have_one_anyway():
    found = attested([TEXT])
    assert ("Mamai", Kind.NAME) in found
    assert {word for word, kind in found if kind == Kind.FIRST} == {"Police", "Harbour", "Wardens"}
    assert ("police", Kind.PLAIN) in found
    assert not {word for word, _ in found} & {"The", "the", "Somebody"}  # grammar


def test_a_word_is_one_kind_in_an_article_however_often_it_stands_there():
    assert attested(["Kozlov spoke.", "They heard Kozlov."]) == {
        ("Kozlov", Kind.NAME),
        ("spoke", Kind.PLAIN),
        ("heard", Kind.PLAIN),
    }


def test_a_word_has_its_apostrophes_but_no_possessive():
    assert WORD.findall("Mel'nik’s and O’Brien's, Qasym-Zhomart") == [
        "Mel'nik",
        "s",
        "and",
        "O’Brien",
        "s",
        "Qasym",
        "Zhomart",
    ]


def test_a_name_is_seldom_small():
    assert is_name(plain=0, first=1, name=0)
    assert is_name(plain=1, first=0, name=2)
    assert not is_name(plain=1, first=5, name=1)
    assert not is_name(plain=0, first=0, name=0)
