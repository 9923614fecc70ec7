"""What was read, as candidates in order."""

import pytest

from corpus.article import Article, Facts, Origin, Span
from corpus.passages import Passage
from qa.candidates import candidates, names_and_numbers, weighed
from qa.hit import Hit
from qa.reader.calibration import Calibration, Evidence, Odds
from qa.reader.reading import PassageReading, SentenceReading

TEXT = "Ona Brisk spoke in Vell. Fog came in 2031."
SENTENCES = (Span(0, 24), Span(25, 42))


class _Alike:
    """A lexical index in which every word weighs the same."""

    def idf(self, name, term):
        return 1.0


LEXICAL = _Alike()


def hit(id, *, title=None, published=None, score=0.5):
    article = Article.from_facts(
        Facts(title=title, published=published), id=id, text=TEXT, origin=Origin("/invented")
    )
    return Hit(article, Passage(id, 0, 42, SENTENCES), score, score, score)


def reading(relevance, *margins):
    return PassageReading(relevance, tuple(SentenceReading(margin, Span(0, 9)) for margin in margins))


def found(question, hits, readings, weights=Evidence(1.0, 1.0, 1.0, 1.0, 0.0)):  # noqa: B008  (frozen)
    odds = Odds(0.0, Evidence(0.0, 0.25, 0.0, 0.0, 0.0))
    calibration = Calibration("", 20.0, -99.0, weights, odds, odds, 0.5, ())
    return candidates([question] * len(hits), hits, readings, calibration, LEXICAL)


def test_every_sentence_is_a_candidate_best_first():
    chosen = found("Who spoke?", [hit("a"), hit("b")], [reading(1.0, -1.0, 2.0), reading(0.0, 4.0, 0.0)])
    assert [(each.hit.article.id, each.index, each.logit) for each in chosen] == [
        ("b", 0, 5.5),  # 0 + 4 + 0.5 + 1
        ("a", 1, 4.5),
        ("a", 0, 1.5),
        ("b", 1, 1.5),
    ]
    assert [each.score for each in chosen] == [0.731059, 0.268942, 0.01339, 0.01339]  # e^-1, e^-4 of it
    assert (chosen[0].text, chosen[1].text) == ("Ona Brisk spoke in Vell.", "Fog came in 2031.")


def test_of_some_of_them_the_best_is_as_probable_as_it_is_alone():
    chosen = found("Who spoke?", [hit("a"), hit("b")], [reading(1.0, -1.0, 2.0), reading(0.0, 4.0, 0.0)])
    assert [each.alone for each in chosen] == [
        0.731059,
        0.622459,
        0.437823,
        0.5,
    ]  # of a quarter of 4, 2, -1, 0
    assert [each.score for each in weighed(chosen[1:])] == [0.622459, 0.03099, 0.03099]  # e^-3 of it
    assert weighed([]) == []


def test_a_passage_that_can_not_be_read_has_what_the_others_have_on_average_and_less_is_heard():
    read = reading(3.0, -2.0, 4.0)
    found_of_both = found("Who spoke?", [hit("a"), hit("b")], [read, None])
    of_it = {(each.hit.article.id, each.index): each for each in found_of_both}
    told = [of_it["b", at] for at in (0, 1)]
    assert [(each.evidence.relevance, each.evidence.margin, each.span) for each in told] == [
        (3.0, 1.0, None)
    ] * 2
    assert [of_it["a", at].logit for at in (0, 1)] == [0.5 + 1.5, 3.5 + 1.5]  # half of what the reader says


def test_of_passages_none_of_which_can_be_read_search_says_all():
    (first, *_) = found("Who spoke?", [hit("a"), hit("b", score=0.75)], [None, None])
    assert (first.hit.article.id, first.logit, first.span) == ("b", 1.75, None)


def test_evidence_is_what_reader_search_and_passage_say():
    (first, _) = found(
        "Did Ona Brisk come to Tarn in 2031?", [hit("a", score=0.25)], [reading(1.5, 3.0, 2.0)]
    )
    assert first.evidence == Evidence(1.5, 3.0, 0.25, 0.75, 0.5)  # 3 of 4 in all, 2 of 4 here


def test_a_title_and_a_date_mention_too():
    of = hit("a", title="Fog over Tarn", published="2030-05")
    (first, _) = found("What happened in Tarn in 2030?", [of], [reading(0.0, 1.0, 0.0)])
    assert first.evidence.named == 1.0


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who spoke?", []),
        ("Did Ona Brisk's bridge open in 2031?", ["Ona", "Brisk", "2031"]),
        ("When did The Tarn rise 40 cm?", ["Tarn", "40"]),
        ("Кто задержан в Уральске?", ["Уральске"]),
        ("2031: what burned?", ["2031"]),
        ("", []),
    ],
)
def test_names_and_numbers_of_a_question(question, names):
    assert names_and_numbers(question) == names


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who spoke?", True),
        ("How many came?", True),
        ("How long did it last?", True),
        ("What was the reason given by Brisk?", True),
        ("Why did she speak?", False),
        ("How did she travel?", False),
        ("What caused the fog?", False),
        ("What does Brisk think of the bridge?", False),
        ("Which are the towns on the Tarn?", False),
        ("List the towns.", False),
    ],
)
def test_reasons_opinions_and_lists_get_sentences(question, short):
    (first, _) = found(question, [hit("a")], [reading(0.0, 1.0, 0.0)])
    assert (first.span is not None) is short
