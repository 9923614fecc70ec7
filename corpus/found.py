"""What reading finds: articles, what failed and why, and what was left alone."""

import os
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article, Origin


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or a part of one (`path:line`) that could not become an article, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a kind that is not read."""

    path: str


Found = Article | Failure | Skipped


def shown(place: Path | Origin) -> str:
    """The place as text that can be printed, also where its name is not UTF-8."""
    return os.fsencode(str(place)).decode("utf-8", "backslashreplace")
