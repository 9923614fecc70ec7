import pytest

from corpus.page_words import (
    is_control,
    is_credit,
    is_image_label,
    is_menu,
    is_player,
    menu_items,
    words_of,
)


def test_words_are_in_small_letters_without_marks():
    assert words_of("“Don’t STOP,” 1.7 U.S. — Орал!") == ["don’t", "stop", "1.7", "u.s", "орал"]


@pytest.mark.parametrize("line", ["0:00 0:02:24 0:00", "0:00 / 2:24", "00:00 12:03", "0:00/1:25:00"])
def test_a_clock_that_starts_at_zero_is_a_players(line):
    assert is_player(line)


@pytest.mark.parametrize(
    "line",
    ["2:10:34", "0:00", "19:00 21:30", "0:00 to 2:24", "0-0 2-1", "", "Vell 0:00 Sorn 2:10", "1:10 2:20"],
)
def test_times_of_runners_films_and_trains_are_no_players(line):
    assert not is_player(line)


@pytest.mark.parametrize(
    "line", ["• 16x9 Image", "Image", "[Photo]", "VIDEO:", "Photo credit:", "1 x 1 picture"]
)
def test_labels_of_pictures(line):
    assert is_image_label(line)


@pytest.mark.parametrize("line", ["Image rights", "The picture", "Photo of the day", "Video games"])
def test_words_about_pictures_are_no_labels(line):
    assert not is_image_label(line)


@pytest.mark.parametrize(
    "line",
    [
        *("please wait", "Loading...", "ADVERTISEMENT", "Read more:", "Read more…", "Skip to main content"),
        *(
            "Share this article",
            "Share on Facebook",
            "All rights reserved.",
            "Story continues below.",
            "Реклама",
        ),
    ],
)
def test_controls(line):
    assert is_control(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Please wait.", "Please wait!", "Loading", "Print", "Share.", "Search", "Play", "Read more books"),
        *("Advertisement for a bride", "Watch live birds", "The most popular", "Menu"),
    ],
)
def test_words_that_may_be_an_articles_are_no_controls(line):
    assert not is_control(line)


@pytest.mark.parametrize(
    "line",
    [
        *("With reporting by AFP", "Additional reporting by Ana Reyes", "Contributing: Bo Lind, Vell Wire"),
        *(
            "Reporting by Ana Reyes; editing by Bo Lind",
            "© 2023 The Vell Courier",
            "Copyright (c) 2018. The Courier",
        ),
    ],
)
def test_credits(line):
    assert is_credit(line)


@pytest.mark.parametrize(
    "line", ["Contributing to the fund", "With files", "Reporting bias", "Copyright law"]
)
def test_words_about_work_are_no_credits(line):
    assert not is_credit(line)


@pytest.mark.parametrize(
    "items",
    [
        ["Accessibility", "Home", "About us"],  # two of three
        ["Home"],
        ["Home", "Oral"],
        ["Home", "News", "Oral", "Aktobe"],
        ["News", "Sport", "Weather"],
        ["Главная", "Новости", "Орал"],
        ["SIGN IN", "Subscribe!"],
    ],
)
def test_menus(items):
    assert is_menu(items)


@pytest.mark.parametrize(
    "items",
    [
        ["Health"],
        ["Politics", "Culture"],  # sections alone make a menu only from three on
        ["Health", "Ana Reyes", "Science", "Bo Lind"],
        ["Home", "The gull is back", "above the pier", "and nobody"],
        ["Vell", "Sorn", "Ostrava"],
    ],
)
def test_lists_that_are_no_menus(items):
    assert not is_menu(items)


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("Home | News | Contact us", ["Home", "News", "Contact us"]),
        ("Home > News > Oral", ["Home", "News", "Oral"]),
        ("| Home · News |", ["Home", "News"]),
        ("Nur-Sultan", ["Nur-Sultan"]),
        ("5>3", ["5>3"]),
    ],
)
def test_items_of_a_menu_in_one_line(line, items):
    assert menu_items(line) == items
