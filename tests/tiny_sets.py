"""Question sets small enough to work out by hand, about an invented coast; written into a test's folder."""

import json
from pathlib import Path

ARTICLES = {
    "ferry": "The ferry Ostrava returned to Veldmark with forty goats. Captain Mirel Dun steered it herself.",
    "strike": "Dock workers in Veldmark struck for nine days. They wanted dry boots and a shorter shift.",
    "bridge": "The Hulm bridge was closed in 1987 because its piers had sunk. A ferry replaced it.",
    "goats": "Goats from Ostrava graze on the dyke. The council pays forty crowns a goat.",
    "choir": "The choir of Saint Olm sang in the rain. Nobody left before the last song.",
    "mayor": "Mayor Teodor Brask resigned on 4 May. He gave no reason.",
}
QUESTIONS = [
    {"_id": "q1", "text": "Who steered the ferry Ostrava?", "answers": ["Mirel Dun"], "type": "person"},
    {"_id": "q2", "text": "How long did dock workers strike?", "answers": ["nine days"], "type": "number"},
    {"_id": "q3", "text": "What about goats and ferry?", "answers": ["forty"], "type": "number"},
    {"_id": "q4", "text": "Why was the lighthouse painted?", "answers": [], "answerable": False},
]
QRELS = [("q1", "ferry", 1), ("q2", "strike", 1), ("q3", "goats", 2), ("q3", "ferry", 1), ("q3", "choir", 0)]


def jsonl(path: Path, records) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


def corpus(path: Path, articles=ARTICLES) -> Path:
    return jsonl(path, [{"_id": id, "title": "", "text": text} for id, text in articles.items()])


def qrels(path: Path, rows=QRELS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def beir(folder: Path, *, questions=QUESTIONS, rows=QRELS, articles=ARTICLES) -> Path:
    """A BEIR folder; without `articles`, one that has no corpus."""
    jsonl(folder / "queries.jsonl", questions)
    qrels(folder / "qrels.tsv", rows)
    if articles is not None:
        corpus(folder / "corpus.jsonl", articles)
    return folder


def own(path: Path, **changed) -> Path:
    """Our own form: three questions; `changed` are records in place of them."""
    records = [
        {"id": "a", "question": "Who steered the ferry?", "answers": ["Mirel Dun"], "kind": "person",
         "gold": [{"article": "ferry", "quote": "Captain Mirel Dun\n steered"}], "answerable": True},
        {"id": "b", "question": "When did the mayor resign?", "answers": [], "kind": "date",
         "gold": [{"article": "mayor", "quote": "resigned on 4 May"}]},
        {"id": "c", "question": "Who owns the lighthouse?", "answerable": False, "kind": "missing"},
    ]  # fmt: skip
    return jsonl(path, changed.get("records", records))


def squad(path: Path, version: str = "v2.0") -> Path:
    context = ARTICLES["strike"]
    answer = {"text": "nine days", "answer_start": context.index("nine days")}
    asked = [
        {
            "id": "s1",
            "question": "How many days did dock workers in Veldmark strike?",
            "answers": [answer, answer],
        },
        {"id": "s2", "question": "Who ended the strike?", "answers": [], "is_impossible": True},
    ]
    paragraphs = [
        {"context": context, "qas": asked if version == "v2.0" else asked[:1]},
        {"context": ARTICLES["choir"], "qas": []},
    ]
    whole = {"version": version, "data": [{"title": "Docks", "paragraphs": paragraphs}]}
    path.write_text(json.dumps(whole), "utf-8")
    return path
