"""Training sets read from their published forms; invented texts."""

import gzip
import json

from qa.training.training_set import Text, qamr, squadshifts, timeqa, training_sets, undone


def squad(title, *paragraphs):
    return {"title": title, "split": "test", "paragraphs": list(paragraphs)}


def paragraph(context, *asked):
    return {
        "context": context,
        "qas": [
            {
                "id": id,
                "question": question,
                "answers": [{"text": a, "answer_start": context.index(a)} for a in answers],
            }
            for id, question, answers in asked
        ],
    }


HARBOUR = paragraph("Gulls flew over the quay.\n", ("q1", "What  flew?", ["Gulls", "Gulls flew"]))
TRAMS = paragraph("Trams stood still. Fog came. ", ("q2", "What came?", ["Fog came. "]))


def answers_of(training_set):
    texts = {text.id: text.text for text in training_set.texts}
    return {q.question: [a.of(texts[q.text_id]) for a in q.answers] for q in training_set.questions}


def test_paragraphs_of_a_title_make_one_text_and_answers_move_with_them():
    found = squadshifts("wiki", {"data": [squad("The_Harbour", HARBOUR, TRAMS)]}, titled=True)
    assert found.texts == [
        Text("wiki-0", "The Harbour", "Gulls flew over the quay.\n\nTrams stood still. Fog came.\n\n")
    ]
    assert answers_of(found) == {"What flew?": ["Gulls", "Gulls flew"], "What came?": ["Fog came"]}


def test_paragraphs_without_a_title_that_means_something_are_texts_of_their_own():
    found = squadshifts("talk", {"data": [squad("x_1", HARBOUR, TRAMS)]}, titled=False)
    assert [(text.id, text.title) for text in found.texts] == [("talk-0-0", None), ("talk-0-1", None)]
    assert answers_of(found) == {"What flew?": ["Gulls", "Gulls flew"], "What came?": ["Fog came"]}


def test_a_tokeniser_s_spaces_are_undone_and_offsets_kept():
    text, kept = undone("Brisk 's bridge ( new ) opened , at last .")
    assert text == "Brisk's bridge (new) opened, at last."
    assert [kept[at] for at in range(8)] == [0, 1, 2, 3, 4, 6, 7, 8]


def sentence(id, context, question, *answers):
    return {"id": id, "context": context, "question": question, "answers": list(answers), "contiguous": True}


def test_sentences_of_a_page_make_one_text_and_an_answer_is_a_whole_word():
    rows = [
        sentence("W:news:1:2:0#a", "The tram stood at Tarn .", "Where?", "Tarn", "at Tarn", "nowhere"),
        *[sentence("W:news:1:2:0#b", "The tram stood at Tarn .", "x", "Tarn")] * 3,
        sentence("W:news:1:3:0#a", "He , Brisk , spoke .", "Who?", "he", "Brisk"),
    ]
    found = qamr(rows)
    assert found.texts == [Text("news-1", None, "The tram stood at Tarn.\n\nHe, Brisk, spoke.")]
    assert answers_of(found) == {"Where?": ["Tarn", "at Tarn"], "Who?": ["Brisk"]}


def page(question, target, context="Brisk , once mayor , left Vell in 2031 ."):
    start = context.index(target) if target else 0
    return {
        "question": question, "context": context, "targets": [target], "from": [start],
        "end": [start + len(target)], "paragraphs": [{"title": "Ona Brisk", "text": context}],
    }  # fmt: skip


def test_pages_are_read_once_and_an_empty_target_is_no_answer():
    found = timeqa([page("Who left?", "Brisk"), page("What was she?", "mayor"), page("Who came?", "")])
    assert found.texts == [Text("timeqa-0", "Ona Brisk", "Brisk, once mayor, left Vell in 2031.")]
    assert answers_of(found) == {"Who left?": ["Brisk"], "What was she?": ["mayor"], "Who came?": []}


def test_all_sets_are_read_from_their_folder(tmp_path):
    for name in ("newwiki", "amazon", "reddit"):
        folder = tmp_path / f"squadshifts-{name}"
        folder.mkdir()
        (folder / "set.json").write_text(json.dumps({"data": [squad("T", HARBOUR)]}))
    (tmp_path / "qamr-dev-test").mkdir()
    row = sentence("W:news:1:2:0#a", "The tram stood .", "What?", "The tram")
    (tmp_path / "qamr-dev-test" / "dev.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "timeqa-human-train").mkdir()
    packed = gzip.compress(json.dumps(page("Who left?", "Brisk")).encode())
    (tmp_path / "timeqa-human-train" / "easy.jsonl.gz").write_bytes(packed)
    names = [found.name for found in training_sets(tmp_path)]
    assert names == ["newwiki", "amazon", "reddit", "qamr", "timeqa"]
