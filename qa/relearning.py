"""Which stored articles are marked otherwise than what their outlets repeat by now says."""

from collections.abc import Iterator

from corpus.article import Article, Furniture
from corpus.furniture import find_furniture
from qa import repeated, rows
from qa.connection import Connection


def stale_marks(connection: Connection) -> Iterator[tuple[Article, list[Furniture]]]:
    """The articles whose furniture is to change, by id, each with what it is to be."""
    for id in repeated.unsettled(connection):
        article = rows.find_article(connection, id)
        if article is not None:
            furniture = find_furniture(article, repeated.to_be_marked(connection, article))
            if furniture != rows.furniture_of(connection, id):
                yield article, furniture
