"""How well furniture is found: precision and recall by line, with 95 % intervals of a bootstrap over the articles.

`python tests/bench/furniture.py [--errors]`: on pages in the manner of five invented outlets (made along with the
rules), and on articles of realtimeqa-2022 labelled by hand. The labels, beside this file, are numbers of paragraphs; a
line is marked where a mark overlaps it, so a call cut out of a line that stays counts as wrong. How each sample came
about:

- `first` (100 articles) and `second` (40): looked at while the rules were written, so tuned on.
- `third` (40, drawn at random): labelled when the rules were done, with their marks in view; one rule came after it.
- `fourth` (40): labelled blind, every line of every article read whole, by someone who had seen the labels above but
  neither the rules nor what they mark here. Drawn by `random.Random(20221122).sample(ids, 40)`, ids being those of no
  earlier sample, sorted. Once a rule is changed for one of its errors, its figures are those of a seen sample.
- `fifth` (40): labelled blind by the same rule, every line read (long finished ones by their beginning and end and
  the words around any that a page uses), after the rules had been changed for `fourth` and before they were run on it.
  Drawn by `random.Random(20221123).sample(ids, 40)`. Separators are listed by their form. A line that holds a call
  beside a statement is under `fifth, mixed`: marked in part it counts as neither, marked whole as wrong.
- `sixth` (40): as the fifth, after the rules had been changed for `fifth`, `random.Random(20221124)`.

The rule that `fourth` to `sixth` were labelled by, written before the first of them was read:

- Furniture: calls to the reader to do something with the outlet or another page (subscribe, follow, share, click,
  write in, watch); menus; cookie, advertising and newsletter notices; controls of players and galleries with the
  headlines they carry; links, "related" and "more" lines, headlines of other articles with or without a label before
  them; bylines, agency, dateline and contact lines ("CNN —", "Contributing: …"); update lines; notices of how the
  text was made, owned or paid for; photo credits; separators ("___", "***").
- Not furniture: statements of the article, its advice to readers, quotations, headings and labels of its sections, its
  lists and tables, captions that state a fact, corrections that state a fact, an author's note ("X is a journalist").
- A line that holds furniture and a statement is not furniture: marking it would lose the statement. In a roundup,
  the items that sum up other articles are its statements; a bare headline between its paragraphs is a link.
- A line that repeats the article's own title is a headline, not furniture.
- Where two readers could differ under this rule (mixed lines, headlines that read as sentences, helplines) the line
  gets the more probable label and is listed under `fourth, unsure`, so that the figures can also be given without it.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from made_outlets import OUTLETS, page  # noqa: E402

from corpus.article import Article  # noqa: E402
from corpus.furniture import find_furniture  # noqa: E402
from corpus.learned import learn  # noqa: E402
from corpus.reading import read_paths  # noqa: E402
from corpus.sentences import paragraphs  # noqa: E402
from qa.evaluate.statistics import statistic_of  # noqa: E402

CORPUS = ROOT.parent / "shared" / "data" / "dev" / "realtimeqa-2022" / "corpus.jsonl"
LABELS = Path(__file__).with_name("furniture-labels.json")
MADE_PAGES = 8  # of each outlet
RESAMPLES = 10_000
UNSURE, MIXED = (
    ", unsure",
    ", mixed",
)  # after a sample's name: lines for the figures without, and lines in part


@dataclass(frozen=True)
class Checked:
    """An article with the numbers of its lines that are labelled, that are marked, and that are marked whole."""

    article: Article
    labelled: frozenset[int]
    marked: frozenset[int]
    whole: frozenset[int]

    def without(self, lines: Iterable[int]) -> "Checked":
        """The same, those lines left out."""
        out = frozenset(lines)
        return Checked(self.article, self.labelled - out, self.marked - out, self.whole - out)

    def without_parts(self, lines: Iterable[int]) -> "Checked":
        """The same, but marks on a part of those lines, which hold a statement too, don't count."""
        parts = frozenset(lines) - self.whole
        return Checked(self.article, self.labelled - parts, self.marked - parts, self.whole)

    def separators(self) -> list[int]:
        """The lines without a letter or digit."""
        spans = enumerate(paragraphs(self.article.text))
        return [at for at, span in spans if not any(map(str.isalnum, span.of(self.article.text)))]


def main() -> None:
    """Prints a line for each sample, and with `--errors` one for each line that is wrongly marked or missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--errors", action="store_true", help="list the lines that are wrongly marked or missed"
    )
    arguments = parser.parse_args()
    report("five made outlets", made(), errors=arguments.errors)
    samples = json.loads(LABELS.read_text())
    apart = {name: samples.pop(name) for name in list(samples) if name.endswith((UNSURE, MIXED))}
    articles = {found.id: found for found in read_paths([CORPUS]) if isinstance(found, Article)}
    by_source = defaultdict(list)
    for article in articles.values():
        by_source[article.source].append(article)
    forms = {source: learn(held) for source, held in by_source.items()}
    for name, labels in samples.items():
        mixed, unsure = apart.get(name + MIXED, {}), apart.get(name + UNSURE, {})
        sample = [
            check(articles[id], labelled, forms[articles[id].source]).without_parts(mixed.get(id, ()))
            for id, labelled in labels.items()
        ]
        report(name, sample, errors=arguments.errors)
        if unsure:
            lines = sum(map(len, unsure.values()))
            sure = [checked.without(unsure.get(checked.article.id, ())) for checked in sample]
            report(f"{name}, less {lines} unsure lines", sure, errors=False)
            worded = [checked.without(checked.separators()) for checked in sure]
            report(f"{name}, less those and separators", worded, errors=False)


def made() -> list[Checked]:
    """The pages of the five outlets; each outlet's lines are learned from its own."""
    sample = []
    for outlet in OUTLETS:
        pages = [page(outlet, number) for number in range(1, MADE_PAGES + 1)]
        forms = learn(article for article, _ in pages)
        for article, expected in pages:
            lines = enumerate(paragraphs(article.text))
            labelled = [number for number, span in lines if span.of(article.text) in expected]
            sample.append(check(article, labelled, forms))
    return sample


def check(article: Article, labelled: Iterable[int], forms: frozenset[str]) -> Checked:
    """The article's marks by line, beside its labels; `forms` are the lines that its outlet repeats."""
    marked, whole = set(), set()
    marks = find_furniture(article, forms)
    for number, span in enumerate(paragraphs(article.text)):
        if any(mark.span.overlaps(span) for mark in marks):
            marked.add(number)
        if any(mark.start <= span.start and span.end <= mark.end for mark in marks):
            whole.add(number)
    return Checked(article, frozenset(labelled), frozenset(marked), frozenset(whole))


def report(name: str, sample: list[Checked], *, errors: bool) -> None:
    """Prints the sample's precision and recall, and the lines that are wrong."""
    rows = np.array(
        [(len(each.labelled & each.marked), len(each.marked), len(each.labelled)) for each in sample]
    )
    precision, recall = (
        statistic_of(lambda drawn, of=of: drawn[:, 0].sum() / drawn[:, of].sum(), rows, resamples=RESAMPLES)
        for of in (1, 2)
    )
    right, marked, labelled = rows.sum(axis=0)
    whole = sum(len(each.whole - each.labelled) for each in sample)
    print(
        f"{name}: {len(sample)} articles, precision {precision}, recall {recall}, {marked} marked, {labelled} "
        f"labelled, {marked - right} wrongly marked ({whole} of them whole), {labelled - right} missed"
    )
    for each in sample if errors else ():
        spans = paragraphs(each.article.text)
        for number in sorted(each.labelled ^ each.marked):
            kind = "missed" if number in each.labelled else "wrong"
            print(f"  {kind} {each.article.id} {number}: {spans[number].of(each.article.text)[:100]}")


if __name__ == "__main__":
    main()
