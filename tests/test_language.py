import pytest

from corpus.language import language_of
from corpus.reading import read_paths

TEXTS = {
    "en": "The ferry between Vell and Sorn sails again on Monday, the harbour office of Vell said on Thursday.",
    "ru": "Паром между Веллом и Сорном снова пойдёт в понедельник, сообщили в порту города в четверг.",
    "de": "Die Fähre zwischen Vell und Sorn fährt ab Montag wieder, teilte das Hafenamt von Vell am Donnerstag mit.",
    "fr": "Le bac entre Vell et Sorn reprendra lundi, a annoncé jeudi le bureau du port de Vell aux habitants.",
    "kk": "Велл мен Сорн арасындағы паром дүйсенбіде қайтадан жүзеді, деп хабарлады қала порты бейсенбіде.",
    "uk": "Пором між Веллом і Сорном знову піде в понеділок, повідомили в порту міста у четвер увечері.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_the_language_of_a_text_is_told(code):
    assert language_of(TEXTS[code]) == code
    assert language_of(TEXTS[code].upper()) == code


@pytest.mark.parametrize("text", ["", "Vell.", "07:10 12:45 19:30 " * 40, "Ana Reyes, Per Lund"])
def test_of_too_little_text_no_language_is_told(text):
    assert language_of(text) is None


def test_menus_at_the_ends_do_not_decide():
    menu = "\n".join(["Home", "News", "Weather", "Sport", "About us"] * 8)
    assert language_of(f"{menu}\n\n{TEXTS['ru'] * 12}\n\n{menu}") == "ru"


def test_what_a_file_says_of_its_language_is_kept(tmp_path):
    (tmp_path / "a.md").write_text(f"---\nlanguage: kk\n---\n{TEXTS['ru']}")
    (tmp_path / "b.md").write_text(TEXTS["ru"])
    assert [each.language for each in read_paths([tmp_path])] == ["kk", "ru"]
