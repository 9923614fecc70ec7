"""What a question's names are widened to, over invented articles."""

import pytest

from corpus.article import Span
from qa import Archive
from qa.names.widening import Name, is_slip, respelled, widened

ARTICLES = {
    "a": "The governor met Qairat Zhumaqanov and Amir Kosanov. Reporters saw Zhumaqanov in Aqsaital.",
    "b": "Lawyers wrote to Kairat Dzhumakanov. The King of Vell is a king. He read about Amir Kozlov.",
    "c": "Жители видели Кайрата Жумаканова в городе.",
    "d": "They joined the Free Steppe Movement (FSM) in Aqsaital. A cooper met Mr Cooper and Manuel.",
    "e": "The World Harbour Order (WHO) sank. They sold copper by hand.",
}


@pytest.fixture(scope="module")
def mentions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    for id, text in ARTICLES.items():
        (folder / f"{id}.txt").write_text(text, encoding="utf-8")
    with Archive.create(tmp_path_factory.mktemp("archive") / "made", model="hashed-words") as archive:
        archive.add(folder)
        with archive.mentions() as found:
            yield found


def variants(question, mentions, **how):
    return {name.asked: set(name.others) for name in widened(question, mentions, **how)}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who met Zhumaqanov?", {"Zhumaqanov": {"Dzhumakanov", "Жумаканова"}}),
        ("Кто видел Жумаканова?", {"Жумаканова": {"Zhumaqanov", "Dzhumakanov"}}),
        ("who is jumakanov", {"jumakanov": {"Zhumaqanov", "Dzhumakanov", "Жумаканова"}}),
        ("Was it in Aksaytal?", {"Aksaytal": {"Aqsaital"}}),
        ("Was it in Aqsiatal?", {"Aqsiatal": {"Aqsaital"}}),  # typed amiss
        ("What did Kosanof say?", {}),
        ("What did Kosanov say?", {}),
        ("What did Kozlov say?", {}),
        ("Who is the Qing?", {}),  # a king is an ordinary word
        ("Who sold copper by manual work?", {}),
        ("who is who?", {}),
        ("What is the WHO?", {"WHO": {"World Harbour Order"}}),
        ("What is the world harbour order?", {"world harbour order": {"WHO"}}),
        ("Who joined the FSM in Aksaital?", {"FSM": {"Free Steppe Movement"}, "Aksaital": {"Aqsaital"}}),
    ],
)
def test_names_are_widened_and_nothing_else(question, expected, mentions):
    assert variants(question, mentions) == expected


def test_a_spelling_can_be_left_out(mentions):
    found = variants("Who met Zhumaqanov?", mentions, without=["DZHUMAKANOV"])
    assert found == {"Zhumaqanov": {"Жумаканова"}}
    assert variants("Was it in Aksaytal?", mentions, without=["Aqsaital"]) == {}


@pytest.mark.parametrize(
    ("key", "other", "slip"),
    [
        ("kosanov", "kozlov", False),
        ("jonson", "jonston", False),
        ("kolumbia", "kolombia", False),
        ("aksiatal", "aksaital", True),
        ("parliment", "parliament", True),
        ("kazakstan", "kazahstan", True),
        ("robert", "roberts", False),
        ("roberts", "robarts", False),
        ("langton", "langdon", False),
    ],
)
def test_a_slip_is_of_the_ear_or_the_hand(key, other, slip):
    assert is_slip(key, other) is slip
    assert is_slip(other, key) is slip


def name(question, asked, *others, attested):
    at = question.index(asked)
    return Name(Span(at, at + len(asked)), asked, others, attested)


def test_a_question_is_put_in_the_words_of_a_passage():
    question = "Did Tokayev ask the CSTO?"
    names = (
        name(question, "Tokayev", "Toqaev", "Токаев", attested=True),
        name(question, "CSTO", "Collective Treaty Organisation", attested=False),
    )
    assert respelled(question, names, "Mr Toqaev's CSTO") == "Did Toqaev ask the CSTO?"
    assert respelled(question, names, "Tokayev and Toqaev") == (
        "Did Tokayev ask the Collective Treaty Organisation?"
    )
    assert respelled(question, names, "the COLLECTIVE treaty organization") == (
        "Did Tokayev ask the Collective Treaty Organisation?"
    )
