"""What the archive holds and quotes: articles, spans of them, and where they came from."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open offsets in Unicode code points into an article's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether the two spans share a character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Furniture:
    """A span that is never indexed and never quoted.

    `kind` is one of headline, navigation, related, player, caption, image, bullet, credit, byline, call,
    repeated.
    """

    start: int
    end: int
    kind: str

    @property
    def span(self) -> Span:
        """The span alone."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article was read: an absolute path or a URL, and the line in a JSONL file."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about an article besides its text. None means unknown; nothing is guessed."""

    id: str | None = None
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A text with its facts; `sha256` is the hex digest of the text in UTF-8."""

    id: str
    text: str
    title: str | None
    source: str | None
    author: str | None
    published: str | None
    url: str | None
    language: str | None
    sha256: str
    origin: Origin

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, on which the character at `offset` stands; None where the text has no pages.

        A page ends with a form feed, as in the text of a PDF.
        """
        return self.text.count("\f", 0, offset) + 1 if "\f" in self.text else None

    @classmethod
    def from_facts(cls, facts: Facts, *, id: str, text: str, origin: Origin) -> "Article":
        """An article of `text` under `id`, hashed here; `facts.id` is not looked at."""
        return cls(
            id=id,
            text=text,
            title=facts.title,
            source=facts.source,
            author=facts.author,
            published=facts.published,
            url=facts.url,
            language=facts.language,
            sha256=sha256_of(text),
            origin=origin,
        )


def sha256_of(text: str) -> str:
    """Hex SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
