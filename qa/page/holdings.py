"""What the archive holds, as HTML: a table of articles to search in, one article, and work on them."""

from collections.abc import Sequence
from html import escape

from qa.adding import AddReport
from qa.archive import Archive
from qa.page import texts
from qa.page.coverage import coverage
from qa.page.markup import button, isolated
from qa.page.source import heading, text_of
from qa.rows import Listed

ROWS = 100  # of a table; more are found by searching


def matching(articles: Sequence[Listed], words: str) -> list[Listed]:
    """The articles whose title, source, date or id have every one of the words in them, in any case."""
    wanted = words.casefold().split()
    return [each for each in articles if all(word in _searched(each) for word in wanted)]


def table(articles: Sequence[Listed], words: str | None) -> str:
    """The first of the matching articles, newest first, each a button that opens it."""
    found = sorted(matching(articles, words or ""), key=lambda each: each.id)
    found.sort(key=lambda each: each.published or "", reverse=True)
    rows = "".join(
        f"<tr><td>{button(isolated(each.title or each.id), 'show', kind='link', id=each.id)}</td>"
        f'<td>{isolated(each.source or "–")}</td><td class="date">{isolated(each.published or "–")}</td></tr>'
        for each in found[:ROWS]
    )
    head = "".join(
        f'<th scope="col">{name}</th>' for name in (texts.TITLE_HEAD, texts.SOURCE_HEAD, texts.DATE_HEAD)
    )
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    told = texts.matches(len(found), len(articles), min(len(found), ROWS))
    return f'<p class="facts" role="status">{told}</p>{body}'


def overview(articles: Sequence[Listed]) -> str:
    """How many articles there are, and what they cover."""
    return f'<h2 class="count">{texts.articles(len(articles))}</h2>{coverage(articles)}'


def article(archive: Archive, id: str, *, read_only: bool) -> str:
    """One article, whole; where the page may change the archive, with the way to remove it."""
    found = archive.article(id)
    remove = ""
    if not read_only:
        remove = (
            f'<details class="remove"><summary>{texts.REMOVE}</summary><p>{texts.REMOVE_WARNING}</p>'
            f"{button(texts.REMOVE_NOW, 'remove', kind='tool danger', id=id)}</details>"
        )
    text = text_of(found, archive.furniture(id))
    return f'<article class="source" tabindex="-1">{heading(found)}{remove}{text}</article>'


def report(added: AddReport, made_way: int) -> str:
    """What became of each file that was added; `made_way` counts the sample briefs that did."""
    counts = [
        texts.became(name, len(ids))
        for name, ids in (
            ("added", added.added),
            ("replaced", added.replaced),
            ("unchanged", added.unchanged),
        )
        if ids
    ]
    if made_way:
        counts.append(texts.made_way(made_way))
    failed = "".join(
        f"<li>{isolated(each.path)}: <bdi>{escape(each.reason)}</bdi></li>" for each in added.failed
    )
    why = f'<p class="gone">{texts.failed(len(added.failed))}</p><ul>{failed}</ul>' if failed else ""
    return f'<div class="report" role="status"><p>{". ".join(counts)}</p>{why}</div>'


def progress(encoded: int) -> str:
    """How far adding is; how much there is to do is not known before it is read."""
    return (
        f'<div class="report" role="status"><p>{texts.adding(encoded)}</p>'
        f'<progress aria-label="{texts.ADDING}"></progress></div>'
    )


def measuring(done: int, of: int, encoded: int) -> str:
    """How far measuring is: questions done, of how many, 0 where that is not known yet; passages encoded."""
    part = f' value="{done}" max="{of}"' if of else ""
    return (
        f'<div class="report" role="status"><p>{texts.asking(done, of, encoded)}</p>'
        f'<progress aria-label="{texts.MEASURE}"{part}></progress></div>'
    )


def _searched(each: Listed) -> str:
    return " ".join(part for part in (each.title, each.source, each.published, each.id) if part).casefold()
