"""A passage that a search found."""

from dataclasses import dataclass
from typing import Any

from corpus.article import Article
from corpus.passages import Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `score` is fused, or the one search's where only one was asked for.

    `dense` is the cosine of question and passage, `lexical` BM25 over its upper bound; `gained` is what
    of the score the passage has for the days that the question asks about.
    """

    article: Article
    passage: Passage
    score: float
    dense: float
    lexical: float
    gained: float = 0.0

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.article.id

    @property
    def start(self) -> int:
        """Where the passage starts in the article's text."""
        return self.passage.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.passage.end

    @property
    def text(self) -> str:
        """The passage's words."""
        return self.passage.span.of(self.article.text)

    def to_dict(self) -> dict[str, Any]:
        """The passage as the JSON contract has it."""
        return {
            "article_id": self.article_id,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "score": self.score,
            "title": self.article.title,
            "source": self.article.source,
            "published": self.article.published,
        }
