"""Reading every form of question set, and refusing what can't be measured on, by file and line."""

import json

import pytest
from tiny_sets import ARTICLES, QRELS, QUESTIONS, beir, jsonl, own, qrels, squad

from corpus.errors import InputError
from corpus.jsonl import records
from qa.evaluate.question_set import Gold, QuestionSetError
from qa.evaluate.reading import read_question_set

TOPICS = """<top>
<num> Number: 301
<title> Topic: Goats of
  Veldmark

<desc> Description: none
</top>
<top><num>302</num><title>The mayor</title></top>
"""


@pytest.fixture
def refused(tmp_path):
    """Reads a set that is refused, and gives the message without the folder's name."""

    def read(path, **how):
        with pytest.raises(InputError) as raised:
            read_question_set(path, cache=tmp_path / "cache", **how)
        return str(raised.value).replace(f"{tmp_path}/", "")

    return read


def trec(folder, judgements="301 0 goats 1\n302 0 mayor 2\n301 0 choir 0\n", topics=TOPICS):
    (folder / "topics.txt").write_text(topics, "utf-8")
    (folder / "qrels.txt").write_text(judgements, "utf-8")
    return folder / "topics.txt", folder / "qrels.txt"


def test_a_beir_folder(tmp_path):
    folder = beir(tmp_path / "coast")
    found = read_question_set(folder)
    assert (found.name, found.corpus) == ("coast", folder / "corpus.jsonl")
    first, _, third, last = found.questions
    assert (first.id, first.text, first.answers) == ("q1", "Who steered the ferry Ostrava?", ("Mirel Dun",))
    assert (first.kind, first.word, first.answerable) == ("person", "who", True)
    assert first.place == f"{folder}/queries.jsonl:1"
    assert third.judged == {"goats": 2, "ferry": 1, "choir": 0}
    assert third.relevant == {"goats", "ferry"}
    assert third.judged_at["choir"] == f"{folder}/qrels.tsv:6"
    assert (last.answerable, last.judged, last.word) == (False, {}, "why")


def test_gold_sentences_and_evidence_of_a_beir_set_are_gold_of_any_judged_article(tmp_path):
    questions = [
        QUESTIONS[0] | {"selected_sentences": ["Captain Mirel Dun steered it."], "evidence_span": "Mirel"}
    ]
    (found,) = read_question_set(beir(tmp_path, questions=questions, rows=QRELS[:1])).questions
    assert found.gold == (Gold(None, "Captain Mirel Dun steered it.", None), Gold(None, "Mirel", None))


def test_a_question_that_says_it_is_answerable_is_so_only_where_an_article_is_relevant(tmp_path):
    questions = [*QUESTIONS, {"_id": "q5", "text": "Elsewhere?", "answerable": True}]
    found = read_question_set(beir(tmp_path, questions=questions, rows=[*QRELS, ("q5", "choir", 0)]))
    assert [question.answerable for question in found.questions] == [True, True, True, False, None]


def test_splits_of_a_beir_folder(tmp_path, refused):
    folder = beir(tmp_path / "coast")
    (folder / "qrels.tsv").unlink()
    qrels(folder / "qrels" / "test.tsv", QRELS[:1])
    qrels(folder / "qrels" / "dev.tsv", QRELS[1:2])
    found = read_question_set(folder, split="dev").questions
    assert [question.id for question in found if question.judged] == ["q2"]
    assert refused(folder) == (
        "coast: expected one qrels file, found dev.tsv, test.tsv; choose one with --split"
    )
    assert "for the split 'train', found none" in refused(folder, split="train")
    qrels(folder / "qrels.tsv", QRELS[2:])  # the plain one is meant where none is named
    found = read_question_set(folder).questions
    assert [question.id for question in found if question.judged] == ["q3"]


def test_a_squad_2_file(tmp_path):
    found = read_question_set(squad(tmp_path / "docks.json"), cache=tmp_path / "cache")
    lines = [record for _, record in records(found.corpus)]
    assert [line["text"] for line in lines] == [ARTICLES["strike"], ARTICLES["choir"]]
    can, cannot = found.questions
    assert (can.id, can.answers, can.answerable) == ("s1", ("nine days",), True)
    assert can.judged == {lines[0]["_id"]: 1}
    start = ARTICLES["strike"].index("nine days")
    assert can.gold == (Gold(lines[0]["_id"], "nine days", start),)
    assert (cannot.answerable, cannot.judged, cannot.gold) == (False, {}, ())


def test_a_squad_1_file(tmp_path):
    found = read_question_set(squad(tmp_path / "docks.json", "1.1"), cache=tmp_path / "cache")
    assert [(question.id, question.answerable) for question in found.questions] == [("s1", True)]


def test_trec_topics_in_both_forms(tmp_path):
    topics, judged = trec(tmp_path)
    found = read_question_set(topics, qrels=judged)
    assert found.corpus is None
    assert [(question.id, question.text) for question in found.questions] == [
        ("301", "Goats of Veldmark"),
        ("302", "The mayor"),
    ]
    assert [question.judged for question in found.questions] == [{"goats": 1, "choir": 0}, {"mayor": 2}]
    assert [question.place for question in found.questions] == [f"{topics}:1", f"{topics}:8"]
    topics.write_text("301\tGoats of Veldmark\n\n302\tThe mayor\n", "utf-8")
    again = read_question_set(topics, qrels=judged)
    assert [(question.id, question.text) for question in again.questions] == [
        ("301", "Goats of Veldmark"),
        ("302", "The mayor"),
    ]
    assert again.questions[1].place == f"{topics}:3"


def test_our_own_form(tmp_path):
    found = read_question_set(own(tmp_path / "mine.jsonl"))
    assert (found.name, found.corpus) == ("mine", None)
    first, second, third = found.questions
    assert first.gold == (Gold("ferry", "Captain Mirel Dun\n steered", None),)
    assert (first.judged, first.answers, first.answerable) == ({"ferry": 1}, ("Mirel Dun",), True)
    assert (second.answerable, second.kind) == (True, "date")  # gold says so
    assert (third.answerable, third.judged, third.kind) == (False, {}, "missing")


def test_the_template_is_a_question_set(tmp_path):
    from qa.evaluate.own import TEMPLATE

    found = read_question_set(TEMPLATE)
    assert [question.answerable for question in found.questions] == [True, True, False]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("q1", "lost", 1), "coast/qrels.tsv:7: the document 'lost' is not in corpus.jsonl"),
        (("q1", "lost", 0), "coast/qrels.tsv:7: the document 'lost' is not in corpus.jsonl"),
        (("q9", "ferry", 1), "coast/qrels.tsv:7: the question 'q9' is not in queries.jsonl"),
        (("q1", "ferry", 1), "coast/qrels.tsv:7: 'q1' and 'ferry' are judged twice"),
        (("q1", "goats"), "coast/qrels.tsv:7: expected question, document and score between tabs, found 2"),
        (("q1", "goats", "high"), "coast/qrels.tsv:7: the score 'high' is not a number"),
        (("q1", "goats", "nan"), "coast/qrels.tsv:7: the score 'nan' is not a number"),
        (("q1", "goats", "inf"), "coast/qrels.tsv:7: the score 'inf' is not a number"),
    ],
)
def test_qrels_that_cannot_be_used_name_their_line(tmp_path, refused, row, message):
    assert refused(beir(tmp_path / "coast", rows=[*QRELS, row])).startswith(message)


def test_a_beir_folder_without_queries_or_qrels(tmp_path, refused):
    folder = beir(tmp_path / "coast")
    (folder / "qrels.tsv").unlink()
    assert refused(folder).startswith("coast: expected one qrels file, found none; add qrels.tsv")
    (folder / "queries.jsonl").unlink()
    assert refused(folder) == "coast: there is no queries.jsonl in it; name a BEIR folder"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "coast/queries.jsonl:5: the line is not JSON"),
        ("[]", "coast/queries.jsonl:5: the line is a JSON list"),
        ('{"text": "Who?"}', "coast/queries.jsonl:5: 'id' is missing or empty"),
        ('{"_id": "x", "text": " "}', "coast/queries.jsonl:5: 'text' is missing or empty"),
        (
            '{"_id": "q1", "text": "Who?"}',
            "coast/queries.jsonl:5: the id 'q1' stands at coast/queries.jsonl:1",
        ),
        ('{"_id": "x", "text": "Who?", "answers": [1]}', "coast/queries.jsonl:5: 'answers' is not a list of"),
        ('{"_id": "x", "text": "Who?", "answerable": "no"}', "coast/queries.jsonl:5: 'answerable' is 'no'"),
        ('{"_id": "x", "text": "Who\\ud800?"}', "coast/queries.jsonl:5: 'text' holds a lone surrogate"),
    ],
)
def test_a_question_that_cannot_be_read_names_its_line(tmp_path, refused, line, message):
    folder = beir(tmp_path / "coast")
    with (folder / "queries.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert refused(folder).startswith(message)


def test_an_empty_set(tmp_path, refused):
    for name in ("mine.jsonl", "coast/queries.jsonl"):
        jsonl(tmp_path / name, [])
    qrels(tmp_path / "coast" / "qrels.tsv", [])
    (tmp_path / "docks.json").write_text('{"data": []}')
    for path in ("mine.jsonl", "coast", "docks.json"):
        assert refused(tmp_path / path) == f"{path}: there are no questions in it; write one a line"


@pytest.mark.parametrize("rows", [[], [("q1", "ferry", 0), ("q2", "strike", -1)]])
def test_a_set_without_a_relevant_document(tmp_path, refused, rows):
    folder = beir(tmp_path / "coast", questions=QUESTIONS[:3], rows=rows)
    assert refused(folder).startswith("coast: no question has a relevant article or is marked unanswerable")


@pytest.mark.parametrize(
    ("judgements", "message"),
    [
        ("301 0 goats\n", "qrels.txt:1: expected `topic 0 document relevance`, found '301 0 goats'"),
        ("301 0 goats 1\n\n301 0 choir yes\n", "qrels.txt:3: expected `topic 0 document relevance`"),
        ("301 0 goats 1\n301 0 goats 2\n", "qrels.txt:2: '301' and 'goats' are judged twice"),
        ("301 0 goats 1\n999 0 goats 1\n", "qrels.txt:2: the topic '999' is not in topics.txt"),
        ("301 0 goats 0\n", "topics.txt: no question has a relevant article"),
    ],
)
def test_trec_judgements_that_cannot_be_used_name_their_line(tmp_path, refused, judgements, message):
    topics, judged = trec(tmp_path, judgements)
    assert refused(topics, qrels=judged).startswith(message)


@pytest.mark.parametrize(
    ("topics", "message"),
    [
        ("301 Goats\n", "topics.txt:1: expected an id, a tab and a question"),
        ("\n\n<top><num>301</top>", "topics.txt:3: the topic has no <num> or no <title>"),
        ("<top><num>301<title> </top>", "topics.txt:1: the topic has no <num> or no <title>"),
        ("301\tGoats\n301\tMayors\n302\tx\n", "topics.txt:2: the id '301' stands at topics.txt:1 too"),
    ],
)
def test_trec_topics_that_cannot_be_read_name_their_line(tmp_path, refused, topics, message):
    path, judged = trec(tmp_path, topics=topics)
    assert refused(path, qrels=judged).startswith(message)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"id": "x", "question": "Who?", "answerable": True}, "'gold': the article's id and the words"),
        ({"id": "x", "question": "Who?", "gold": "ferry", "answerable": True}, "'gold' is not a list of"),
        ({"id": "x", "question": "Who?", "gold": [{"article": "ferry"}]}, "'quote' is missing or empty"),
        ({"id": "x", "question": "Who?", "gold": [{"quote": "goats"}]}, "'article' is missing or empty"),
        (
            {"id": "x", "question": "Who?", "gold": [{"article": "a", "quote": "b"}], "answerable": False},
            "a question with \"answerable\": false can't have 'gold'",
        ),
        ({"id": "x", "gold": [{"article": "ferry", "quote": "goats"}]}, "'question' is missing or empty"),
        ({"question": "Who?", "answerable": False}, "'id' is missing or empty"),
    ],
)
def test_our_own_questions_that_cannot_be_used_name_their_line(tmp_path, refused, record, message):
    path = own(tmp_path / "mine.jsonl", records=[{"id": "ok", "question": "?", "answerable": False}, record])
    found = refused(path)
    assert found.startswith("mine.jsonl:2: ")
    assert message in found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda whole: whole.pop("data"), "docks.json is not a SQuAD file: expected data, paragraphs"),
        (lambda whole: whole.update(data="x"), "docks.json is not a SQuAD file"),
        (lambda whole: _paragraph(whole).update(context=None), "docks.json is not a SQuAD file"),
        (lambda whole: _paragraph(whole).update(context="\ud800"), "docks.json: the paragraph "),
        (lambda whole: _paragraph(whole)["qas"].append("Who?"), "docks.json: a question of the paragraph"),
        (lambda whole: _paragraph(whole)["qas"][0].pop("answers"), "docks.json: a question of the paragraph"),
        (
            lambda whole: _paragraph(whole)["qas"][0]["answers"][0].update(answer_start=3),
            "docks.json: question 's1': its answer 'nine days' is not at offset 3",
        ),
        (
            lambda whole: _paragraph(whole)["qas"][0]["answers"][0].update(
                answer_start=ARTICLES["strike"].index("nine days") - len(ARTICLES["strike"])
            ),
            "docks.json: question 's1': its answer 'nine days' is not at offset -",
        ),
        (
            lambda whole: _paragraph(whole)["qas"][1].update(id="s1"),
            "docks.json: question 's1': the id 's1' stands at docks.json: question 's1' too",
        ),
    ],
)
def test_squad_files_that_cannot_be_used(tmp_path, refused, change, message):
    path = squad(tmp_path / "docks.json")
    whole = json.loads(path.read_text("utf-8"))
    change(whole)
    path.write_text(json.dumps(whole), "utf-8")
    assert refused(path).startswith(message)


def _paragraph(whole):
    return whole["data"][0]["paragraphs"][0]


def test_files_that_are_no_question_set(tmp_path, refused):
    (tmp_path / "broken.json").write_text('{"data": [')
    assert refused(tmp_path / "broken.json").startswith("broken.json: the file is not JSON (")
    assert refused(tmp_path / "missing").startswith("missing: no such file or folder")
    (tmp_path / "notes.csv").write_text("a,b")
    assert "a BEIR folder, a SQuAD .json, our own .jsonl" in refused(tmp_path / "notes.csv")
    (tmp_path / "latin.json").write_bytes('{"data": "é"}'.encode("latin-1"))
    assert refused(tmp_path / "latin.json") == "latin.json is not UTF-8; save it as UTF-8"
    topics, _ = trec(tmp_path)
    assert refused(topics, qrels=tmp_path / "none.txt").startswith("none.txt: no such file")


def test_options_that_do_not_go_with_the_form_are_refused(tmp_path, refused):
    assert "--qrels goes with a TREC" in refused(beir(tmp_path / "coast"), qrels=tmp_path / "x.tsv")
    assert "--split chooses among a BEIR" in refused(own(tmp_path / "mine.jsonl"), split="test")


def test_onestopqa_is_read_whole(shared):
    folder = shared / "data" / "dev" / "onestopqa"
    found = read_question_set(folder)
    assert (len(found.questions), found.corpus) == (486, folder / "corpus.jsonl")
    assert all(question.answerable and len(question.gold) == 1 for question in found.questions)
    assert {len(question.relevant) for question in found.questions} == {1}


def test_errors_of_a_set_are_errors_of_input():
    assert issubclass(QuestionSetError, InputError)
