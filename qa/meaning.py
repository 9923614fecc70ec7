"""What a question is taken to mean beyond its own words."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Article
from corpus.dates import Interval, interval
from corpus.passages import context_text
from qa.dates.resolving import Mention, mentions
from qa.mentions.lookup import Mentions
from qa.names.widening import Name, respelled, widened
from qa.parts import Parts


@dataclass(frozen=True, slots=True)
class Meaning:
    """A question, its names that the archive has in other spellings or forms, and the days it mentions."""

    question: str
    names: tuple[Name, ...] = ()
    dates: tuple[Mention, ...] = ()

    @property
    def encoded(self) -> str:
        """The question for the encoder: a name that no article has so is as most articles have it."""
        return respelled(self.question, self.names, "") if self.names else self.question

    def as_in(self, article: Article, text: str) -> str:
        """The question with its names as a passage of an article has them."""
        if not self.names:
            return self.question
        return respelled(self.question, self.names, context_text(article.title, text))

    @property
    def days(self) -> tuple[Interval, ...]:
        """The days it asks about."""
        return tuple(date.days for date in self.dates)

    @property
    def variants(self) -> dict[str, list[str]]:
        """Each of the names as asked, with all that is searched for, as asked first."""
        return {name.asked: list(name.searched) for name in self.names}

    @property
    def dates_told(self) -> list[dict[str, str]]:
        """Each date as asked, with the first and last day it was taken for."""
        return [
            {
                "asked": self.question[date.start : date.end],
                "first": date.days.first.isoformat(),
                "last": date.days.last.isoformat(),
            }
            for date in self.dates
        ]


def meaning(question: str, archive: Mentions, parts: Parts, today: str | None) -> Meaning:
    """What the question means to an archive that mentions so much.

    "Last week" is counted from `today`, a partial date, and means nothing where that is None.
    """
    names: Sequence[Name] = ()
    dates: Sequence[Mention] = ()
    if parts.variants:
        names = widened(question, archive, without=parts.without)
    if parts.dates:
        dates = list(mentions(question, interval(today) if today else None))
    return Meaning(question, tuple(names), tuple(dates))
