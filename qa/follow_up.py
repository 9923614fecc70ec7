"""A question that leans on the one before, made whole with words of that one: never with others.

"And in Shymkent?", "Why?" and "What about him?" carry what they lack as pieces that can be dropped.
No model is asked: a few patterns of English say what a question lacks.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.dates.expressions import expressions
from qa.stopwords import ENGLISH

Kind = Literal["name", "date", "words"]
_ELLIPTIC = 4  # words of a question without an auxiliary verb that lacks the rest
_SHORT = 6  # words of a question that only puts one thing in the place of another
_JOIN = re.compile(r"\s*(?:(?:and|but|so|or|ok|okay|well|then)\b[\s,]*)+", re.IGNORECASE)
_ABOUT = re.compile(r"\s*(?:(?:and|but|so)\b[\s,]*)?(?:what|how) about\b\s*", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:(?:on|in|at|for|to|by|with|from|since|until|near|under)\s+)?"
    r"(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"(?:\s+(?:many|much|long|old|often|far|big|large|soon)\b)?\s*",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:\b(?P<preposition>in|at|on|near|from|to|of|by|with|for|during|since|until|before|after|against)\s+)?"
    r"(?:\bthe\s+)?\Z",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'.-]*\w(?:\s+(?:(?:of|the|for|and)\s+)?[^\W\d_a-z][\w’'.-]*\w)*|\b[A-Z]\b"
)
_COMMON = re.compile(rf"\A(?:(?:{'|'.join(sorted(ENGLISH))})(?:\s+|\Z))*", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers|himself|herself)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?:it|its|they|them|their|theirs|this|these|those|that)\b", re.IGNORECASE)
_PLACE = re.compile(r"\bthere\b(?!\s+(?:is|are|was|were|be|been|any)\b)", re.IGNORECASE)
_TIME = re.compile(r"\bthen\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may)\b", re.IGNORECASE
)
_WHERE = {"in", "at", "near", "from", "to"}
_WORD = re.compile(r"[\w’'-]+")
_END = re.compile(r"[\s?.!,;:]+\Z")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a question's words: a name or a date with what leads to it, or the words between.

    `preposition` is in the text, and empty where none leads to it; `bare` is the name or date alone.
    """

    kind: Kind
    text: str
    preposition: str
    bare: str

    @property
    def is_place(self) -> bool:
        """Whether it is a name that says where."""
        return self.kind == "name" and self.preposition.lower() in _WHERE


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a question asks once it is whole, and the pieces it carries over from the one before.

    `dropped` are the pieces that it would carry, had the user not taken them out.
    """

    question: str
    carried: tuple[Piece, ...]
    dropped: tuple[Piece, ...]


def follow(question: str, before: Sequence[str], dropped: Collection[str] = ()) -> FollowUp:
    """The question made whole by the ones before it, oldest first; as it is where it stands alone.

    `dropped` are texts of pieces not to carry.
    """
    context = ""
    for earlier in before:
        context = _whole(earlier, context, ()).question
    return _whole(question, context, dropped)


def _whole(question: str, before: str, dropped: Collection[str]) -> FollowUp:
    asked = _END.sub("", question.strip())
    earlier = _pieces(_after(_ASKS, _after(_JOIN, _END.sub("", before))))
    alone = FollowUp(question.strip(), (), ())
    if not earlier or not asked:
        return alone
    kept = [piece for piece in earlier if piece.text not in dropped]
    left_out = tuple(piece for piece in earlier if piece.text in dropped)
    joined = _ABOUT.match(question) or _JOIN.match(question)
    rest = asked[joined.end() :].strip() if joined and joined.end() < len(asked) else asked
    if not _content(rest) and _ASKS.match(rest) and not _leans(rest):
        return FollowUp(_ended(rest, *(piece.text for piece in kept)), _shown(kept), _shown(left_out))
    if _swaps(rest, is_joined=joined is not None):
        texts, left = _swapped(kept, _pieces(rest))
        return FollowUp(_ended(_opening(before), *texts), _shown(left), _shown(left_out))
    if _leans(rest):
        text, used = _filled(rest, kept)
        return FollowUp(text, used, tuple(each for each in _filled(rest, earlier)[1] if each in left_out))
    if (joined or _lacks(rest)) and not _names(rest):
        used = _shown(_beside(rest, kept))
        return FollowUp(_ended(rest, *(piece.text for piece in used)), used, _shown(_beside(rest, left_out)))
    return alone


def _pieces(text: str) -> list[Piece]:
    """The names and dates of a text, each with its preposition, and the words between them."""
    dates = list(expressions(text))
    marks: list[tuple[int, int, Kind]] = [(each.start, each.end, "date") for each in dates]
    for match in _NAME.finditer(text):
        start = match.end() - len(_COMMON.sub("", match[0], count=1))
        if start < match.end() and not any(each.start < match.end() and start < each.end for each in dates):
            marks.append((start, match.end(), "name"))
    found: list[Piece] = []
    at = 0
    for start, end, kind in sorted(marks):
        lead = _LEAD.search(text, at, start)
        begins, preposition = (lead.start(), lead["preposition"] or "") if lead else (start, "")
        found.append(_words(text[at:begins]))
        found.append(Piece(kind, text[begins:end], preposition, text[start:end]))
        at = end
    found.append(_words(text[at:]))
    return [piece for piece in found if piece.text]


def _words(text: str) -> Piece:
    return Piece("words", text.strip(), "", text.strip())


def _swaps(rest: str, *, is_joined: bool) -> bool:
    """Whether the words only name something: in the place of what the question before named."""
    words = _WORD.findall(rest)
    if not words or len(words) > _SHORT or _ASKS.match(rest) or _leans(rest):
        return False
    lead = _LEAD.search(f"{words[0]} ")
    return is_joined or (lead is not None and lead["preposition"] is not None and bool(_names(rest)))


def _swapped(earlier: Sequence[Piece], named: Sequence[Piece]) -> tuple[list[str], list[Piece]]:
    """The earlier pieces with what is named in the place of one like it, or after them; and those kept."""
    texts: list[str | None] = [piece.text for piece in earlier]
    used = list(earlier)
    added = []
    for new in named:
        place = _place_for(new, earlier)
        if place is None:
            added.append(new.text)
            continue
        old = earlier[place]
        texts[place] = new.text if new.preposition or not old.preposition else f"{old.preposition} {new.text}"
        used = [piece for piece in used if piece is not old]
    return [text for text in texts if text] + added, used


def _place_for(new: Piece, earlier: Sequence[Piece]) -> int | None:
    """Where a like piece stands: a date for a date, a place for a place, else the first name."""
    alike = [at for at, piece in enumerate(earlier) if piece.kind == new.kind != "words"]
    if new.kind == "name":
        where = [at for at in alike if earlier[at].is_place]
        who = [at for at in alike if not earlier[at].is_place]
        alike = where[-1:] if new.is_place else who or (where if not new.preposition else [])
    return alike[0] if alike else None


def _filled(rest: str, earlier: Sequence[Piece]) -> tuple[str, tuple[Piece, ...]]:
    """The question with a name in the place of its pronoun; what else it may mean stands after it."""
    names = [piece for piece in earlier if piece.kind == "name"]
    subject = next((piece for piece in names if not piece.is_place), None)
    thing = next((piece for piece in names if not piece.preposition), None)
    place = next((piece for piece in reversed(names) if piece.is_place), None)
    date = next((piece for piece in earlier if piece.kind == "date"), None)
    stands_alone = bool(_names(rest))
    others = list(earlier) if _THING.search(rest) and thing is None else list(_beside(rest, earlier))
    used: list[Piece] = []
    for pattern, piece in ((_PERSON, subject), (_THING, thing), (_PLACE, place), (_TIME, date)):
        found = pattern.search(rest)
        if piece is not None and piece not in used and found:
            written = piece.text if pattern in (_PLACE, _TIME) else piece.bare
            rest = rest[: found.start()] + written + rest[found.end() :]
            used.append(piece)
    more = () if stands_alone else _shown([piece for piece in others if piece not in used])
    return _ended(rest, *(piece.text for piece in more)), (*used, *more)


def _beside(rest: str, earlier: Sequence[Piece]) -> list[Piece]:
    """The names and dates that go with a question: no date where it has one."""
    left_out = {"words", "date"} if any(expressions(rest)) else {"words"}
    return [piece for piece in earlier if piece.kind not in left_out]


def _lacks(rest: str) -> bool:
    """Whether it is too short to stand alone: "On what charge?"."""
    words = _WORD.findall(rest)
    return len(words) <= _ELLIPTIC and _ASKS.match(rest) is not None and not _VERB.search(rest)


def _leans(rest: str) -> bool:
    """Whether a pronoun stands for what the question before named."""
    names = _NAME.search(rest, 1)
    own = rest[: names.start()] if names else rest
    if _PERSON.search(own):
        return True
    return not _names(rest) and any(pattern.search(rest) for pattern in (_THING, _PLACE, _TIME))


def _names(text: str) -> list[Piece]:
    return [piece for piece in _pieces(text) if piece.kind == "name"]


def _shown(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces that say something: not those of "was the" alone."""
    return tuple(piece for piece in pieces if piece.kind != "words" or _content(piece.text))


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.casefold() not in ENGLISH]


def _opening(before: str) -> str:
    """The question word of the question before, with what belongs to it."""
    asks = _ASKS.match(_after(_JOIN, before.strip()))
    return asks[0].strip() if asks else ""


def _after(opening: re.Pattern[str], text: str) -> str:
    """The text without what it opens with."""
    match = opening.match(text)
    return text[match.end() :] if match else text


def _ended(*parts: str) -> str:
    return " ".join(part for part in parts if part) + "?"
