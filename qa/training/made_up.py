"""Questions made unanswerable: one name, number, date or other word swapped for another.

The swapped word stands in the passage, so the passage answered the question with it; the word that
takes its place is of the same kind and mostly from the same article, so that only who reads closely
can tell. A swap that might be answered by chance is not made (`swaps`).
"""

import random
import re
from collections.abc import Iterable, Sequence

from corpus.article import Span

_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*\d|(?<![\w.,])\d(?![\w])")
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s(?:of|the|de|von|van|al)(?=\s[A-Z])|\s[A-Z][\w’'-]*|\s[A-Z]\.)*")
_ASKING = re.compile(
    r"(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|could|"
    r"will|would|should|in|on|at|for|from|to|by|with|of|the|a|an|after|before|during|if|i|according)\b",
    re.IGNORECASE,
)
_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NOUN = re.compile(
    r"\b(?:the|a|an|his|her|their|its|this|my|your|our) ([a-z]{4,})(?= (?:of|in|on|at|to|from|for|with|by|is|"
    r"are|was|were|has|have|had|that|which|who|and|do|does|did)\b|[?,.;!])"
)
_OPPOSITES = """
first last|more less|most least|largest smallest|larger smaller|biggest smallest|bigger smaller|big small|
large small|highest lowest|higher lower|high low|longest shortest|longer shorter|long short|oldest youngest|
older younger|old new|old young|earliest latest|earlier later|early late|before after|begin end|began ended|
start stop|started stopped|start end|started ended|open close|opened closed|win lose|won lost|north south|
northern southern|northeast southwest|northwest southeast|east west|eastern western|increase decrease|
increased decreased|increasing decreasing|rise fall|rose fell|male female|man woman|men women|boy girl|
boys girls|father mother|son daughter|brother sister|husband wife|king queen|true false|right wrong|
good bad|better worse|best worst|positive negative|like dislike|likes dislikes|liked disliked|love hate|
loves hates|easy difficult|easy hard|fast slow|faster slower|hot cold|warm cool|strong weak|heavy light|
accept reject|accepted rejected|approve oppose|approved opposed|support oppose|supported opposed|
allowed forbidden|legal illegal|include exclude|included excluded|gain lose|gained lost|join leave|
joined left|arrive leave|arrived left|create destroy|created destroyed|built demolished|buy sell|
bought sold|born died|birth death|alive dead|married divorced|rich poor|public private|national local|
domestic foreign|major minor|majority minority|upper lower|inside outside|above below|over under|
always never|all none|many few|same different|similar different|common rare|popular unpopular|
successful unsuccessful|possible impossible|able unable|agree disagree|agreed disagreed|happy sad|
cheap expensive|dry wet|full empty|front back|top bottom|import export|imported exported|attack defend|
attacked defended|victory defeat|friend enemy|allies enemies|strengths weaknesses|advantage disadvantage|
maximum minimum|pro con|remember forget|remembered forgot|find lose|found lost|give take|gave took|
push pull|raise lower|raised lowered|expanded shrank|internal external|formal informal|ancient modern|
"""
_OPPOSITE: dict[str, list[str]] = {}
for _pair in _OPPOSITES.replace("\n", "").strip("|").split("|"):
    _one, _other = _pair.split()
    _OPPOSITE.setdefault(_one, []).append(_other)
    _OPPOSITE.setdefault(_other, []).append(_one)
_NEGATED = re.compile(r"\b(?:did|does|do|is|are|was|were|can|could|will|would|has|had|should)\b")
_WEIGHT = {"name": 4.0, "number": 3.0, "date": 3.0, "noun": 2.0, "opposite": 3.0, "not": 0.7}


def made_up(
    question: str, passage: str, answers: Sequence[Span], others: Iterable[str], chance: random.Random
) -> str | None:
    """The question with one word swapped so that the passage doesn't answer it; None where none can be.

    `answers` are offsets in the passage, `others` further texts of the same article.
    """
    found = swaps(question, passage, answers, others)
    if not found:
        return None
    kinds = sorted(found)
    kind = chance.choices(kinds, [_WEIGHT[kind] for kind in kinds])[0]
    return chance.choice(found[kind])


def swaps(
    question: str, passage: str, answers: Sequence[Span], others: Iterable[str]
) -> dict[str, list[str]]:
    """By kind of the word swapped, every question that can be made.

    A word takes another's place only where it occurs neither in the question nor in an answer, shares
    no word with what it replaces, and is not in the sentence that answers: there, it may be answered.
    """
    near = " ".join(_surroundings(passage, span) for span in answers)
    taken = f"{question} {near}".casefold()
    far = [passage, *others]
    made: dict[str, list[str]] = {}

    def put(kind: str, span: Span, words: Iterable[str]) -> None:
        for word in dict.fromkeys(words):
            if not re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", taken):
                made.setdefault(kind, []).append(question[: span.start] + word + question[span.end :])

    for match in _NUMBER.finditer(question):
        if match.group() in passage:
            put("number", Span(*match.span()), _numbers_like(match.group(), far))
    for names in (_MONTHS, _DAYS):
        for match in re.finditer(rf"\b(?:{'|'.join(names)})\b", question):
            if match.group() in passage:
                put("date", Span(*match.span()), names)
    for span in _names(question):
        name = span.of(question)
        if name in passage and name not in _MONTHS + _DAYS:
            put("name", span, _names_like(name, _word_before(question, span), far))
    for match in _NOUN.finditer(question):
        if re.search(rf"\b{match.group(1)}\b", passage):
            put("noun", Span(*match.span(1)), _nouns_like(match.group(1), passage))
    for match in re.finditer(r"\b[a-z]+\b", question):
        put("opposite", Span(*match.span()), _OPPOSITE.get(match.group(), ()))
    negated = _NEGATED.search(question)
    asks = re.match(r"(?:what|who|which|where|when|why|how)\b", question, re.IGNORECASE)
    if negated and asks and " not " not in question and "n't" not in question:
        subject_first = re.match(
            r"(?:what|who|which \w+)$", question[: negated.start()].strip(), re.IGNORECASE
        )
        form = (
            f"{negated.group()} not" if subject_first and negated.group() not in ("did", "do", "does") else ""
        )
        if not form:
            form = _contracted(negated.group())
        made["not"] = [question[: negated.start()] + form + question[negated.end() :]]
    return made


def _contracted(verb: str) -> str:
    return {"can": "can't", "will": "won't"}.get(verb, f"{verb}n't")


def _surroundings(passage: str, answer: Span) -> str:
    """The sentence, about, that holds the answer."""
    before = max(passage.rfind(mark, 0, answer.start) for mark in (". ", "! ", "? ", "\n"))
    after = min(
        at if at >= 0 else len(passage)
        for at in (passage.find(m, answer.end) for m in (". ", "! ", "? ", "\n"))
    )
    return passage[before + 1 : after]


def _names(text: str) -> list[Span]:
    """Runs of capitalised words; a sentence's first word only where it is none that asks."""
    spans = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        if _ASKING.match(text, start):
            later = re.match(r"\S+\s+(?=[A-Z])", text[start:end])
            if later is None:
                continue
            start += later.end()
        spans.append(Span(start, end))
    return spans


def _word_before(text: str, span: Span) -> str:
    return (text[: span.start].split() or [""])[-1].casefold()


def _names_like(name: str, before: str, texts: Iterable[str]) -> list[str]:
    """Names of as many words, one or several; those that follow the same word ("in", "by"), if any do."""
    words = {word.casefold() for word in re.findall(r"\w+", name)}
    long = len(name.split()) > 1
    found: dict[str, bool] = {}
    for text in texts:
        for span in _names(text):
            other = span.of(text).removesuffix("'s").removesuffix("’s").rstrip("'’-")
            begins = span.start == 0 or text[span.start - 2 : span.start - 1] in ".!?\n:"
            if begins and " " not in other:  # any word begins a sentence with a capital
                continue
            if (len(other.split()) > 1) != long or len(other) < 3:
                continue
            if not words & {word.casefold() for word in re.findall(r"\w+", other)}:
                found[other] = found.get(other, False) or _word_before(text, span) == before
    return [other for other in found if found[other]] or list(found)


def _numbers_like(number: str, texts: Iterable[str]) -> list[str]:
    is_year = bool(_YEAR.fullmatch(number))
    found = dict.fromkeys(
        other
        for text in texts
        for other in _NUMBER.findall(text)
        if other != number and bool(_YEAR.fullmatch(other)) == is_year
    )
    if found:
        return list(found)
    if is_year:
        return [str(int(number) + shift) for shift in (-11, -4, -2, 3, 6, 15)]
    return [str(int(number) + shift) for shift in (2, 5, 9)] if number.isdigit() else []


def _nouns_like(noun: str, text: str) -> list[str]:
    plural = noun.endswith("s")
    return [
        other
        for other in dict.fromkeys(match.group(1) for match in _NOUN.finditer(text))
        if other != noun and other.endswith("s") == plural and other[:4] != noun[:4]
    ]
