import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Facts
from corpus.errors import InputError
from corpus.markdown import MAX_TITLE, read_markdown

FRONT = "---\ntitle: A\nsource: B\n---\n"


@pytest.fixture
def read(tmp_path):
    def from_text(text):
        path = tmp_path / "a.md"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_markdown(path)

    return from_text


def test_front_matter_gives_the_facts_and_the_rest_is_the_text(read):
    front = "---\nid: x\ntitle: T\nsource: S\nauthor: A\npublished: 2012-02-25\nurl: U\nlanguage: en\nmore: 1\n---\n"
    assert read(front + "\nText.\n") == (Facts("x", "T", "S", "A", "2012-02-25", "U", "en"), "\nText.\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_ends_its_lines_in_any_way(read, end):
    front = end.join(["---", "title: A", "published: 2012", "---", ""])
    assert read(front + f"One.{end}Two.") == (Facts(title="A", published="2012"), f"One.{end}Two.")


def test_a_byte_order_mark_does_not_hide_front_matter(read):
    assert read(b"\xef\xbb\xbf" + FRONT.encode() + b"Text.") == (Facts(title="A", source="B"), "Text.")


def test_the_offsets_of_the_text_can_be_checked_against_the_file(read, tmp_path):
    _, text = read(FRONT + "Öl in Oral.\r\n")
    whole = (tmp_path / "a.md").read_bytes().decode()
    assert whole.endswith(text)
    assert text == "Öl in Oral.\r\n"


@given(st.text(alphabet="ab \n-#:\r", max_size=40).filter(str.strip))
def test_what_follows_front_matter_is_kept_to_the_letter(tmp_path, body):
    path = tmp_path / "a.md"
    path.write_bytes((FRONT + body).encode())
    assert read_markdown(path) == (Facts(title="A", source="B"), body)


def test_a_rule_later_in_the_text_ends_nothing(read):
    assert read(FRONT + "One.\n\n---\n\nTwo.\n---\n") == (
        Facts(title="A", source="B"),
        "One.\n\n---\n\nTwo.\n---\n",
    )


def test_dashes_within_a_value_end_nothing(read):
    facts, text = read("---\ntitle: A --- B\nurl: x---\n---\nText.")
    assert (facts.title, facts.url, text) == ("A --- B", "x---", "Text.")


def test_three_dots_close_front_matter_as_in_yaml(read):
    assert read("---\ntitle: A\n...\nText.") == (Facts(title="A"), "Text.")


def test_front_matter_that_is_not_closed_is_refused(read):
    with pytest.raises(InputError, match="no closing ---"):
        read("---\ntitle: A\n\nText of the article.")


def test_a_rule_that_opens_a_text_is_no_front_matter(read):
    assert read("---\n\nText without facts.") == (Facts(), "---\n\nText without facts.")


def test_empty_front_matter_knows_nothing(read):
    assert read("---\n---\nText.") == (Facts(), "Text.")
    assert read("---\n# a comment\n---\nText.") == (Facts(), "Text.")


@pytest.mark.parametrize("body", ["", "\n \r\n"])
def test_front_matter_without_a_text_is_refused(read, body):
    with pytest.raises(InputError, match="no text follows"):
        read(FRONT + body)


def test_a_title_with_a_colon_wants_quotes(read):
    with pytest.raises(InputError, match="line 3 of the file; quote values that hold a colon"):
        read("---\nsource: B\ntitle: Oral: ten held\n---\nText.")
    assert read('---\ntitle: "Oral: ten held"\n---\nText.')[0].title == "Oral: ten held"


@pytest.mark.parametrize("front", ["- a\n- b\n", "just words\n", "[a, b]\n"])
def test_front_matter_that_is_no_mapping_is_refused(read, front):
    with pytest.raises(InputError, match="not `name: value` lines"):
        read(f"---\n{front}---\nText.")


@pytest.mark.parametrize(
    "front", ["title: [a\n", "\ttitle: a\n", "title: 'a\n", "? [a]\n: b\n", "title: \x07\n"]
)
def test_front_matter_that_is_no_yaml_is_refused(read, front):
    with pytest.raises(InputError, match="the front matter is not YAML"):
        read(f"---\n{front}---\nText.")


def test_values_stay_the_text_that_was_written(read):
    facts, _ = read("---\nid: 0012\ntitle: no\nlanguage: no\npublished: 2012-02\nauthor: ~\n---\nText.")
    assert facts == Facts(id="0012", title="no", author="~", published="2012-02", language="no")


def test_an_alias_bomb_is_refused_in_no_time(read):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]  # 9 ** 12 leaves
    started = time.monotonic()
    with pytest.raises(InputError, match="'authors' is list, expected text"):
        read("---\n" + "\n".join(lines) + "\nauthors: *a11\n---\nText.")
    assert time.monotonic() - started < 5


def test_a_tag_makes_no_object(read):
    with pytest.raises(InputError, match="'title' is list, expected text"):
        read("---\ntitle: !!python/object/apply:os.getcwd [x]\n---\nText.")


def test_an_alias_of_itself_is_refused(read):
    with pytest.raises(InputError, match="the front matter is not YAML"):
        read("---\ntitle: &a [*a]\n---\nText.")


def test_deep_nesting_is_refused(read):
    with pytest.raises(InputError, match="the front matter is not YAML"):
        read("---\ntitle: " + "[" * 5000 + "]" * 5000 + "\n---\nText.")


def test_overlong_front_matter_is_refused(read):
    with pytest.raises(InputError, match="at most 20000 are taken"):
        read("---\ntitle: A\nmore: " + "x" * 20_000 + "\n---\nText.")


def test_facts_that_cannot_be_used_are_refused(read):
    with pytest.raises(InputError, match="'last week' is not a date"):
        read("---\npublished: last week\n---\nText.")
    with pytest.raises(InputError, match="'title' is list"):
        read("---\ntitle: [a, b]\n---\nText.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# A title\n\nText.", "A title"),
        ("\n\n# A title ##\nText.", "A title"),
        ("# C# for all\nText.", "C# for all"),
        ("## A section\n\nText.", None),
        ("#tag\nText.", None),
        ("Text.\n# Later\n", None),
        ("# " + "x" * MAX_TITLE + "\nText.", "x" * MAX_TITLE),
        ("# " + "x" * (MAX_TITLE + 1) + "\nText.", None),
        ("# ###\nText.", None),
    ],
)
def test_a_heading_that_opens_the_text_is_its_title(read, text, title):
    assert read(text) == (Facts(title=title), text)


def test_the_title_in_front_matter_goes_first(read):
    assert read(FRONT + "# Another\n\nText.")[0].title == "A"


def test_a_line_of_spaces_and_marks_takes_no_quadratic_time(read):
    started = time.monotonic()
    read("# a" + " #" * 200_000 + " a\nText.")
    assert time.monotonic() - started < 2
