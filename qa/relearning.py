"""Which stored articles are marked otherwise than what their outlets repeat by now says."""

import sqlite3
from collections.abc import Collection, Iterator

from corpus.article import Article
from corpus.furniture import REPEATED, Furniture, find_furniture
from corpus.learned import learn, lines_in
from qa import rows


def stale_marks(
    connection: sqlite3.Connection, outlets: Collection[str]
) -> Iterator[tuple[Article, list[Furniture]]]:
    """The articles of the outlets whose furniture is to change, by id, each with what it is to be."""
    for outlet in sorted(outlets):
        forms = learn(rows.articles_of(connection, outlet))
        stale = [
            each.id for each in rows.articles_of(connection, outlet) if _is_stale(connection, each, forms)
        ]
        for id in stale:
            article = rows.find_article(connection, id)
            if article is not None:
                furniture = find_furniture(article, forms)
                if furniture != rows.furniture_of(connection, id):
                    yield article, furniture


def _is_stale(connection: sqlite3.Connection, article: Article, forms: frozenset[str]) -> bool:
    """Whether a line that is repeated is not marked, or one is marked that is repeated no more."""
    shared = {(span.start, span.end) for span in lines_in(article, forms)}
    marks = rows.furniture_of(connection, article.id)
    learned = {(mark.start, mark.end) for mark in marks if mark.kind == REPEATED}
    ruled = {(mark.start, mark.end) for mark in marks if mark.kind != REPEATED}
    return bool(learned - shared or shared - learned - ruled)
