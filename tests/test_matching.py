"""Matching answers: the SQuAD script's examples, words at boundaries, white space between gold words."""

import re
import string
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Facts, Origin, Span
from qa.evaluate.matching import Targets, exact_match, f1, holds_answer, normalised, occurrences
from qa.evaluate.question_set import Gold, Question

TEXT = "The strike lasted nine days.\n\nIt  began in May. Nobody counted the days in May."


def article(text=TEXT, id="strike"):
    return Article.from_facts(Facts(), id=id, text=text, origin=Origin("strike.txt"))


def question(*, answers=(), gold=(), judged=None):
    return Question(
        id="q", text="How long?", answers=answers, gold=gold, judged=judged or {"strike": 1},
        answerable=True, kind=None, place="set:1", judged_at={},
    )  # fmt: skip


# The functions of the published script (evaluate-v2.0.py, Rajpurkar et al.), written out as it has them.
def script_normalise(s):
    def remove_articles(text):
        return re.sub(re.compile(r"\b(a|an|the)\b", re.UNICODE), " ", text)

    def remove_punc(text):
        return "".join(ch for ch in text if ch not in set(string.punctuation))

    return " ".join(remove_articles(remove_punc(s.lower())).split())


def script_f1(a_gold, a_pred):
    gold, pred = script_normalise(a_gold).split(), script_normalise(a_pred).split()
    num_same = sum((Counter(gold) & Counter(pred)).values())
    if len(gold) == 0 or len(pred) == 0:
        return int(gold == pred)
    if num_same == 0:
        return 0
    precision, recall = num_same / len(pred), num_same / len(gold)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Normans", "normans"),
        ("in the 10th and 11th centuries", "in 10th and 11th centuries"),
        ("Denmark, Iceland and Norway", "denmark iceland and norway"),
        ("a  An\tTHE", ""),
        ("theatre", "theatre"),  # an article is a whole word
        ("U.S.-led", "usled"),
        ("“quoted”", "“quoted”"),  # the script knows ASCII punctuation only
    ],
)
def test_normalised_as_the_squad_script_does(text, expected):
    assert normalised(text) == expected == script_normalise(text)


def test_exact_match_is_after_normalisation_and_the_best_of_the_answers():
    assert exact_match("The Normans.", ["Vikings", "normans"]) == 1
    assert exact_match("Normans of France", ["Normans"]) == 0
    assert exact_match("Normans", []) == 0


def test_f1_by_hand():
    # found: 10th and 11th centuries (4 words); answer: in 10th and 11th centuries (5); 4 shared
    expected = 2 * (4 / 4) * (4 / 5) / (4 / 4 + 4 / 5)
    assert f1("10th and 11th centuries", ["in the 10th and 11th centuries"]) == pytest.approx(expected)
    assert f1("nine long days", ["ten weeks", "nine days"]) == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))
    assert f1("days days", ["days"]) == pytest.approx(
        2 * 0.5 * 1 / 1.5
    )  # a word counts as often as it is there
    assert f1("", ["nine days"]) == 0
    assert f1("nine days", []) == 0


@given(st.text(), st.lists(st.text(), min_size=1, max_size=3))
def test_f1_and_exact_match_agree_with_the_script(found, answers):
    assert normalised(found) == script_normalise(found)
    assert f1(found, answers) == pytest.approx(max(script_f1(answer, found) for answer in answers))
    assert exact_match(found, answers) == max(
        int(script_normalise(answer) == script_normalise(found)) for answer in answers
    )


@given(st.text(), st.text())
def test_f1_is_in_the_unit_interval_and_one_on_gold(found, answer):
    assert 0 <= f1(found, [answer]) <= 1
    assert f1(answer, [answer]) == exact_match(answer, [answer]) == 1


def test_an_answer_is_held_at_word_boundaries_only():
    assert holds_answer("It lasted nine days.", ["nine days"])
    assert holds_answer("It lasted the Nine, Days", ["nine days"])
    assert not holds_answer("It lasted ninety-nine daysmore", ["nine days"])
    assert not holds_answer("The cart was red", ["art"])
    assert holds_answer("It cost 1,500 crowns", ["1500"])
    assert not holds_answer("It cost 1,500 crowns", ["500"])
    assert not holds_answer("anything", ["the", "", "!"])  # nothing is left of them


def test_punctuation_bounds_an_answer_though_the_script_takes_it_out():
    assert holds_answer("It was Rollo's ship", ["Rollo"])  # the script makes it "rollos"
    assert holds_answer("in Kent—the county", ["Kent"])
    assert holds_answer("a four-year term", ["four"])
    assert not holds_answer("a fourfold term", ["four"])
    assert holds_answer("the U.S. army", ["US"])
    assert not holds_answer("It rose 3.5 percent", ["5 percent"])


def test_occurrences_fold_white_space_and_nothing_else():
    start = TEXT.index("days.")
    assert occurrences("days.  It began", TEXT) == [Span(start, TEXT.index("began") + len("began"))]
    assert [span.of(TEXT) for span in occurrences("days", TEXT)] == ["days", "days"]
    assert occurrences("Days", TEXT) == []
    assert occurrences("d.ys", TEXT) == []  # no pattern
    assert occurrences(" \n", TEXT) == []


def test_gold_words_hit_what_overlaps_them_by_a_character():
    targets = Targets(question(gold=(Gold("strike", "nine days", None),)), [article()])
    start = TEXT.index("nine")
    assert targets.hit(article(), start + len("nine day"), start + 40)
    assert not targets.hit(article(), start + len("nine days"), start + 40)
    assert not targets.hit(article(), 0, start)
    assert not targets.hit(article(id="other"), 0, len(TEXT))


def test_gold_words_count_before_answer_strings():
    targets = Targets(question(answers=("May",), gold=(Gold(None, "nine days", None),)), [article()])
    may = TEXT.index("It  began")
    assert not targets.hit(article(), may, may + len("It  began in May."))


def test_gold_with_an_offset_is_that_place_only():
    second = TEXT.rindex("days")
    targets = Targets(question(gold=(Gold("strike", "days", second),)), [article()])
    assert targets.spans == {"strike": [Span(second, second + 4)]}
    elsewhere = Targets(question(gold=(Gold("strike", "days", second + 1),)), [article()])
    assert not elsewhere.known


def test_answer_strings_hit_a_quote_of_a_judged_article_that_holds_one():
    targets = Targets(question(answers=("May",)), [article()])
    assert targets.known
    assert not targets.has_spans
    may = TEXT.index("It  began")
    assert targets.hit(article(), may, may + len("It  began in May."))
    assert not targets.hit(article(), 0, len("The strike lasted nine days."))
    assert not targets.hit(article(id="other"), may, may + len("It  began in May."))


def test_nothing_is_known_where_neither_gold_nor_answer_occurs():
    assert not Targets(question(answers=("June",), gold=(Gold(None, "ten days", None),)), [article()]).known
    assert not Targets(question(answers=("nine",)), []).known
