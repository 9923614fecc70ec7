"""From what a reader and the search say of a sentence to the probability that it answers."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from corpus.errors import InputError
from qa.fusion import rounded

LEAST = 1e-6  # of a candidate; 0 is kept for "nothing in common", which no threshold lets pass
_FORMAT = 3
_BEYOND = 1.5  # times a calibration's length of question: there the reader's word counts nothing


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one sentence.

    `relevance` of its passage and `margin` of its best span are the reader's logits, `fusion` is the
    search's score of the passage, `named` the share of the question's names and numbers, in [0, 1],
    that the passage, its title or its date mentions: 1 where there are none. `coverage` is the share of the
    question's words, by idf, that the sentence or its surroundings hold.
    """

    relevance: float
    margin: float
    fusion: float
    named: float
    coverage: float

    def heard(self, trust: float) -> "Evidence":
        """The same, with the reader's word counting so much, in [0, 1]."""
        return replace(self, relevance=trust * self.relevance, margin=trust * self.margin)


@dataclass(frozen=True, slots=True)
class Odds:
    """A linear model: the log odds that a sentence answers, from its evidence."""

    intercept: float
    weights: Evidence

    def of(self, evidence: Evidence) -> float:
        """The log odds."""
        return self.intercept + _weighted(self.weights, evidence)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Linear models over evidence, and the threshold below which to abstain, in [0, 1].

    `order` says which sentence comes first: what tells the right sentence from its neighbours.
    `confidence` says how likely the first one answers: what tells a question with an answer from one
    without; `unread` says so without the reader's word. That word counts in full for questions of up to
    `words` words, as those that the models were fitted on, and for longer ones less and less; in the
    order, it counts half where no sentence has more than `doubt` for its margin, and less below.
    It holds for one reader's weights. `fitted_on` names the data it was fitted on.
    """

    reader_sha256: str
    words: float
    doubt: float
    order: Evidence
    confidence: Odds
    unread: Odds
    threshold: float
    fitted_on: tuple[str, ...]

    @classmethod
    def none(cls, reader_sha256: str) -> "Calibration":
        """For a reader nobody has calibrated: its own logits, as they are."""
        logits = Odds(0.0, Evidence(0.5, 0.5, 0.0, 0.0, 0.0))
        return cls(reader_sha256, math.inf, -math.inf, logits.weights, logits, logits, 0.5, ())

    @classmethod
    def from_file(cls, file: Path, reader_sha256: str) -> "Calibration":
        """What `python -m qa calibrate --out FILE` wrote for the reader of that hash.

        Raises InputError where the file is no calibration, or one for another reader.
        """
        again = "run `python -m qa calibrate` with this reader again"
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{file}: {error.strerror}; {again}") from None
        except ValueError:
            raise InputError(f"{file} is not JSON; {again}") from None
        try:
            found = _checked(record)
        except (TypeError, KeyError, ValueError) as error:
            raise InputError(f"{file} is no calibration ({error}); {again}") from None
        if found.reader_sha256 != reader_sha256:
            raise InputError(
                f"{file} is for the reader {found.reader_sha256[:12]}…, not {reader_sha256[:12]}…; {again}"
            )
        return found

    def to_json(self) -> str:
        """The text of the file that `from_file` reads."""
        return json.dumps({"format": _FORMAT, **asdict(self)}, indent=2) + "\n"

    def trust(self, words: int) -> float:
        """How much the reader's word counts, in [0, 1], of a question of so many words."""
        if words <= self.words:
            return 1.0
        return max(0.0, (_BEYOND * self.words - words) / ((_BEYOND - 1) * self.words))

    def logits(self, found: Sequence[Evidence], words: int, read: float = 1.0) -> list[float]:
        """How much speaks for each sentence of a question, rounded; what candidates are ordered by.

        `read` is the share of the question's passages, in [0, 1], in a language that the reader knows:
        its word counts by so much.
        """
        best = max((each.margin for each in found), default=0.0)
        trust = read * self.trust(words) * _sigmoid(best - self.doubt)
        return [rounded(_weighted(self.order, each.heard(trust))) for each in found]

    def probability(self, evidence: Evidence, words: int, read: float = 1.0) -> float:
        """The probability, in [LEAST, 1), that a sentence answers which comes first, by its evidence."""
        trust = read * self.trust(words)
        return _sigmoid(trust * self.confidence.of(evidence) + (1 - trust) * self.unread.of(evidence))


def _weighted(weights: Evidence, evidence: Evidence) -> float:
    return math.fsum(getattr(weights, each.name) * getattr(evidence, each.name) for each in fields(Evidence))


def _sigmoid(logit: float) -> float:
    return max(LEAST, rounded(1 / (1 + math.exp(-max(-50.0, logit)))))


def _checked(record: Mapping[str, object]) -> Calibration:
    if record["format"] != _FORMAT:
        raise ValueError(f"format {record['format']}, expected {_FORMAT}")
    fitted_on = record["fitted_on"]
    if not isinstance(fitted_on, list):
        raise TypeError("'fitted_on' is a list")
    threshold = _finite(record["threshold"])
    if not 0 <= threshold <= 1:
        raise ValueError(f"the threshold is {threshold}, expected 0 to 1")
    words = _finite(record["words"])
    if words < 1:
        raise ValueError(f"'words' is {words}, expected at least 1")
    return Calibration(
        reader_sha256=str(record["reader_sha256"]),
        words=words,
        doubt=_finite(record["doubt"]),
        order=_weights(record["order"], "order"),
        confidence=_odds(record, "confidence"),
        unread=_odds(record, "unread"),
        threshold=threshold,
        fitted_on=tuple(str(each) for each in fitted_on),
    )


def _odds(record: Mapping[str, object], name: str) -> Odds:
    found = record[name]
    if not isinstance(found, dict):
        raise TypeError(f"{name!r} is an object")
    return Odds(_finite(found["intercept"]), _weights(found["weights"], f"{name}.weights"))


def _weights(found: object, name: str) -> Evidence:
    if not isinstance(found, dict):
        raise TypeError(f"{name!r} is an object")
    return Evidence(**{each.name: _finite(found[each.name]) for each in fields(Evidence)})


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a number")
    return float(value)
