"""The commands that keep an archive, but for add: remove, list, show, info, optimize."""

from argparse import Namespace
from typing import Any

from corpus.errors import InputError
from qa.answer import article_facts
from qa.cite import one_line, printable
from qa.cli.output import count, note, note_unwritten, opened, write, write_json
from qa.marked import marked_words
from qa.rows import counts


def remove(options: Namespace) -> int:
    """Removes articles."""
    with opened(options) as archive:
        generation = archive.remove(options.ids)
        note_unwritten(archive)
    removed = list(dict.fromkeys(options.ids))
    if options.json:
        write_json({"removed": removed, "generation": generation})
    else:
        write(f"removed {count(len(removed), 'article')}")
    return 0


def list_articles(options: Namespace) -> int:
    """Lists the articles by id."""
    with opened(options) as archive:
        listed = archive.articles()
    if options.json:
        write_json([{name: getattr(each, name) for name in each.__dataclass_fields__} for each in listed])
        return 0
    for each in listed:
        known = [each.id, each.published, each.source, each.title]
        write(" · ".join(one_line(fact) for fact in known if fact))
    if not listed:
        note("the archive is empty; add articles with `python -m qa add FOLDER`")
    return 0


def show(options: Namespace) -> int:
    """Shows one article, or what is marked as furniture."""
    if options.furniture:
        return _show_furniture(options)
    if options.id is None:
        raise InputError("name the article to show by its id; `list` names those there are")
    with opened(options) as archive:
        article, furniture = archive.article(options.id), archive.furniture(options.id)
    facts = {**article_facts(article), "language": article.language, "origin": str(article.origin)}
    if options.json:
        marks = [{"start": mark.start, "end": mark.end, "kind": mark.kind} for mark in furniture]
        write_json({**facts, "text": article.text, "furniture": marks})
        return 0
    for name, value in facts.items():
        if value is not None:
            write(f"{name + ':':<11}{one_line(value)}")
    write("")
    write("\n".join(map(printable, article.text.splitlines())))
    return 0


def _show_furniture(options: Namespace) -> int:
    with opened(options) as archive:
        if options.id is not None:
            archive.article(options.id)  # one that is not there is told
        with archive.reading() as connection:
            found = marked_words(connection, options.id)
    if options.json:
        write_json([{name: getattr(each, name) for name in each.__dataclass_fields__} for each in found])
        return 0
    for each in found:
        known = [count(each.articles, "article"), each.source, each.kind, each.words]
        write(" · ".join(one_line(fact) for fact in known if fact))
    if not found:
        note("nothing is marked as furniture")
    return 0


def info(options: Namespace) -> int:
    """Tells what the archive holds."""
    with opened(options) as archive:
        with archive.reading() as connection:
            numbers = counts(connection)
            size = archive.storage.bytes(connection)
            searched = {"search": archive.milvus.described(connection)} if archive.milvus else {}
        facts: dict[str, Any] = {
            "archive": archive.name,
            **searched,
            **numbers,
            "encoder": archive.settings.encoder,
            "weights_sha256": archive.settings.weights_sha256,
            "dimension": archive.settings.dimension,
            "index": archive.settings.index,
            "passage_words": archive.settings.passage_words,
            "format": archive.settings.format,
            "generation": archive.generation,
            "bytes": size + sum(file.stat().st_size for file in archive.path.rglob("*") if file.is_file()),
        }
    if options.json:
        write_json(facts)
        return 0
    for name, value in facts.items():
        parts = [f"{part} {of}" for part, of in value.items()] if isinstance(value, dict) else value
        shown = ", ".join(map(one_line, parts)) if isinstance(parts, list) else one_line(str(parts))
        write(f"{name + ':':<17}{shown}")
    return 0


def optimize(options: Namespace) -> int:
    """Makes the indexes anew."""
    with opened(options) as archive:
        archive.optimize()
        generation = archive.generation
    if options.json:
        write_json({"generation": generation})
    else:
        write("the indexes were made anew")
    return 0
