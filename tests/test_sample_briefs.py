"""The sample corpus: the facts of five articles in our own words, never the outlets' text."""

import re
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.dates import interval
from corpus.furniture import find_furniture
from corpus.passages import split
from corpus.reading import read_paths

FOLDER = Path(__file__).parents[1] / "corpus" / "articles"
FILES = sorted(FOLDER.glob("*.md"))
LONGEST_QUOTE = 14  # words of a fragment that a person said
LONGEST_RUN = 7  # words in a row that a brief may share with its original
NAMES = ["Organization for Security and Cooperation in Europe"]  # a name counts as one word
_QUOTED = re.compile(r"“([^”]*)”|\"([^\"]*)\"|«([^»]*)»")


def words(text):
    return re.findall(r"\w+", text.casefold().replace("’", "'"))


def runs(text, length):
    for name in NAMES:
        text = text.replace(name, "Name")
    found = words(text)
    return {" ".join(found[at : at + length]) for at in range(len(found) - length + 1)}


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def brief(request):
    [article] = read_paths([request.param])
    assert isinstance(article, Article)
    return article


def test_there_is_a_brief_for_each_of_the_five_articles():
    assert len(FILES) == 5


def test_the_folder_is_read_whole_and_nothing_fails():
    found = list(read_paths([FOLDER]))
    assert len([each for each in found if isinstance(each, Article)]) == len(found) == 5
    assert len({each.id for each in found}) == 5


def test_front_matter_is_whole(brief):
    assert brief.id.startswith("brief-")
    assert brief.title
    assert brief.source
    assert brief.language == "en"
    assert brief.published
    interval(brief.published)
    file = Path(brief.origin.path).name
    assert file.startswith(brief.published)
    assert brief.id.removeprefix("brief-").startswith(brief.published)


def test_a_brief_is_never_passed_off_as_the_outlets_words(brief):
    assert re.fullmatch(r"Onrecord brief(?: \(after [^()]+\))?", brief.source)
    assert brief.author is None


def test_a_brief_has_no_furniture_and_every_word_is_in_a_passage(brief):
    assert find_furniture(brief) == []
    covered = set()
    for passage in split(brief, []):
        assert not passage.is_note
        covered.update(range(passage.start, passage.end))
    assert not [at for at, letter in enumerate(brief.text) if not letter.isspace() and at not in covered]


def test_direct_speech_is_a_fragment(brief):
    fragments = ["".join(groups) for groups in _QUOTED.findall(brief.text)]
    assert [fragment for fragment in fragments if len(words(fragment)) > LONGEST_QUOTE] == []
    assert brief.text.count('"') % 2 == 0
    assert brief.text.count("“") == brief.text.count("”")


def test_the_measure_of_shared_runs_sees_a_copy():
    text = "One two three four, five six; seven eight nine."
    assert runs(text, 8) == {
        "one two three four five six seven eight",
        "two three four five six seven eight nine",
    }


def test_no_run_of_words_is_taken_from_an_original(brief, shared):
    for file in sorted((shared / "articles").glob("*.txt")):
        assert runs(brief.text, LONGEST_RUN + 1) & runs(file.read_text(), LONGEST_RUN + 1) == set()


def test_fragments_in_quotation_marks_are_in_the_original(brief, shared):
    originals = [" ".join(words(file.read_text())) for file in sorted((shared / "articles").glob("*.txt"))]
    for groups in _QUOTED.findall(brief.text):
        fragment = " ".join(words("".join(groups)))
        assert any(fragment in original for original in originals), fragment


def test_every_name_and_number_is_in_its_original(brief, shared):
    originals = [set(words(file.read_text())) for file in sorted((shared / "articles").glob("*.txt"))]
    # A name or a number within a sentence: a capital or a digit after a small letter or a comma.
    names = set(re.findall(r"(?<=[a-z,] )(?:[A-Z][\w'-]+|\d[\d.,]*\d|\d)", brief.text))
    assert len(names) > 20
    missing = [{name for name in names if not set(words(name)) <= original} for original in originals]
    assert min(missing, key=len) == set()
