"""Articles on buoys, which change while they are asked about, and what an answer may say of them.

An article may have gone or changed by the time its quote is looked at, so a quote is verified against
what was ever committed: each text says its own number, and can be written again from it.
"""

import json
import os
import threading

from corpus.article import sha256_of

QUESTION = "Who painted buoy number 7?"
COATS = range(1, 4)


def text_of(number, coat):
    return f"Buoy number {number} was painted by Tam Reddick, coat {coat}. It lies off Low Sound."


TEXTS = {sha256_of(text): text for text in (text_of(number, coat) for number in range(200) for coat in COATS)}


def write(folder, numbers, coat):
    """A corpus of those buoys."""
    file = folder / f"{os.getpid()}-{threading.get_ident()}.jsonl"
    records = [{"id": f"{number:03}", "text": text_of(number, coat), "language": "en"} for number in numbers]
    file.write_text("\n".join(map(json.dumps, records)))
    return file.rename(folder / "corpus.jsonl")


def faults(answer):
    """What is wrong with an answer by what was ever committed."""
    found = []
    for quote in answer["quotes"]:
        text = TEXTS.get(quote["article"]["sha256"])
        if text is None:
            found.append(f"no such text was ever added: {quote}")
        elif (
            text[quote["start"] : quote["end"]] != quote["text"]
            or f"number {int(quote['article']['id'])} " not in text
        ):
            found.append(f"not words of its article: {quote}")
        span = quote["span"]
        if text and span and text[span["start"] : span["end"]] != span["text"]:
            found.append(f"a span that is not there: {quote}")
    if [quote["n"] for quote in answer["quotes"]] != list(range(1, len(answer["quotes"]) + 1)):
        found.append("wrong numbers")
    if len({quote["article"]["id"] for quote in answer["quotes"]}) < len(answer["quotes"]):
        found.append("two quotes of one article, which has one sentence that answers")
    return found
