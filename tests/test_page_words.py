import pytest

from corpus.page_words import (
    heads_links,
    is_contact,
    is_control,
    is_credit,
    is_image_label,
    is_link,
    is_long_menu,
    is_menu,
    is_player,
    is_thanks,
    is_watched,
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


@pytest.mark.parametrize(
    "line",
    [
        "Contributing: Ana Reyes",
        "Contributing from Sorn: Ana Reyes and Bo Lind",
        "(With reporting by Ana Reyes)",
        "(Vell Courier’s Ana Reyes contributed to this section.)",
        "Courtesy Ana Reyes",
        "Bo Lind Courtesy of Ostra Institute",
        "Ana Reyes/Reuters",
    ],
)
def test_names_and_what_they_gave_are_thanks(line):
    assert is_thanks(line)


@pytest.mark.parametrize(
    "line", ["Courtesy costs nothing", "Contributing factors", "Sorn/Vell ferry", "Bo Lind"]
)
def test_other_words_are_no_thanks(line):
    assert not is_thanks(line)


def test_a_link_may_be_a_sentence_after_a_label_that_is_one():
    assert is_link("The camera is how old?:When was it invented? A man from Sorn claims it.")
    assert is_link("More: The council closes three schools.")
    assert is_link("THE LONG WINTER:Why it was so long.")
    assert is_link("Sorn vs. Vell:How to follow the cup final")
    assert not is_link("Fort Smith:Robert Craig, who fought in the war, was a hundred on Monday.")
    assert not is_link("The council said: it closes three schools.")


def test_a_film_ends_in_its_length_and_source():
    assert is_watched("The crane falls into the water 01:28 - Source: Vell TV")
    assert not is_watched("The crane fell at 01:28 - the source of the noise was soon found")


def test_headings_of_lists_of_links():
    for line in ("WEEKEND MUST-READS", "MORE ON THE FLOOD", "More must reads:"):
        assert heads_links(line)
    for line in ("More on the flood", "The must-read of the year", "MORE"):
        assert not heads_links(line)


def test_many_short_items_in_a_line_are_a_menu_whatever_they_say():
    towns = ["Vell", "Sorn", "Ostra", "Holm", "Lund", "Reyes", "Norr", "Soder"]
    assert is_long_menu(towns)
    assert not is_long_menu(towns[:7])
    assert not is_long_menu([*towns, "12"])


def test_a_contact_holds_nothing_else():
    assert is_contact("Bo Lind: 555-010-1234; @bolind")
    assert not is_contact("Bo Lind wrote it on his page, @bolind")
    assert not is_contact("vell.example")
