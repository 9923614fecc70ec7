"""Spellings that are one name share a key; names that are two don't."""

import pytest

from qa.names.folding import keys

ONE_NAME = [
    "Toqaev Tokayev Tokaev Токаев Тоқаев",
    "Qasym Kasym Kassym Касым Қасым",
    "Zhomart Jomart Жомарт",
    "Luqpan Lukpan Лукпан Лұқпан",
    "Akhmedyarov Ahmedyarov Axmediarov Ахмедьяров",
    "Nazarbayev Nazarbaev Nazarbaiev Назарбаев",
    "Zhanaozen Janaozen Жаңаөзен Жанаозен",
    "Imanbai Imanbay Иманбай",
    "Zelensky Zelenskyy Zelenskiy Зеленський Зеленский",
    "Shymkent Şymkent Шымкент",
    "Alexei Aleksey Алексей",
    "Soloviev Solovyov Соловьёв Соловьев",
    "Yermurat Ermurat Ермурат",
    "Tsvetkov Cvetkov Цветков",
    "Duvanov Duvanoff Duvanow Дуванов",
    "Masimov Massimov Масимов",
    "Vladimir Wladimir Владимир",
    "Müller Mueller Muller",
    "DVK ДВК",
    "Kazakh Kazax Казах",
    "Виктор Viktor Victor",
]
TWO_NAMES = [
    ("Kosanov", "Kozlov"),
    ("Kosanov", "Kosanova"),
    ("Paris", "Parris"),
    ("Jan", "Yan"),
    ("Macon", "Matson"),
    ("Goodwin", "Godwin"),
    ("Alex", "Aleh"),
    ("Lovel", "Lowel"),
    ("Mich", "Mitch"),
    ("CSTO", "Csto"),
    ("Oral", "Uralsk"),
]


@pytest.mark.parametrize("spellings", ONE_NAME)
def test_spellings_of_one_name_share_a_key_with_the_first(spellings):
    first, *others = spellings.split()
    assert [other for other in others if not keys(first) & keys(other)] == []


@pytest.mark.parametrize(("name", "other"), TWO_NAMES)
def test_two_names_share_none(name, other):
    assert not keys(name) & keys(other)


@pytest.mark.parametrize("inflected", ["Токаева", "Токаеву", "Тоқаевтың", "Тоқаевқа"])
def test_a_name_is_found_behind_its_case_endings(inflected):
    assert keys(inflected) & keys("Toqaev")


def test_every_word_with_letters_has_a_key():
    assert all(keys(word) for word in ("Li", "Xi", "Οδυσσέας", "東京", "O'Brien", "İlkay"))
