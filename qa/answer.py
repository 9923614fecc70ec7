"""An answer: numbered quotes, or an abstention; always in the archive's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.article import Article, Span
from qa.archive import Archive
from qa.as_json import as_json
from qa.follow_up import FollowUp
from qa.fusion import rounded
from qa.reprints import Reprint
from qa.voices import Voice

if TYPE_CHECKING:  # comparing knows quotes
    from qa.differences import Agreement, Difference, Value


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article that answer. `span` is the short answer inside them, where one is known.

    `score` is the probability that they answer; `same_as` the number of an earlier quote, of another
    article, that marks the same short answer. `reprints` are other articles that print the same
    words. `voice` is that of the sentence that answers; None where nobody looked, or its language is
    not known.
    """

    article: Article
    start: int
    end: int
    span: Span | None
    score: float
    same_as: int | None = None
    reprints: tuple[Reprint, ...] = ()
    voice: Voice | None = None

    @property
    def text(self) -> str:
        """The quoted words, sliced from the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Related:
    """A passage near the question: not an answer."""

    article: Article
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The passage's words, sliced from the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question.

    Quotes are numbered 1, 2, 3… in order and don't overlap. `confidence`, in [0, 1], is that of the
    best candidate; there are quotes exactly when it reaches `threshold`. Without quotes,
    `reason_code` and `reason` say why, and `related` holds the nearest passages.

    `variants` are the question's names that the archive also has in other spellings or forms, each
    with all that was searched for; `dates` what it mentions, with the first and last day it was taken
    for, as ISO dates. `searched` is what was looked for, in the user's own words; `follow_up` is what
    of it an earlier question lent, None where the question stands alone. `sources` counts those of
    the quotes that are independent of each other; None where nobody counted. `differences` and
    `agreements` compare the short answers of several articles.
    """

    question: str
    today: str | None
    confidence: float
    threshold: float
    quotes: tuple[Quote, ...]
    related: tuple[Related, ...]
    reason_code: str | None
    reason: str | None
    archive: Archive = field(repr=False, compare=False)
    variants: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dates: Sequence[Mapping[str, str]] = ()
    searched: str = ""
    follow_up: FollowUp | None = None
    sources: int | None = None
    differences: tuple["Difference", ...] = ()
    agreements: tuple["Agreement", ...] = ()

    @property
    def abstained(self) -> bool:
        """Whether the archive doesn't say."""
        return not self.quotes

    def to_dict(self) -> dict[str, Any]:
        """The answer as the JSON contract has it."""
        return {
            "question": self.question,
            "today": self.today,
            "abstained": self.abstained,
            "reason_code": self.reason_code,
            "reason": self.reason,
            "confidence": rounded(self.confidence),
            "threshold": rounded(self.threshold),
            "variants": {name: list(searched) for name, searched in self.variants.items()},
            "dates": [dict(date) for date in self.dates],
            "quotes": [
                {
                    "n": number,
                    **_passage(quote),
                    "span": _span(quote.span, quote.article),
                    "score": rounded(quote.score),
                    "same_as": quote.same_as,
                    "page": quote.article.page_at(quote.start),
                    "as_of": quote.article.published,
                    "voice": _voice(quote),
                    "reprints": [_passage(reprint) for reprint in quote.reprints],
                }
                for number, quote in enumerate(self.quotes, 1)
            ],
            "related": [{**_passage(passage), "score": rounded(passage.score)} for passage in self.related],
            "searched": self.searched,
            "follow_up": _follow_up(self.follow_up),
            "independent_sources": self.sources,
            "differences": [
                {
                    "kind": each.kind,
                    "label": each.label,
                    "unit": each.unit,
                    "values": [self._value(value) for value in each.values],
                }
                for each in self.differences
            ],
            "agreements": [
                {
                    "kind": each.kind,
                    "unit": each.unit,
                    "values": [self._value(value) for value in each.values],
                    "independent_sources": each.sources,
                }
                for each in self.agreements
            ],
        }

    def _value(self, value: "Value") -> dict[str, Any]:
        text = value.span.of(self.quotes[value.at].article.text)
        return {"n": value.at + 1, "start": value.span.start, "end": value.span.end, "text": text}

    def to_json(self) -> str:
        """The JSON document that `python -m qa ask --json` prints."""
        return as_json(self.to_dict())

    def to_markdown(self) -> str:
        """The quotes with footnotes that say where they stand."""
        from qa.cite import markdown  # noqa: PLC0415  (citing knows answers, not the other way round)

        return markdown(self)

    def verify(self) -> "Verdict":
        """Checks every quote against the archive as it is now."""
        from qa.verify import verify  # noqa: PLC0415  (verifying knows answers, not the other way round)

        return verify(self.to_dict(), self.archive)


def article_facts(article: Article) -> dict[str, str | None]:
    """What is shown of an article beside a quote."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published,
        "url": article.url,
        "sha256": article.sha256,
    }


def _passage(words: Quote | Related | Reprint) -> dict[str, Any]:
    return {
        "article": article_facts(words.article),
        "start": words.start,
        "end": words.end,
        "text": words.text,
    }


@dataclass(frozen=True, slots=True)
class QuoteStatus:
    """What became of one quote: ok, altered, article changed or article removed."""

    n: int
    status: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found. `ok` where every quote and passage is as shown and nothing is amiss."""

    ok: bool
    quotes: Sequence[QuoteStatus]
    related: Sequence[QuoteStatus]
    problems: Sequence[str]

    def to_dict(self) -> dict[str, Any]:
        """The verdict as the JSON contract has it."""
        return {
            "ok": self.ok,
            "quotes": [_status(status) for status in self.quotes],
            "related": [_status(status) for status in self.related],
            "problems": list(self.problems),
        }


def _status(status: QuoteStatus) -> dict[str, Any]:
    return {"n": status.n, "status": status.status, "detail": status.detail}


def _follow_up(leaning: FollowUp | None) -> dict[str, Any] | None:
    if leaning is None:
        return None
    return {
        "question": leaning.question,
        "carried": [{"kind": piece.kind, "text": piece.text} for piece in leaning.carried],
        "dropped": [{"kind": piece.kind, "text": piece.text} for piece in leaning.dropped],
    }


def _span(span: Span | None, article: Article) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"start": span.start, "end": span.end, "text": span.of(article.text)}


def _voice(quote: Quote) -> dict[str, Any] | None:
    if quote.voice is None:
        return None
    return {
        "kind": quote.voice.kind,
        "speaker": _span(quote.voice.speaker, quote.article),
        "verb": _span(quote.voice.verb, quote.article),
    }
