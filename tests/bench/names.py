"""Measures names: which of an archive's are taken for one another, and whether respelled ones are found.

    .venv/bin/python tests/bench/names.py merges ARCHIVE
    .venv/bin/python tests/bench/names.py respelled

`merges` lists each pair of the archive's names of which one, asked for, finds the other as well.
`respelled` asks for every name of `../shared/articles`, in every spelling the rules below know and in
Cyrillic, with variants on and off, and tells how often an article that has the name is found first.
"""

import argparse
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from qa import Archive, Retriever  # noqa: E402
from qa.evaluate.statistics import difference_of, mean_of  # noqa: E402
from qa.mentions.lookup import Mentions  # noqa: E402
from qa.names.attested import Kind, attested  # noqa: E402
from qa.names.folding import SHORTEST, keys  # noqa: E402
from qa.parts import ALL, NONE  # noqa: E402

ARTICLES = REPOSITORY.parent / "shared" / "articles"
QUESTION = "What is said about {name}?"

# What one outlet writes, and what another writes in its place.
LATIN = (
    ("q", "k"), ("k(?!h)", "q"), ("kh", "h"), ("kh", "x"), ("zh", "j"), ("y", "i"), ("i", "y"), ("j", "zh"),
    ("yev", "ev"), ("aev", "ayev"), ("ye", "e"), ("ai$", "ay"), ("ay$", "ai"), ("v", "w"), ("w", "v"),
    ("ov$", "off"), ("sky$|skiy$", "skii"), ("(?<=[aeiou])s(?=[aeiou])", "ss"), ("ss", "s"),
)  # fmt: skip
CYRILLIC = (
    ("shch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("ya", "я"),
    ("aye", "ае"), ("ye", "е"), ("iy", "ий"), ("ay", "ай"), ("ey", "ей"), ("oy", "ой"), ("ph", "ф"),
    *zip("abvgdezijklmnopqrstufhcwxy", "абвгдезижклмнопкрстуфхквхы", strict=True),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what is named; prints its findings."""
    parser = argparse.ArgumentParser(description="Measure names.")
    parser.add_argument("what", choices=("merges", "respelled"))
    parser.add_argument("archive", nargs="?", help="the archive whose names are merged")
    options = parser.parse_args(arguments)
    lines = respelled() if options.what == "respelled" else merges(Path(options.archive))
    for line in lines:
        print(line)
    return 0


def merges(folder: Path) -> Iterator[str]:
    """How many names there are, how many are in a pair, and the pairs."""
    with Archive.open(folder) as archive, archive.mentions() as mentions:
        names = names_of(mentions)
    by_key = defaultdict(set)
    for name in names:
        for key in keys(name):
            by_key[key].add(name)
    pairs = {tuple(sorted((a, b))) for group in by_key.values() for a in group for b in group if a < b}
    merged = {name for pair in pairs for name in pair}
    yield f"{len(names):,} distinct names, {len(merged):,} of them in {len(pairs):,} pairs"
    for a, b in sorted(pairs):
        yield f"{a} ~ {b}"


def names_of(mentions: Mentions) -> list[str]:
    """An archive's distinct names, whatever their case, each in its most frequent form."""
    forms: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = mentions._tables.execute("SELECT word, lower, articles FROM words WHERE kind > 0")
    for word, lower, articles in rows:
        forms[lower].append((-articles, word))
    known = mentions.attested(forms)
    return [
        min(found)[1]
        for lower, found in sorted(forms.items())
        if known[lower].is_name and not known[lower].is_ordinary
    ]


def respelled() -> Iterator[str]:
    """Success@1 as spelled, respelled and in Cyrillic, with variants on and off, and the differences."""
    with tempfile.TemporaryDirectory() as folder, Archive.create(Path(folder) / "archive") as archive:
        archive.add(ARTICLES)
        retriever = Retriever(archive)
        with archive.mentions() as mentions:
            names = [name for name in names_of(mentions) if len(name) >= SHORTEST and name[1:].islower()]
        holders = articles_with(archive)
        found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        for name in names:
            right = frozenset().union(*(holders[key] for key in keys(name)))
            own = first_is(retriever, name, right)
            for kind, spelling in spellings(name):
                on, off = (first_is(retriever, spelling, right, parts) for parts in (ALL, NONE))
                found[kind].append((own, on, off))
                if on < own:
                    yield f"lost: {name} asked as {spelling}"
        yield f"{len(names)} names of {len(archive)} articles"
        for kind, rows in found.items():
            own, on, off = (list(column) for column in zip(*rows, strict=True))
            yield (
                f"{kind}: as spelled {mean_of(own)}, respelled {mean_of(on)} with variants, "
                f"{mean_of(off)} without; respelled less as spelled {difference_of(own, on)}, n {len(rows)}"
            )


def articles_with(archive: Archive) -> dict[str, set[str]]:
    """Ids of the articles that have a name, by its keys."""
    holders = defaultdict(set)
    for listed in archive.articles():
        for word, kind in attested([archive.article(listed.id).text]):
            if kind != Kind.PLAIN:
                for key in keys(word):
                    holders[key].add(listed.id)
    return holders


def spellings(name: str) -> Iterator[tuple[str, str]]:
    """The name by each rule that changes it, by all of them, and in Cyrillic."""
    lower = name.lower()
    other = {re.sub(pattern, instead, lower) for pattern, instead in LATIN} - {lower}
    for spelling in sorted(other):
        yield "latin", spelling.capitalize()
    for pattern, instead in CYRILLIC:
        lower = lower.replace(pattern, instead)
    yield "cyrillic", lower.capitalize()


def first_is(retriever: Retriever, name: str, right: frozenset[str], parts=NONE) -> float:
    """1 where the first passage is of one of those articles."""
    hits = retriever.search(QUESTION.format(name=name), 1, parts=parts)
    return float(bool(hits) and hits[0].article_id in right)


if __name__ == "__main__":
    sys.exit(main())
